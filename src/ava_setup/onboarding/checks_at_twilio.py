"""The checks about Twilio: the credentials, the account, the number and where its calls go."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ava_setup.onboarding.catalogue import Action, ErrorCode
from ava_setup.onboarding.credentials import AccountKind, AccountStatus, TwilioRegion
from ava_setup.onboarding.debugger import in_plain_words
from ava_setup.onboarding.facts import Absent, Found, Unknown, Unread, leads_to_vapi
from ava_setup.onboarding.number import TargetKind, is_vapis
from ava_setup.onboarding.verdicts import (
    WAITING,
    Judged,
    failed,
    failed_by,
    in_doubt,
    judged,
    noted,
    passed,
)
from ava_setup.words import Text, _, verbatim

if TYPE_CHECKING:
    from ava_setup.onboarding.calls import CallFailure
    from ava_setup.onboarding.credentials import TwilioAccount
    from ava_setup.onboarding.facts import Facts
    from ava_setup.onboarding.number import Target, TwilioNumber, TwimlApp

# Some hours of calls; below it Twilio may stop the line within days.
LOW_BALANCE = Decimal(2)

REGION_NAMES: dict[str, Text] = {
    "us1": _("the United States"),
    "ie1": _("Ireland"),
    "au1": _("Australia"),
}
_REFUSALS = frozenset(
    {
        ErrorCode.TWILIO_REFUSED,
        ErrorCode.TWILIO_USERNAME_INVALID,
        ErrorCode.TWILIO_TEST_CREDENTIALS,
        ErrorCode.TWILIO_KEY_LIMITED,
    }
)
_CLOSED = frozenset({ErrorCode.TWILIO_SUSPENDED, ErrorCode.TWILIO_CLOSED})
_NOT_SAID = _("Twilio does not say.")
_NOT_THERE = _("Not in this Twilio account.")
_ANOTHER = _("Use the credentials of another Twilio account.")
_TOP_UP = _("Top up the Twilio account: console.twilio.com, Billing.")
_ENTER = _("Start ava-setup and enter the Twilio credentials: all else is kept.")


def credentials(facts: Facts) -> Judged:
    """Judge the Twilio credentials."""
    match facts.twilio:
        case Unknown(problem) if problem.code in _REFUSALS:
            return failed_by(problem, Action.ENTER_TWILIO)
        case Unknown(problem) if problem.code in _CLOSED:
            return passed(_("Accepted."))
        case Found(region) if region in {TwilioRegion.IE1, TwilioRegion.AU1}:
            return passed(
                _("Accepted: they belong to {region}.", region=REGION_NAMES[region.value])
            )
    return judged(
        facts.twilio,
        failed(_("There are no Twilio credentials."), Action.ENTER_TWILIO, _ENTER),
        lambda _region: passed(_("Accepted.")),
    )


def account(facts: Facts) -> Judged:
    """Judge the Twilio account."""
    match facts.account:
        case Unknown(problem) if problem.code in _CLOSED:
            return failed_by(problem, Action.SEE_TWILIO)

    def judge(account: TwilioAccount) -> Judged:
        if account.status is AccountStatus.SUSPENDED:
            return failed(_("The account is suspended."), Action.SEE_TWILIO, _TOP_UP)
        if account.status is AccountStatus.CLOSED:
            return failed(_("The account is closed."), Action.SEE_TWILIO, _ANOTHER)
        if account.kind is AccountKind.TRIAL:
            detail = _("A trial account cannot carry a live conversation.")
            return failed(
                detail,
                Action.SEE_TWILIO,
                _("Upgrade the Twilio account: console.twilio.com, Upgrade."),
            )
        if account.status is AccountStatus.HIDDEN:
            return passed(_("Accepted (details are not visible with an API key)."))
        return passed(verbatim(account.name or account.sid))

    return judged(facts.account, failed(_("The account does not exist."), how=_ANOTHER), judge)


def balance(facts: Facts) -> Judged:
    """Judge whether the money lasts."""

    def judge(account: TwilioAccount) -> Judged:
        if account.balance_amount is None:
            return _without_balance(account)
        if account.balance_amount < LOW_BALANCE:
            detail = _("Only {amount} left.", amount=account.left)
            return failed(detail, Action.SEE_TWILIO, _TOP_UP)
        return passed(account.left)

    return judged(facts.account, in_doubt(_NOT_SAID), judge)


def _without_balance(account: TwilioAccount) -> Judged:
    if account.is_subaccount:
        return noted(_("A sub-account has no balance of its own: the main account pays."))
    hidden = account.status is AccountStatus.HIDDEN
    return in_doubt(_("Not visible with an API key.") if hidden else _NOT_SAID)


def number(facts: Facts) -> Judged:
    """Judge the number at Twilio."""

    def judge(number: TwilioNumber) -> Judged:
        if number.receives_fax:
            how = _("At console.twilio.com, open the number and have it accept voice calls.")
            return failed(_("This number is set to receive faxes."), Action.SEE_TWILIO, how)
        if not number.has_voice:
            how = _("Choose a number with voice, or buy one: console.twilio.com, Phone Numbers.")
            return failed(_("This number takes no voice calls."), Action.CHOOSE_NUMBER, how)
        return passed(_("In the account, with voice."))

    absent = failed(
        _NOT_THERE,
        Action.CHOOSE_NUMBER,
        _("Use the credentials of the account that has the number."),
    )
    if isinstance(facts.twilio_number, Absent) and isinstance(facts.subaccount, Found):
        name = facts.subaccount.value.account_name or facts.subaccount.value.account_sid
        absent = failed(
            _("It is in the sub-account {name}.", name=name),
            Action.ENTER_TWILIO,
            _("Use the sub-account's own credentials: console.twilio.com, Subaccounts."),
        )
    return judged(facts.twilio_number, absent, judge)


def routed(facts: Facts) -> Judged:
    """Judge where Twilio sends the calls."""
    if not facts.written:
        return WAITING

    def judge(number: TwilioNumber) -> Judged:
        target = number.target
        if target.kind is TargetKind.APPLICATION:
            return _through(facts)
        if not target.is_vapi:
            return failed(_sent_to(target), _redirected_by(facts, target))
        if number.voice_method != "POST":
            return failed(_("Twilio calls Vapi with GET; POST is needed."), Action.POINT)
        return passed(_("Twilio sends the calls to Vapi."))

    return judged(facts.twilio_number, failed(_NOT_THERE), judge)


def _redirected_by(facts: Facts, target: Target) -> Action:
    """Say what would have the calls go to Vapi."""
    match target.kind:
        case TargetKind.NO_VOICE:
            return Action.NONE
        case TargetKind.TRUNK:
            return Action.POINT
    # What is not at Vapi yet is pointed there by its import.
    return Action.POINT if isinstance(facts.vapi_number, Found) else Action.LINK


def _sent_to(target: Target) -> Text:
    if target.kind is TargetKind.NO_VOICE:
        return _("No voice calls come in that could be sent to Vapi.")
    if target.kind is TargetKind.DEMO:
        return _("Twilio still plays its demo greeting.")
    if target.kind is TargetKind.NOTHING:
        return _("Twilio sends the calls nowhere.")
    if target.kind is TargetKind.TUNNEL:
        return _(
            "Twilio sends the calls to {host}, a tunnel to somebody's computer.", host=target.host
        )
    return _("Twilio sends the calls to {target}.", target=target.words)


def _through(facts: Facts) -> Judged:
    """Judge a number whose voice a TwiML app owns: what counts is where the app points."""

    def judge(app: TwimlApp) -> Judged:
        name = app.name or app.sid
        if leads_to_vapi(facts.application):
            return passed(_("The TwiML app {name} sends the calls to Vapi.", name=name))
        return failed(
            _(
                "The TwiML app {name} sends the calls to {target}.",
                name=name,
                target=app.target.words,
            ),
            Action.POINT,
        )

    return judged(facts.application, failed(_("Its TwiML app is deleted."), Action.POINT), judge)


def messages(facts: Facts) -> Judged:
    """Judge whether the number's messages were taken over by an import."""

    def judge(number: TwilioNumber) -> Judged:
        if is_vapis(number.sms_url):
            return noted(_("Vapi takes the messages as well: an import by hand did that."))
        return passed(_("Left as they are."))

    return judged(facts.twilio_number, in_doubt(_NOT_THERE), judge)


