"""What going live is to do, worked out from facts alone before any of it is done."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING

from ava_setup.onboarding import journal
from ava_setup.onboarding.assistant import (
    Assistant,
    AssistantDraft,
    AssistantMends,
    voice_name,
)
from ava_setup.onboarding.composing import compose, suggested_name
from ava_setup.onboarding.errors import ErrorCode, Problem
from ava_setup.onboarding.facts import Absent, Found, Unknown
from ava_setup.onboarding.hours_said import as_read
from ava_setup.onboarding.keymaker import key_name
from ava_setup.onboarding.linking import (
    Ask,
    Import,
    Keep,
    Refuse,
    Relink,
    plan_link,
    wanted_assistant,
)
from ava_setup.onboarding.number import TwilioNumber, is_vapis, spaced
from ava_setup.onboarding.outcome import Consent, Outcome
from ava_setup.onboarding.profile import CALLERS_LANGUAGE_NAMES, TRADE_NAMES, is_offered
from ava_setup.onboarding.retelling import Retelling, retold
from ava_setup.onboarding.review_rows import (
    Blocks,
    Creates,
    Effect,
    Replaces,
    Review,
    Row,
    RowId,
    Stays,
)
from ava_setup.onboarding.sources import TYPED, Origin, Source
from ava_setup.onboarding.state import ChosenAssistant, DraftedAssistant, Region
from ava_setup.onboarding.steps import StepId
from ava_setup.words import Text, _, verbatim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ava_setup.onboarding.linking import LinkFacts, LinkPlan
    from ava_setup.onboarding.profile import Profile
    from ava_setup.onboarding.state import Saved, State

_NOTHING = _("nothing")
_VAPI = verbatim("Vapi")
# Of a paragraph that changes, its beginning says which one it is, and often what changes.
_PARAGRAPH_MAX = 80
_ORGANISATIONS = {
    Region.US: _("account in the United States"),
    Region.EU: _("account in Europe"),
    Region.CUSTOM: _("at an address of your own"),
}


def review(state: State, facts: LinkFacts) -> Review:
    """Show every setting, and every write that going live will make. Pure and total.

    Args:
        state: What was chosen.
        facts: What both vendors hold, as just read.
    """
    facts = foreseen(state, facts)
    readings = (facts.assistants, facts.account, facts.twilio_number, facts.vapi_number)
    unread = next((one.problem for one in readings if isinstance(one, Unknown)), None)
    rows = _Reviewer(state, facts).rows()
    return Review(tuple(_attributed(row, state) for row in rows), unread)


def _attributed(row: Row, state: State) -> Row:
    """Name the answer file where a value is still as it was filled in from there."""
    part = _PARTS.get(row.step)
    if state.live.filled_in is None or part is None or row.source.origin not in _GIVEN:
        return row
    saved, file = state.live.filled_in
    if getattr(saved, part) != getattr(state.saved, part):
        return row
    return replace(row, source=file)


_GIVEN = frozenset({Origin.TYPED, Origin.PICKED})
_PARTS = {StepId.BUSINESS: "profile", StepId.ASSISTANT: "assistant", StepId.NUMBER: "number"}


def foreseen(state: State, facts: LinkFacts) -> LinkFacts:
    """See the facts as they are to be when the number is linked: with the assistant then made."""
    choice = state.saved.assistant
    match choice, facts.assistants:
        case DraftedAssistant(of=assistant_id), _ if assistant_id:
            return replace(facts, chosen=assistant_id)
        case DraftedAssistant(draft=draft), Found(listed):
            made = Assistant(
                draft.create_id,
                draft.name,
                first_message=draft.first_message,
                business_id=draft.business_id,
            )
            return replace(facts, chosen=made.id, assistants=Found((*listed, made)))
        case ChosenAssistant(id=assistant_id), _:
            return replace(facts, chosen=assistant_id)
        case _:
            return facts


def wanted_fallback(saved: Saved) -> str | None:
    """Give the telephone that is to ring when Ava cannot answer; None leaves what there is."""
    profile, number = saved.profile, saved.number
    if profile is None or number is None or profile.fallback_number == number.number:
        return None
    outdated = saved.linked is not None and saved.linked.outdated
    return profile.fallback_number if profile.fallback_number or outdated else None


class _Reviewer:
    """One review."""

    def __init__(self, state: State, facts: LinkFacts) -> None:
        self._state = state
        self._saved = state.saved
        self._facts = facts
        self._plan: LinkPlan = plan_link(replace(facts, consents=frozenset(Consent)))
        self._retelling = self._retold()

    def rows(self) -> Iterator[Row]:
        """Give the rows, in the order of the steps."""
        profile = self._saved.profile
        if profile is not None:
            yield from self._of_business(profile)
        yield from self._of_vapi()
        choice = self._saved.assistant
        if isinstance(choice, DraftedAssistant):
            if profile is not None:
                yield from self._of_draft(choice.draft, profile)
        else:
            yield from self._of_existing()
        yield from self._of_twilio()
        yield from self._of_number()

    # The business

    def _of_business(self, profile: Profile) -> Iterator[Row]:
        first = self._state.live.at_start
        before = first.profile if first else None

        def source(name: str) -> Source:
            value = getattr(profile, name)
            if before is not None and getattr(before, name) == value:
                return Source(Origin.BEFORE)
            return Source(Origin.DEFAULT) if is_offered(name, value) else TYPED

        named = _("{name} ({trade})", name=profile.business_name, trade=TRADE_NAMES[profile.trade])
        yield Row(RowId.BUSINESS, _("Business"), named, source("business_name"), StepId.BUSINESS)
        yield Row(
            RowId.EMAIL,
            _("E-mail"),
            verbatim(profile.admin_email),
            source("admin_email"),
            StepId.BUSINESS,
            self._told("admin_email"),
        )
        hours = as_read(profile.opening_hours)
        yield Row(RowId.HOURS, _("Opening hours"), hours, source("opening_hours"), StepId.BUSINESS)
        yield Row(
            RowId.LANGUAGE,
            _("Callers' language"),
            CALLERS_LANGUAGE_NAMES[profile.callers_language],
            source("callers_language"),
            StepId.BUSINESS,
            self._speaks(),
        )

    def _retold(self) -> Retelling:
        """Give what an assistant of ours is to be told of its business."""
        there, profile = self._chosen, self._saved.profile
        match self._saved.assistant:
            case ChosenAssistant(outdated=True) as choice if there and profile:
                return retold(there, choice, profile)
            case _:
                return Retelling(AssistantMends())

    def _told(self, fact: str, mend: str = "") -> Effect:
        """Say what becomes of what an assistant of ours carries.

        Args:
            fact: Names it in the assistant.
            mend: Names it in what is written, if otherwise.
        """
        after = getattr(self._retelling.mends, mend or fact)
        if after is None:
            return Stays()
        return Replaces(_or_nothing(getattr(self._chosen, fact)), _or_nothing(after))

    @property
    def _base(self) -> AssistantDraft | None:
        """What the assistant that is to answer was made from here, if it was."""
        choice = self._saved.assistant
        return choice.draft if isinstance(choice, ChosenAssistant) else None

    def _speaks(self) -> Effect:
        """Say whether an assistant of ours is to speak another language."""
        wanted, base = self._retelling.mends.language, self._base
        if wanted is None or base is None:
            return Stays()
        return Replaces(CALLERS_LANGUAGE_NAMES[base.language], CALLERS_LANGUAGE_NAMES[wanted])

    # Vapi

    def _of_vapi(self) -> Iterator[Row]:
        connection = self._saved.connection
        if connection is not None:
            source = self._state.live.vapi_source or Source(Origin.BEFORE)
            where = _ORGANISATIONS[connection.region]
            yield Row(RowId.VAPI, _("Vapi key"), where, source, StepId.VAPI)

    @property
    def _chosen(self) -> Assistant | None:
        """The assistant that is to answer, when it is listed."""
        listed = self._facts.assistants.value if isinstance(self._facts.assistants, Found) else ()
        return wanted_assistant(self._facts.chosen, listed, self._facts.business_id)

    def _of_draft(self, draft: AssistantDraft, profile: Profile) -> Iterator[Row]:
        ready = compose(profile)

        def row(row_id: RowId, setting: Text, value: Text, effect: Effect, *, own: bool) -> Row:
            source = TYPED if own else Source(Origin.DEFAULT)
            return Row(row_id, setting, value, source, StepId.ASSISTANT, effect)

        name, made = verbatim(draft.name), Creates(_("with the assistant"))
        there = self._chosen if self._is_renewal else None
        own_name = draft.name != suggested_name(profile)
        yield row(
            RowId.ASSISTANT,
            _("Assistant"),
            name,
            Replaces(verbatim(there.label), name) if there else Creates(_("created at Vapi")),
            own=own_name,
        )
        own_words = (draft.greeting, draft.instructions) != (ready.greeting, ready.instructions)
        words = verbatim(draft.first_message)
        yield row(RowId.GREETING, _("First words"), words, made, own=own_words)
        yield row(RowId.VOICE, _("Voice"), voice_name(draft.voice), made, own=False)
        recorded = Creates(_("calls are recorded and kept at Vapi")) if draft.recorded else Stays()
        yield row(
            RowId.RECORDING,
            _("Recording"),
            _yes_or_no(yes=draft.recorded),
            recorded,
            own=draft.recorded,
        )
        if draft.webhook_url:
            yield Row(
                RowId.WEBHOOK,
                _("Web address for calls"),
                verbatim(draft.webhook_url),
                TYPED,
                StepId.BUSINESS,
                Creates(_("Vapi tells it of every call")),
            )

    @property
    def _is_renewal(self) -> bool:
        """Whether an assistant that is there becomes as drafted."""
        choice = self._saved.assistant
        return isinstance(choice, DraftedAssistant) and bool(choice.of)

    def _of_existing(self) -> Iterator[Row]:
        choice, there = self._saved.assistant, self._chosen
        first = self._state.live.at_start
        if isinstance(choice, ChosenAssistant):
            name, source = verbatim(choice.name), Source(Origin.PICKED)
            if choice.auto_linked:
                source = Source(Origin.AUTOMATIC)
            elif first is not None and first.assistant == choice:
                source = Source(Origin.BEFORE)
            elif choice.id in journal.assistants_made(self._saved):
                source = TYPED
        else:
            name = verbatim(there.label) if there else _("none yet")
            source = Source(Origin.AUTOMATIC)
        becomes = self._told("name")
        missing = self._missing()
        yield Row(
            RowId.ASSISTANT,
            _("Assistant"),
            becomes.after if isinstance(becomes, Replaces) else name,
            source,
            StepId.ASSISTANT,
            becomes if isinstance(missing, Stays) else missing,
        )
        if there is None:
            return
        held = Source(Origin.VAPI)
        yield from self._of_words(there, held)
        yield Row(
            RowId.RECORDING,
            _("Recording"),
            _yes_or_no(yes=there.is_recorded),
            held,
            StepId.ASSISTANT,
        )
        effect = self._told("webhook_url")
        if isinstance(effect, Replaces):
            setting = _("Web address for calls")
            yield Row(RowId.WEBHOOK, setting, effect.after, TYPED, StepId.BUSINESS, effect)

    def _of_words(self, there: Assistant, held: Source) -> Iterator[Row]:
        """Say what an assistant tells callers, and which of its words follow the business."""
        greets = self._told("first_message", "opening_words")
        words = verbatim(there.first_message) if there.first_message else _("waits for the caller")
        if isinstance(greets, Replaces):
            words, held = greets.after, Source(Origin.AUTOMATIC)
        yield Row(RowId.GREETING, _("First words"), words, held, StepId.ASSISTANT, greets)
        told = self._retelling
        if told.paragraph or told.keeps_own:
            yield self._of_instructions(told)
        voice, base = told.mends.voice, self._base
        if voice is not None and base is not None and voice is not base.voice:
            becomes = Replaces(voice_name(base.voice), voice_name(voice))
            by_itself = Source(Origin.AUTOMATIC)
            yield Row(RowId.VOICE, _("Voice"), becomes.after, by_itself, StepId.ASSISTANT, becomes)

    def _of_instructions(self, told: Retelling) -> Row:
        """Say how far instructions follow; what the owner wrote is never changed unasked."""
        effect: Effect = Stays()
        value = _("your own words: see that they still hold")
        if told.paragraph is not None:
            own = _("brought up to date, your own words stay")
            value = own if told.keeps_own else _("brought up to date")
            before, after = told.paragraph
            effect = Replaces(_in_short(before), _in_short(after))
        origin = Source(Origin.VAPI if told.paragraph is None else Origin.AUTOMATIC)
        return Row(RowId.INSTRUCTIONS, _("Instructions"), value, origin, StepId.ASSISTANT, effect)

    def _missing(self) -> Effect:
        """Say that nobody could answer, when that is so."""
        match self._facts.assistants:
            case Found(()):
                return Blocks(Problem(ErrorCode.ASSISTANT_REQUIRED).what)
            case Found() if self._chosen is None:
                return Blocks(Problem(ErrorCode.ASSISTANT_GONE).what)
            case _:
                return Stays()

    # Twilio

    def _of_twilio(self) -> Iterator[Row]:
        access, profile = self._saved.twilio, self._saved.profile
        if access is None:
            return
        source = self._state.live.twilio_source or Source(Origin.BEFORE)
        name = verbatim(access.account_name or access.account_sid)
        yield Row(
            RowId.TWILIO, _("Twilio account"), name, source, StepId.TWILIO, self._of_account()
        )
        if self._saved.own_key and not access.key_sid and profile is not None:
            yield Row(
                RowId.API_KEY,
                _("API key"),
                verbatim(key_name(profile.business_name)),
                Source(Origin.PICKED),
                StepId.TWILIO,
                Creates(_("made at Twilio; the auth token is then forgotten here")),
            )

    def _of_account(self) -> Effect:
        """Say what is in the way at the account: that it is a trial, above all."""
        match plan_link(self._facts):
            case Refuse(problem) if problem.code in _OF_ACCOUNT:
                return Blocks(problem.what)
            case _:
                return Stays()

    # The number

    def _of_number(self) -> Iterator[Row]:
        chosen, first = self._saved.number, self._state.live.at_start
        if chosen is None:
            return
        kept = first is not None and first.number == chosen

        def row(row_id: RowId, setting: Text, value: Text, origin: Origin, effect: Effect) -> Row:
            return Row(row_id, setting, value, Source(origin), StepId.NUMBER, effect)

        origin = Origin.BEFORE if kept else Origin.PICKED
        number = verbatim(spaced(chosen.number))
        yield row(RowId.NUMBER, _("Number"), number, origin, self._link())
        match self._facts.twilio_number:
            case Found(there):
                yield from self._of_webhooks(there, row)
            case _:
                pass
        yield from self._of_fallback()

    def _of_webhooks(self, number: TwilioNumber, row: Callable[..., Row]) -> Iterator[Row]:
        """Say what becomes of where Twilio sends a number's calls, and tells of their ends."""
        calls, goes = self._calls(), _("Calls go to")
        if isinstance(calls, Stays):
            yield row(RowId.CALLS, goes, number.target.words, Origin.TWILIO, calls)
        else:
            yield row(RowId.CALLS, goes, _VAPI, Origin.AUTOMATIC, calls)
        told = number.status_callback
        if isinstance(self._plan, Import) and told and not is_vapis(told):
            lost = Replaces(verbatim(told), _VAPI, loses=True)
            ends = _("Ends of calls are told to")
            yield row(RowId.CALL_ENDS, ends, _VAPI, Origin.AUTOMATIC, lost)

    def _calls(self) -> Effect:
        """Say what takes the calls today when Twilio is to send them to Vapi."""
        match self._plan, self._facts.twilio_number:
            case Import(), Found(number) if not number.target.is_vapi:
                pass
            case ((Relink(astray=TwilioNumber()) | Keep(astray=TwilioNumber())), Found(number)):
                pass
            case _:
                return Stays()
        return Replaces(number.target.words, _VAPI, loses=number.target.is_somebodys)

    def _link(self) -> Effect:
        """Say what linking makes of the number."""
        match self._plan:
            case Import(assistant):
                return Creates(_("imported into Vapi, {name} answers", name=assistant.label))
            case Relink(assistant=assistant, outcome=outcome):
                return Replaces(
                    self._holder(),
                    verbatim(assistant.label),
                    loses=outcome is Outcome.REASSIGNED,
                )
            case Refuse(problem) if problem.code not in _OF_ASSISTANT | _OF_ACCOUNT:
                return Blocks(problem.what)
            case _:
                return Stays()

    def _holder(self) -> Text:
        """Name who answers the number today."""
        match plan_link(replace(self._facts, consents=_ALL_BUT_REASSIGN)):
            case Ask(problem=problem):
                holder = dict(problem.params).get("holder")
                return holder if isinstance(holder, Text) and holder else _NOTHING
            case _:
                return _NOTHING

    def _of_fallback(self) -> Iterator[Row]:
        wanted = wanted_fallback(self._saved)
        effect: Effect = Stays()
        if wanted is None:
            return
        match self._facts.vapi_number:
            case Found(record) if record.fallback_number == wanted:
                effect = Stays()
            case Found(record) if record.fallback_number:
                effect = Replaces(_telephone(record.fallback_number), _telephone(wanted))
            case Found() | Absent():
                effect = Creates(_("rings when Ava cannot answer")) if wanted else Stays()
            case _:
                pass
        yield Row(
            RowId.FALLBACK, _("Your phone"), _telephone(wanted), TYPED, StepId.BUSINESS, effect
        )


_ALL_BUT_REASSIGN = frozenset(Consent) - {Consent.REASSIGN}
_OF_ASSISTANT = frozenset({ErrorCode.ASSISTANT_REQUIRED, ErrorCode.ASSISTANT_GONE})
_OF_ACCOUNT = frozenset(
    {ErrorCode.TWILIO_TRIAL, ErrorCode.TWILIO_SUSPENDED, ErrorCode.TWILIO_CLOSED}
)


def _in_short(paragraph: str) -> Text:
    shown = textwrap.shorten(paragraph, _PARAGRAPH_MAX, placeholder=" …")
    return _or_nothing(shown)


def _or_nothing(value: str) -> Text:
    return verbatim(value) if value else _NOTHING


def _telephone(number: str) -> Text:
    return verbatim(spaced(number)) if number else _NOTHING


def _yes_or_no(*, yes: bool) -> Text:
    return _("yes") if yes else _("no")
