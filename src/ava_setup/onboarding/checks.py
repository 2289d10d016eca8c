"""What must be true for a caller to hear Ava: one table of checks over the facts read so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.onboarding import (
    checks_at_twilio as at_twilio,
    checks_at_vapi as at_vapi,
    checks_here as here,
)
from ava_setup.onboarding.verdicts import Check, CheckId, Judged, Verdict
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ava_setup.onboarding.facts import Facts


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table.

    Attributes:
        question: What it is about, in a few words.
        explained: What it asks, and why it matters.
        judge: How the facts answer it.
    """

    question: Text
    explained: Text
    judge: Callable[[Facts], Judged]


TABLE: dict[CheckId, Row] = {
    CheckId.REACHED: Row(
        _("Connection"),
        _("Whether this computer reaches Vapi and Twilio, over an encrypted connection."),
        at_twilio.reached,
    ),
    CheckId.VAPI_KEY: Row(
        _("Vapi key"),
        _("Whether Vapi takes the key, and in which of its two regions, US or EU."),
        at_vapi.key,
    ),
    CheckId.ASSISTANT: Row(
        _("Assistant"),
        _("Whether the assistant that is to answer exists at Vapi."),
        at_vapi.exists,
    ),
    CheckId.FIRST_WORDS: Row(
        _("First words"),
        _("What callers hear first. Without them they meet silence, and hang up."),
        at_vapi.first_words,
    ),
    CheckId.VOICE: Row(
        _("Voice"),
        _("Whether the assistant's voice speaks the language of your callers."),
        at_vapi.voice,
    ),
    CheckId.HEARING: Row(
        _("Understanding"),
        _("Whether the assistant understands the language of your callers."),
        at_vapi.hearing,
    ),
    CheckId.QUIET: Row(
        _("Background noise"),
        _("Vapi adds the noise of an office to phone calls unless it is switched off."),
        at_vapi.quiet,
    ),
    CheckId.RECORDING: Row(
        _("Recording"),
        _("Vapi records calls unless it is told not to. The law asks you to tell callers."),
        at_vapi.recording,
    ),
    CheckId.TWILIO_KEY: Row(
        _("Twilio credentials"),
        _("Whether Twilio takes them, and in which of its regions."),
        at_twilio.credentials,
    ),
    CheckId.ACCOUNT: Row(
        _("Twilio account"),
        _("Whether it is active. A trial account cannot carry a live conversation."),
        at_twilio.account,
    ),
    CheckId.BALANCE: Row(
        _("Balance"),
        _("Whether there is money on the Twilio account: without it the line goes dead."),
        at_twilio.balance,
    ),
    CheckId.NUMBER: Row(
        _("Number at Twilio"),
        _("Whether the number is in the account and takes voice calls."),
        at_twilio.number,
    ),
    CheckId.IMPORTED: Row(
        _("Number at Vapi"),
        _("Whether Vapi knows the number, and has it active."),
        at_vapi.imported,
    ),
    CheckId.LINKED: Row(
        _("Link"),
        _("Whether the number is linked to the assistant. If not, callers hear an error."),
        at_vapi.linked,
    ),
    CheckId.ROUTED: Row(
        _("Calls"),
        _("Where Twilio sends the number's calls. Only Vapi can have Ava answer them."),
        at_twilio.routed,
    ),
    CheckId.VOICE_REGION: Row(
        _("Region of the calls"),
        _("In which region Twilio handles the calls: the settings of another do not count."),
        at_twilio.voice_region,
    ),
    CheckId.MESSAGES: Row(
        _("Messages"),
        _("Whether the number's text messages still go where they went."),
        at_twilio.messages,
    ),
    CheckId.FALLBACK: Row(
        _("If Ava cannot"),
        _("Whom Vapi rings when no assistant can be had, so that no caller is lost."),
        at_vapi.fallback,
    ),
    CheckId.FAILURES: Row(
        _("Recent calls"),
        _("What Twilio's debugger says of the number's latest calls."),
        at_twilio.failures,
    ),
    CheckId.SECRETS: Row(
        _("Keys here"),
        _("Where this computer keeps the keys."),
        here.secrets,
    ),
}

# What a link is proven by: each must pass before success is said.
LINK_CHECKS = (
    CheckId.ASSISTANT,
    CheckId.ACCOUNT,
    CheckId.NUMBER,
    CheckId.IMPORTED,
    CheckId.LINKED,
    CheckId.ROUTED,
)


def judge(facts: Facts, which: Iterable[CheckId] = LINK_CHECKS) -> tuple[Check, ...]:
    """Judge checks by the facts read so far."""

    def check(check_id: CheckId) -> Check:
        row = TABLE[check_id]
        said = row.judge(facts)
        return Check(check_id, said.verdict, said.detail, said.remedy, row.question, said.how)

    return tuple(check(check_id) for check_id in which)


def all_passed(checks: tuple[Check, ...]) -> bool:
    """Whether a caller would hear Ava: every check passed, none is unread or in doubt."""
    return bool(checks) and all(check.verdict is Verdict.PASSED for check in checks)
