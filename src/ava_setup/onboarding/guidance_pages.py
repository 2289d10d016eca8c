"""What help says about each step and page as a whole, and about each of the doctor's checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.checks import TABLE
from ava_setup.onboarding.guidance import FIELDS, Guidance
from ava_setup.onboarding.searching import Entry
from ava_setup.onboarding.steps import StepId, step
from ava_setup.onboarding.verdicts import CheckId
from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from collections.abc import Iterator


def _of_step(
    step_id: StepId, where: Text, use: Text, example: Text = NOTHING
) -> tuple[str, Guidance]:
    known = step(step_id)
    return step_id.value, Guidance(known.title, known.purpose, where, example, use)


# By the id of the screen that each explains.
PAGES: dict[str, Guidance] = dict(
    (
        _of_step(
            StepId.WELCOME,
            _(
                "Have at hand: dashboard.vapi.ai (Europe: dashboard.eu.vapi.ai) and "
                "console.twilio.com, open and signed in."
            ),
            _("Nothing is changed at Vapi or Twilio before you say so. You can stop at any time."),
        ),
        _of_step(
            StepId.BUSINESS,
            _("All of it is yours to say; only the name and the e-mail have to be typed."),
            _("Ava's greeting and instructions are written from it. Nothing leaves yet."),
        ),
        _of_step(
            StepId.VAPI,
            FIELDS["vapi-key"].where,
            _("The key is tried, and your assistants are listed. Nothing is changed at Vapi."),
        ),
        _of_step(
            StepId.ASSISTANT,
            _("Left, who there is; right, what callers will hear."),
            _("A ready-made Ava is created when you go live; until then, nothing changes at Vapi."),
        ),
        _of_step(
            StepId.TWILIO,
            FIELDS["account-sid"].where,
            _("The pair is tried, and your numbers are listed. Nothing is changed at Twilio."),
            _("Paste both values at once: each goes to its own field."),
        ),
        _of_step(
            StepId.NUMBER,
            FIELDS["numbers"].where,
            _(
                "Once you go live, Vapi is told of the number and of the assistant, and Twilio "
                "sends its calls to Vapi. Nothing is changed before the review."
            ),
        ),
        _of_step(
            StepId.REVIEW,
            _("Enter on a line opens the step that asks it; Continue there comes straight back."),
            _(
                "“Go live” does what the marked lines say, each once. What stood before is kept, "
                "and F8 puts it back."
            ),
        ),
        _of_step(
            StepId.PROOF,
            _("Ring the number from any phone, or point a phone's camera at the code."),
            _("Both vendors are read back, and the first call is awaited. Nothing is changed."),
        ),
    )
) | {
    "undo": Guidance(
        _("Undo"),
        _("What was made or changed at Vapi and Twilio, and what taking it back does."),
        _("All of it is listed with today's value and the earlier one."),
        NOTHING,
        _("Only what we made or changed is touched; what others changed since stays."),
    ),
    "doctor": Guidance(
        _("Doctor"),
        _("What callers hear, why, and how to mend it."),
        _("Up and down arrows pick a line; F1 on it says where that is set at the vendor."),
        NOTHING,
        _("Looking changes nothing. Each change is shown first, and can be undone with F8."),
    ),
    "more": Guidance(
        _("More"),
        _("Rarely needed: both can stay empty."),
    ),
    "change": Guidance(
        _("Change something"),
        _("Every answer can be changed; what is already linked stays until you say so."),
    ),
    "ring": FIELDS["callee"],
    "consent": Guidance(
        _("A question"),
        _("Something would change that others may notice, or that costs money."),
        NOTHING,
        NOTHING,
        _("The first button means no, and changes nothing. So does Escape."),
    ),
}

_ASSISTANT = _("dashboard.vapi.ai (Europe: dashboard.eu.vapi.ai), Assistants")
_VAPI_NUMBER = _("dashboard.vapi.ai (Europe: dashboard.eu.vapi.ai), Phone Numbers, your number")
_NUMBER = _("console.twilio.com, Phone Numbers, Manage, Active numbers, your number")


def _at(place: Text, setting: Text) -> Text:
    return Text("{place}, {setting}", (("place", place), ("setting", setting)))


# Where the owner can see for himself what a check is about.
_SEEN: dict[CheckId, Text] = {
    CheckId.REACHED: _("This computer's network. Outages: status.vapi.ai and status.twilio.com"),
    CheckId.VAPI_KEY: FIELDS["vapi-key"].where,
    CheckId.ASSISTANT: _ASSISTANT,
    CheckId.FIRST_WORDS: _at(_ASSISTANT, _("First Message")),
    CheckId.VOICE: _at(_ASSISTANT, _("Voice")),
    CheckId.HEARING: _at(_ASSISTANT, _("Transcriber")),
    CheckId.QUIET: _at(_ASSISTANT, _("Background Sound")),
    CheckId.RECORDING: _at(_ASSISTANT, _("Audio Recording")),
    CheckId.TWILIO_KEY: FIELDS["account-sid"].where,
    CheckId.ACCOUNT: _("console.twilio.com, on the first page: a trial shows “Upgrade”."),
    CheckId.BALANCE: _("console.twilio.com, Billing"),
    CheckId.NUMBER: _NUMBER,
    CheckId.IMPORTED: _VAPI_NUMBER,
    CheckId.LINKED: _at(_VAPI_NUMBER, _("Inbound Settings, Assistant")),
    CheckId.ROUTED: _at(_NUMBER, _("Voice Configuration, “A call comes in”")),
    CheckId.VOICE_REGION: _at(_NUMBER, _("Voice Configuration, Region")),
    CheckId.MESSAGES: _at(_NUMBER, _("Messaging Configuration, “A message comes in”")),
    CheckId.FALLBACK: _at(_VAPI_NUMBER, _("Fallback Destination")),
    CheckId.FAILURES: _("console.twilio.com, Monitor, Logs, Errors"),
    CheckId.SECRETS: _("In this computer's keyring, or in a file that only you can read."),
}

CHECKS: dict[CheckId, Guidance] = {
    check_id: Guidance(
        _("Doctor: {question}", question=row.question), row.explained, _SEEN[check_id]
    )
    for check_id, row in TABLE.items()
}


def topics() -> Iterator[Entry[Guidance]]:
    """Give all that help knows, to be searched: fields, pages, checks."""
    for one in dict.fromkeys((*FIELDS.values(), *PAGES.values(), *CHECKS.values())):
        yield Entry(one, one.title, tuple(one.lines()))
