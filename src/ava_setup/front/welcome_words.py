"""What is said first: what this is, and what is needed."""

from __future__ import annotations

from ava_setup.words import _

PROMISE = _(
    "Ava answers your phone when you cannot: she greets your callers, takes their "
    "message and notes what they need."
)
AT_HAND = _("Have three things at hand. It takes about 3 minutes:")
NEEDS = (
    _("1. your e-mail address: one, asked once;"),
    _("2. your Vapi private key (dashboard.vapi.ai, API Keys);"),
    _("3. your Twilio Account SID and Auth Token (console.twilio.com)."),
)
NOTHING_YET = _("Nothing is changed at Vapi or Twilio before you say so. You can stop at any time.")
WHICH = _("Which business?")
ANOTHER = _("Another business")