def voice_region(facts: Facts) -> Judged:
    """Judge whether another Twilio region handles the calls than the one looked at."""

    def judge(region: str) -> Judged:
        looked_at = facts.twilio.value if isinstance(facts.twilio, Found) else TwilioRegion.US1
        name = REGION_NAMES.get(region, verbatim(region))
        if looked_at is TwilioRegion.CUSTOM or region == looked_at.value:
            return passed(_("Handled in {region}.", region=name))
        here = REGION_NAMES.get(looked_at.value, verbatim(looked_at.value))
        return failed(
            _("Handled in {region}, where these settings do not count.", region=name),
            Action.SEE_TWILIO,
            _(
                "At console.twilio.com, open the number and route its calls to {region}.",
                region=here,
            ),
        )

    return judged(facts.voice_region, in_doubt(_NOT_SAID), judge)


def failures(facts: Facts) -> Judged:
    """Judge what Twilio's debugger says of the latest calls."""

    def judge(failures: tuple[CallFailure, ...]) -> Judged:
        if not failures:
            return passed(_("None has failed in the last days."))
        return noted(
            _(
                "Failed in the last days: {count}. The latest: {why} ({code})",
                count=len({one.call_sid for one in failures}),
                why=in_plain_words(failures[0].code),
                code=failures[0].code or "?",
            )
        )

    return judged(facts.failures, in_doubt(_NOT_SAID), judge)


def reached(facts: Facts) -> Judged:
    """Judge whether both vendors can be reached at all."""
    readings = (facts.vapi, facts.twilio)
    for reading in readings:
        match reading:
            case Unknown(problem) if problem.code in _UNREACHED:
                return failed_by(problem, Action.RETRY)
    if any(isinstance(reading, Unread) for reading in readings):
        return WAITING
    if any(isinstance(reading, Absent) for reading in readings):
        return in_doubt(_("Without its key or credentials, a vendor is not asked."))
    return passed(_("Vapi and Twilio both answer."))


# Nobody answered, or somebody else did in the vendor's place.
_UNREACHED = frozenset(
    {
        ErrorCode.UNREACHABLE,
        ErrorCode.TIMED_OUT,
        ErrorCode.INTERRUPTED,
        ErrorCode.REDIRECTED,
        ErrorCode.UNINTELLIGIBLE,
        ErrorCode.FORBIDDEN,
    }
)
