"""The assistant: one that exists, or a ready-made Ava to accept or edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Checkbox, Input, OptionList

from ava_setup.onboarding.assistant import (
    VOICES,
    AssistantDraft,
    VoiceId,
    first_available,
    read_assistant_name,
    read_greeting,
    read_instructions,
    voice_name,
)
from ava_setup.onboarding.composing import compose, suggested_name
from ava_setup.onboarding.dialogue import dialogue
from ava_setup.onboarding.state import ChosenAssistant, DraftedAssistant
from ava_setup.onboarding.steps import StepId
from ava_setup.tui.screens.form import FormScreen
from ava_setup.tui.textual_defects import PlainText, plain
from ava_setup.tui.widgets.assistant_list import AssistantList
from ava_setup.tui.widgets.dialogue import Dialogue
from ava_setup.tui.widgets.field import ChoiceField, Columns, Field
from ava_setup.tui.widgets.spoken import Line, SpokenButton, say
from ava_setup.tui.widgets.spoken_checkbox import SpokenCheckbox
from ava_setup.words import _

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from ava_setup.onboarding.dialogue import Turn
    from ava_setup.onboarding.profile import Profile
    from ava_setup.onboarding.state import State


class AssistantScreen(FormScreen):
    """Left, who there is; right, what callers will hear."""

    STEP = StepId.ASSISTANT
    CSS_PATH = ["form.tcss", "assistant.tcss"]
    NEXT = _("Take this Ava")
    AUTO_FOCUS = "#next"

    def __init__(self) -> None:
        super().__init__()
        self._instructions = ""

    @property
    def _profile(self) -> Profile:
        profile = self.state.saved.profile
        if profile is None:
            raise RuntimeError("the step table lets nobody in without a business")
        return profile

    def fields(self) -> ComposeResult:
        """Lay out the list and the ready-made assistant."""
        profile = self._profile
        ready = compose(profile)
        self._instructions = self.earlier("instructions") or ready.instructions
        voices = VOICES[profile.callers_language]
        voice = self.earlier("voice")
        with Horizontal(id="both"):
            yield AssistantList(id="assistants")
            with Vertical(id="ready-made"):
                with Columns():
                    yield Field(
                        "assistant-name",
                        _("Name"),
                        read=read_assistant_name,
                        value=self.earlier("assistant-name") or suggested_name(profile),
                    )
                    yield ChoiceField(
                        "voice",
                        _("Voice"),
                        {one: voice_name(one) for one in voices},
                        VoiceId(voice) if voice in voices else voices[0],
                    )
                yield Field(
                    "greeting",
                    _("First words"),
                    read=read_greeting,
                    value=self.earlier("greeting") or ready.greeting,
                )
                yield Line(_("What callers will hear"), classes="label")
                yield PlainText(id="preview")
                yield Dialogue(self._example(ready.greeting, recorded=False), id="example")
                with Horizontal(id="extras"):
                    yield SpokenCheckbox(
                        _("Record calls"), value=self.earlier("recorded") == "yes", id="recorded"
                    )
                    with Horizontal():
                        yield SpokenButton(_("Example call…"), id="example-button")
                        yield SpokenButton(_("Instructions…"), id="instructions")
            with Vertical(id="existing"):
                yield PlainText(id="existing-name")
                yield Line(_("What callers will hear"), classes="label")
                yield PlainText(id="existing-words")

    @classmethod
    def can_be_made(cls, state: State) -> bool:
        """Whether it is known what the ready-made one is made for."""
        return state.saved.profile is not None

    def made_of(self) -> tuple[object, ...]:
        """Give what it is laid out from."""
        return *super().made_of(), self.state.saved.profile

    def buttons(self) -> tuple[SpokenButton, ...]:
        """Give the buttons, leftmost first."""
        back, following = super().buttons()
        return back, SpokenButton(_("Later"), id="later"), following

    def draw(self) -> None:
        """Show the first words, and lead to the list where there is one."""
        super().draw()
        self._preview()
        if self._list.assistants:
            self._list.focus()

    def begin(self) -> None:
        """List the assistants, asking Vapi when nobody has yet."""
        super().begin()
        if self.state.live.assistants is None:
            self.attempt(self._read_assistants)

    async def _read_assistants(self) -> None:
        await self.setup.list_assistants()

    def show_state(self, state: State) -> None:
        """List the assistants; without any, the ready-made one stands alone."""
        super().show_state(state)
        self._list.show(state.live.assistants or (), self._wanted(state))
        self.query_one("#both").set_class(not state.live.assistants, "-alone")
        self._show_highlighted()

    def _wanted(self, state: State) -> str | None:
        """Give the assistant to highlight: the chosen one, else ours for this business."""
        known = state.live.assistants or ()
        chosen = state.saved.assistant
        if isinstance(chosen, ChosenAssistant) and chosen.id in {one.id for one in known}:
            return chosen.id
        if isinstance(chosen, DraftedAssistant):
            return None
        business_id = self._profile.business_id
        ours = tuple(one for one in known if one.business_id == business_id)
        newest = first_available(ours, business_id)
        return newest.id if newest else None

    @property
    def _list(self) -> AssistantList:
        return self.query_one("#assistants", AssistantList)

    @on(OptionList.OptionHighlighted, "#assistants")
    def _show_highlighted(self) -> None:
        picked = self._list.picked
        self.query_one("#ready-made").display = picked is None
        self.query_one("#existing").display = picked is not None
        self.query_one("#next", SpokenButton).tell(
            self.NEXT if picked is None else _("Choose this one")
        )
        if picked is not None:
            self.query_one("#existing-name", PlainText).update(plain(picked.label))
            self.query_one("#existing-words", PlainText).update(
                plain(picked.first_message or say(self, _("Nothing: it waits for the caller.")))
            )

    @on(OptionList.OptionSelected, "#assistants")
    def _enter_on_list(self) -> None:
        if self._list.picked is None:
            self.query_one("#assistant-name").focus()
        else:
            self.action_next()

    @on(Input.Changed, "#greeting")
    @on(Checkbox.Changed, "#recorded")
    def _preview(self) -> None:
        """Show the first words as a caller hears them."""
        greeting = self.query_one("#greeting", Input).value
        turns = self._example(greeting, recorded=self._is_recorded)
        self.query_one("#preview", PlainText).update(plain(turns[0].words))
        self.query_one("#example", Dialogue).show(turns)

    def _example(self, greeting: str, *, recorded: bool) -> tuple[Turn, ...]:
        return dialogue(self._profile, greeting, recorded=recorded)

    @on(Button.Pressed, "#example-button")
    def _show_example(self) -> None:
        from ava_setup.tui.screens.example_call import (  # noqa: PLC0415 - when asked for
            ExampleCallScreen,
        )

        greeting = self.query_one("#greeting", Input).value
        turns = self._example(greeting, recorded=self._is_recorded)
        self.app.push_screen(ExampleCallScreen(turns))

    @property
    def _is_recorded(self) -> bool:
        return self.query_one("#recorded", Checkbox).value

    @on(Button.Pressed, "#instructions")
    def _edit_instructions(self) -> None:
        from ava_setup.tui.screens.instructions import (  # noqa: PLC0415 - when asked for
            InstructionsScreen,
        )

        ready = compose(self._profile)
        self.app.push_screen(InstructionsScreen(self._instructions, ready), self._edited)

    def _edited(self, text: str | None) -> None:
        if text is not None:
            self._instructions = text

    def check_fields(self) -> bool:
        """Check the ready-made assistant only when it is wanted."""
        return self._list.picked is not None or super().check_fields()

    async def keep_typed(self) -> None:
        """Keep the fields, and what stands beside them."""
        await super().keep_typed()
        ready = compose(self._profile)
        kept = {
            "recorded": "yes" if self._is_recorded else "no",
            "instructions": "" if self._instructions == ready.instructions else self._instructions,
        }
        # Ready-made words are not kept as typed: they follow the business when it changes.
        if self.query_one("#greeting", Input).value == ready.greeting:
            kept["greeting"] = ""
        if self.query_one("#assistant-name", Input).value == suggested_name(self._profile):
            kept["assistant-name"] = ""
        await self.setup.remember(kept)

    async def proceed(self) -> None:
        """Choose the one picked, or have the one described created in the end."""
        picked = self._list.picked
        if picked is not None:
            await self.setup.choose_assistant(picked)
        else:
            profile = self._profile
            await self.setup.draft_assistant(
                AssistantDraft(
                    name=self.value_of("assistant-name"),
                    greeting=self.value_of("greeting"),
                    instructions=read_instructions(self._instructions),
                    voice=VoiceId(self.typed_of("voice")),
                    recorded=self._is_recorded,
                    language=profile.callers_language,
                    admin_email=profile.admin_email,
                    business_id=profile.business_id,
                    create_id="",
                    webhook_url=profile.webhook_url,
                )
            )
        self.go_on()

    @on(Button.Pressed, "#later")
    def _later(self) -> None:
        self.attempt(self._go_without)

    async def _go_without(self) -> None:
        await self.keep_typed()
        await self.setup.assistant_later()
        self.go_on()
