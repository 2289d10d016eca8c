"""The assistant as questions: one that exists, a ready-made Ava to accept or edit, or later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.assistant import (
    VOICES,
    Assistant,
    AssistantDraft,
    VoiceId,
    first_available,
    read_assistant_name,
    read_greeting,
    voice_name,
)
from ava_setup.onboarding.composing import compose, first_words, suggested_name
from ava_setup.onboarding.dialogue import dialogue
from ava_setup.onboarding.guidance import FIELDS
from ava_setup.onboarding.state import ChosenAssistant, DraftedAssistant, NoAssistantYet
from ava_setup.onboarding.steps import StepId
from ava_setup.plain.instructions import edit_instructions
from ava_setup.plain.prompts import Asked
from ava_setup.plain.scene import Go, in_turn
from ava_setup.plain.sheet import Entry, accept
from ava_setup.words import Text, _, verbatim

if TYPE_CHECKING:
    from ava_setup.onboarding.profile import Profile
    from ava_setup.plain.scene import Scene

_NEW, _LATER, _ALL = "new", "later", "all"
# More than these are too many to listen to.
_FEW = 9


async def ask_assistant(scene: Scene) -> None:
    """Have an assistant chosen, described, or put off.

    Raises:
        Back: `<` at the first question.
    """
    profile = scene.state.saved.profile
    if profile is None:
        raise Go(StepId.BUSINESS)
    if scene.state.live.assistants is None:
        await scene.attempt(scene.setup.list_assistants)
    await in_turn(*_Choosing(scene, profile).questions)


class _Choosing:
    """The questions, and the answers so far."""

    def __init__(self, scene: Scene, profile: Profile) -> None:
        self._scene = scene
        self._profile = profile
        self._ready = compose(profile)
        self._who = _NEW
        self._name = scene.earlier("assistant-name") or suggested_name(profile)
        self._greeting = scene.earlier("greeting") or self._ready.greeting
        self._instructions = scene.earlier("instructions") or self._ready.instructions
        self._recorded = scene.earlier("recorded") == "yes"
        voices = VOICES[profile.callers_language]
        voice = scene.earlier("voice")
        self._voice = VoiceId(voice) if voice in voices else voices[0]
        self.questions = (self._ask_who, self._ask_ready_made)

    # Who

    async def _ask_who(self) -> bool:
        talk = self._scene.talk
        newest = sorted(self._known, key=lambda one: one.created_at, reverse=True)
        shown = newest[:_FEW]
        usual = self._usual
        if usual is not None and usual not in shown:
            shown.append(usual)
        self._who = await self._choose(shown, usual, more=len(newest) - len(shown))
        if self._who == _ALL:
            self._who = await self._choose(newest, usual, more=0)
        if self._who == _LATER:
            await self._scene.attempt(self._scene.setup.assistant_later)
            talk.say(_("The assistant comes later."))
        picked = next((one for one in self._known if one.id == self._who), None)
        if picked is not None:
            await self._scene.attempt(lambda: self._scene.setup.choose_assistant(picked))
            talk.say(_("{name} is to answer.", name=verbatim(picked.label)))
            words = verbatim(picked.first_message) if picked.speaks_first else _NOTHING_FIRST
            talk.say(_("What callers will hear: {words}", words=words))
        return True

    async def _choose(self, shown: list[Assistant], usual: Assistant | None, *, more: int) -> str:
        options: list[tuple[str, Text]] = [(_NEW, _("A ready-made Ava"))]
        options += [(one.id, verbatim(one.label)) for one in shown]
        if more > 0:
            options.append((_ALL, _("{count} more", count=more)))
        options.append((_LATER, _("Later")))
        default = usual.id if usual else _NEW
        if isinstance(self._scene.state.saved.assistant, NoAssistantYet) and self._known:
            default = _LATER
        return await self._scene.talk.choose(
            _("Who answers"), options, default, field_id="assistants"
        )

    @property
    def _known(self) -> tuple[Assistant, ...]:
        return self._scene.state.live.assistants or ()

    @property
    def _usual(self) -> Assistant | None:
        """Give the chosen one, else ours for this business."""
        chosen = self._scene.state.saved.assistant
        if isinstance(chosen, ChosenAssistant):
            return next((one for one in self._known if one.id == chosen.id), None)
        if isinstance(chosen, DraftedAssistant):
            return None
        business_id = self._profile.business_id
        ours = tuple(one for one in self._known if one.business_id == business_id)
        return first_available(ours, business_id)

    # A ready-made one

    async def _ask_ready_made(self) -> bool:
        """Have the ready-made one accepted or changed, then keep it to be created."""
        if self._who != _NEW:
            return False
        entries = (
            Entry(_title("assistant-name"), lambda: verbatim(self._name), self._ask_name),
            Entry(_title("voice"), lambda: voice_name(self._voice), self._ask_voice),
            Entry(_title("greeting"), self._heard, self._ask_greeting),
            Entry(_title("recorded"), self._whether_recorded, self._ask_recorded),
            Entry(_title("instructions-text"), self._whose_instructions, self._ask_instructions),
            Entry(_("Example call"), lambda: _("type its number to hear it"), self._read_example),
        )
        await accept(self._scene.talk, entries)
        await self._scene.attempt(lambda: self._scene.setup.draft_assistant(self._draft()))
        self._scene.talk.say(_("{name} is ready to be created.", name=verbatim(self._name)))
        return True

    def _heard(self) -> Text:
        """Give what callers hear first."""
        language = self._profile.callers_language
        return verbatim(first_words(self._greeting, language, recorded=self._recorded))

    async def _read_example(self) -> None:
        talk = self._scene.talk
        for turn in dialogue(self._profile, self._greeting, recorded=self._recorded):
            label, words = turn.speaker.label, verbatim(turn.words)
            talk.say(_("{title}: {value}", title=label, value=words))

    def _whether_recorded(self) -> Text:
        return _("yes") if self._recorded else _("no")

    def _whose_instructions(self) -> Text:
        is_ready = self._instructions == self._ready.instructions
        return _("ready-made for your trade") if is_ready else _("your own")

    async def _ask_name(self) -> None:
        asked = Asked("assistant-name", read_assistant_name, self._name)
        _typed, self._name = await self._scene.talk.ask(asked)
        # Ready-made words are not kept as typed: they follow the business when it changes.
        is_ready = self._name == suggested_name(self._profile)
        await self._scene.keep("assistant-name", "" if is_ready else self._name)

    async def _ask_voice(self) -> None:
        voices = VOICES[self._profile.callers_language]
        names = [(one.value, voice_name(one)) for one in voices]
        chosen = await self._scene.choose("voice", _title("voice"), names, self._voice)
        self._voice = VoiceId(chosen)

    async def _ask_greeting(self) -> None:
        asked = Asked("greeting", read_greeting, self._greeting)
        _typed, self._greeting = await self._scene.talk.ask(asked)
        is_ready = self._greeting == self._ready.greeting
        await self._scene.keep("greeting", "" if is_ready else self._greeting)

    async def _ask_recorded(self) -> None:
        self._recorded = await self._scene.talk.confirm(
            _("Record calls?"), usual=self._recorded, field_id="recorded"
        )
        await self._scene.keep("recorded", "yes" if self._recorded else "no")

    async def _ask_instructions(self) -> None:
        ready = self._ready.instructions
        self._instructions = await edit_instructions(self._scene.talk, self._instructions, ready)
        is_ready = self._instructions == ready
        await self._scene.keep("instructions", "" if is_ready else self._instructions)

    def _draft(self) -> AssistantDraft:
        return AssistantDraft(
            name=self._name,
            greeting=self._greeting,
            instructions=self._instructions,
            voice=self._voice,
            recorded=self._recorded,
            language=self._profile.callers_language,
            admin_email=self._profile.admin_email,
            business_id=self._profile.business_id,
            create_id="",
            webhook_url=self._profile.webhook_url,
        )


_NOTHING_FIRST = _("Nothing: it waits for the caller.")


def _title(field_id: str) -> Text:
    return FIELDS[field_id].title
