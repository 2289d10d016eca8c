"""Answer files for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ava_setup.sandbox.announcement import Announcement

HEAD = "version = 1\n"


def business(
    name: str = "martin",
    *,
    number: str = "+33199001234",
    account_sid: str = f"AC{'5a' * 16}",
    more: str = "",
) -> str:
    """Write one business; secrets come from `VAPI_KEY` and `TWILIO_TOKEN`."""
    return f"""
[[business]]
name = "{name}"

[business.profile]
business_name = "Plomberie Martin"
email = "contact@plomberie-martin.example"
trade = "plumber"
opening_hours = "lun-ven 9h-18h"

[business.vapi]
key = {{ env = "VAPI_KEY" }}

[business.twilio]
account_sid = "{account_sid}"
auth_token = {{ env = "TWILIO_TOKEN" }}

[business.phone]
number = "{number}"
{more}
"""


def of(told: Announcement, name: str = "martin", number: str = "", more: str = "") -> str:
    """Write a whole file for the sandbox, of one business."""
    return HEAD + business(
        name, number=number or told.number, account_sid=told.twilio_account_sid, more=more
    )
