"""The vendors' oddities: what the contract calls seen by some, or unknown."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Quirk(StrEnum):
    """An oddity that a scenario, or an order at run time, switches on; all are off by default.

    Each has a `line` that says what happens while it is on.
    """

    line: str

    def __new__(cls, name: str, line: str) -> Self:
        """Make a member of its name and its line."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.line = line
        return member

    # Vapi's errors (contract: vapi.md, Errors).
    BARE_ERRORS = "bare-errors", "Vapi's refusals have a message, and neither error nor statusCode."
    LISTED_MESSAGES = "listed-messages", "The message of every refusal of Vapi's is an array."
    WEB_PAGE_ERRORS = "web-page-errors", "An edge turns every refusal of both vendors into HTML."
    RATE_LIMITED = "rate-limited", "Every second request to Vapi is turned away with 429."
    RETRY_AFTER = "retry-after", "Every 429 of both vendors says when to come back."
    FAILS_AFTER_WORK = "fails-after-work", "What Vapi is asked to make is made, and answered 500."
    OTHER_ORG_LIE = "other-org-lie", "Importing a number of ours is told that others use it."
    TWILIO_REFUSAL_PASSED_ON = (
        "twilio-refusal-passed-on",
        "An import with bad Twilio credentials is answered with Twilio's own 401.",
    )
    # Vapi's numbers (contract: vapi.md, Phone numbers).
    PROVIDER_WANTED_IN_PATCH = (
        "provider-wanted-in-patch",
        "A change of a number must name its provider.",
    )
    MASKED_LIST = "masked-list", "Lists of numbers hide their middle figures."
    NULL_LINKS = "null-links", "Links that a number does not have are null, not left out."
    SECRETS_HIDDEN = "secrets-hidden", "Bodies of numbers hold no secret of Twilio's."
    LEGACY_NUMBERS = "legacy-numbers", "Bodies of numbers do not name their Twilio account."
    UNKNOWN_PROVIDER = (
        "unknown-provider",
        "Lists of numbers have one more, of a provider that nobody knows.",
    )
    ACTIVATES_LATER = (
        "activates-later",
        "An imported number is activating for as long as a call lasts.",
    )
    ASSISTANT_FIRST = (
        "assistant-first",
        "A number's assistant takes the call before its squad or its workflow.",
    )
    # What Vapi writes at Twilio, and what callers hear there.
    WEBHOOK_NOT_WRITTEN = "webhook-not-written", "An import leaves the webhook at Twilio alone."
    DELETE_CLEARS_WEBHOOK = (
        "delete-clears-webhook",
        "Deleting a number at Vapi unsets Vapi's addresses at Twilio.",
    )
    EU_WEBHOOK_AT_US_HOST = (
        "eu-webhook-at-us-host",
        "Vapi's US host takes the calls of the EU too, and imports write it.",
    )
    UNLINKED_CANNOT_GET_ASSISTANT = (
        "unlinked-cannot-get-assistant",
        "Callers of an unlinked number are told to set its assistant.",
    )
    # Vapi's assistants and calls.
    ASSISTANT_PINNED = (
        "assistant-pinned",
        "An assistant that a number is linked to is not deleted: 409.",
    )
    UNKNOWN_CALL_STATUS = (
        "unknown-call-status",
        "A call under way is shown with a status that nobody knows.",
    )
    # Twilio (contract: twilio.md).
    SUSPENDED_AS_401 = "suspended-as-401", "A suspended account's pair is refused: 401 20003."
    SUSPENDED_AS_403 = "suspended-as-403", "A suspended account cannot be read: 403 20005."
    KEY_POLICY = "key-policy", "No key can be made: 401 20003, Policy evaluation failed."
    RESTRICTED_KEYS = "restricted-keys", "An API key reads numbers; all else is refused with 70051."
    BALANCE_HIDDEN_FROM_KEYS = (
        "balance-hidden-from-keys",
        "An API key does not see the balance: 401 20003 (inferred).",
    )
    UNSET_IS_NULL = "unset-is-null", "Addresses that a number does not have are null, not empty."
    TRIAL_STREAMS = "trial-streams", "A trial account's calls reach their assistant all the same."
