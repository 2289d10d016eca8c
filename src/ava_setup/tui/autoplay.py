"""A demo that plays by itself: real keys posted to the real wizard, on the sandbox."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from textual import events
from textual.keys import _character_to_key

from ava_setup.onboarding.steps import StepId
from ava_setup.tui.app import AvaSetup
from ava_setup.tui.autoplay_script import SCRIPT
from ava_setup.tui.beats import (
    Act,
    Await,
    AwaitCaller,
    AwaitDoctor,
    AwaitFirstCall,
    AwaitFocus,
    AwaitQuestion,
    AwaitStep,
    Beat,
    Chapter,
    Paste,
    Press,
    Rest,
    Write,
)
from ava_setup.tui.looks import Look
from ava_setup.tui.playhead import Playhead
from ava_setup.tui.screens.caller import CallerScreen
from ava_setup.tui.screens.doctor_page import DoctorPage
from ava_setup.tui.screens.framed import FramedScreen
from ava_setup.tui.textual_defects import background
from ava_setup.tui.widgets.caption import Caption, Told
from ava_setup.words import NOTHING, Text, _, verbatim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from textual.screen import Screen

    from ava_setup.front.worlds import Worlds
    from ava_setup.words import Language

# Seconds of the script.
_TO_READ_A_WORD, _TO_READ_AT_LEAST = 0.28, 2.5
_BEFORE_A_KEY, _BEFORE_THE_SAME_KEY, _BEFORE_A_LETTER, _TO_LOOK = 0.9, 0.3, 0.06, 1.0

# Seconds of real time.
_LOOK_EVERY_S, _PATIENCE_S = 0.05, 30.0

_STUCK = 1
_NAMES = {
    "enter": _("Enter"),
    "escape": _("Esc"),
    "tab": _("Tab"),
    "shift+tab": _("Shift+Tab"),
    "end": _("End"),
    "down": verbatim("↓"),
    "right": verbatim("→"),
}


class StuckError(Exception):
    """The wizard did not get where the script wants it."""


class Autoplay(AvaSetup):
    """The wizard as a demo, with somebody at the keys; the person's own keys only steer the play.

    Args:
        worlds: Opens the demos.
        language: To play in.
        playhead: Where it is held, and how fast it goes.
        script: What is played.
        look: The theme.
    """

    # Who watches presses no key of the wizard: the captions take the room of its hints.
    CSS = """
    .-autoplay #key-hints {
        display: none;
    }
    .-autoplay #buttons {
        margin-bottom: 0;
    }
    """

    def __init__(
        self,
        worlds: Worlds,
        language: Language,
        *,
        playhead: Playhead | None = None,
        script: tuple[Chapter, ...] = SCRIPT,
        look: Look = Look.DARK,
    ) -> None:
        self.playhead = playhead or Playhead()
        super().__init__(worlds, language, demo=True, tempo=self.playhead, look=look)
        self._script = script
        self._scenario = script[0].scenario
        self._chapter = script[0]
        self._caption = NOTHING
        self._key = NOTHING
        # The script's own events, to tell them from the person's; each is met within moments.
        self._played: deque[events.Event] = deque(maxlen=256)

    def on_mount(self) -> None:
        """Play, once the first step is on screen."""
        self.call_after_refresh(self._play)

    # Playing

    @background("play")
    async def _play(self) -> None:
        try:
            for chapter in self._script:
                await self._begin(chapter)
                for beat in chapter.beats:
                    await self._play_beat(beat)
        except StuckError:
            self.farewell = _("The demo has come to a stop. Start it again: ava-setup --autoplay")
            self.exit(return_code=_STUCK)
        else:
            self.leave(0)

    async def _begin(self, chapter: Chapter) -> None:
        self._chapter = chapter
        if chapter is self._script[0]:
            return
        before = self.world
        self._tell(chapter.beats[0].caption)
        self.toast(NOTHING)
        self.go(StepId.WELCOME)
        self.start_demo(chapter.scenario, StepId.WELCOME)
        await self._until(lambda: self.world is not None and self.world is not before)

    async def _play_beat(self, beat: Beat) -> None:
        self.playhead.begin_beat()
        self._tell(beat.caption)
        words = len(self.voice(beat.caption).split())
        await self.playhead.rest(max(_TO_READ_AT_LEAST, words * _TO_READ_A_WORD))
        for act in beat.acts:
            await self._do(act)

    async def _do(self, act: Act) -> None:
        match act:
            case Press(keys):
                await self._press(keys)
            case Write(words):
                for letter in self.voice(words):
                    await self.playhead.rest(_BEFORE_A_LETTER)
                    self._post(events.Key(_character_to_key(letter), letter))
            case Paste(answer):
                await self.playhead.rest(_BEFORE_A_KEY)
                demo = self.world.demo if self.world else None
                self._post(events.Paste(demo.answers[answer] if demo else ""))
            case Rest(seconds):
                await self.playhead.rest(seconds)
            case AwaitFocus():
                await self._until(lambda: _is_there(self, act))
            case _:
                await self._until(lambda: _is_there(self, act))
                await self.playhead.rest(_TO_LOOK)

    async def _press(self, keys: Iterable[str]) -> None:
        before = ""
        for key in keys:
            self._tell(self._caption, _NAMES.get(key, verbatim(key.upper())))
            await self.playhead.rest(_BEFORE_THE_SAME_KEY if key == before else _BEFORE_A_KEY)
            self._post(events.Key(key, None))
            before = key

    def _post(self, event: events.Key | events.Paste) -> None:
        self._played.append(event)
        self.post_message(event.set_sender(self))

    async def _until(self, wanted: Callable[[], bool]) -> None:
        waited = 0.0
        while not wanted():
            if waited > _PATIENCE_S:
                raise StuckError
            await asyncio.sleep(_LOOK_EVERY_S)
            waited += 0.0 if self.playhead.is_paused else _LOOK_EVERY_S

    # Saying what happens

    def meet(self, screen: Screen[Any]) -> None:
        """Put the caption at the foot of every screen."""
        super().meet(screen)
        screen.add_class("-autoplay")
        screen.mount(Caption(self._told))

    @property
    def _told(self) -> Told:
        steers = _HELD
        if not self.playhead.is_paused:
            steers = Text(_PLAYING.msgid, (("pace", f"{self.playhead.pace:g}"),))
        return Told(self._caption, self._key, self._chapter.title, steers)

    def _switch_to(self, step_id: StepId) -> None:
        super()._switch_to(step_id)
        # A step made ahead still says what was going on then.
        self._show_captions()

    def _tell(self, caption: Text, key: Text = NOTHING) -> None:
        self._caption, self._key = caption, key
        self._show_captions()

    def _show_captions(self) -> None:
        for screen in self.screen_stack:
            for caption in screen.query(Caption):
                caption.tell(self._told)

    # The person at the keys

    async def on_event(self, event: events.Event) -> None:
        """Let the script's own keys through; the person's steer the play, and touch nothing."""
        is_typed = isinstance(event, (events.InputEvent, events.Paste))
        is_own = any(event is one for one in self._played)
        if is_typed and not (is_own or event.is_forwarded):
            if isinstance(event, events.Key):
                self._steer(event)
            return
        await super().on_event(event)

    def _steer(self, key: events.Key) -> None:
        match key.key:
            case "space":
                self.playhead.pause_or_go()
            case "right":
                self.playhead.skip()
            case "plus" | "equals_sign":
                self.playhead.hurry(1)
            case "minus":
                self.playhead.hurry(-1)
            case "ctrl+l":
                self.action_switch_language()
            case "q" | "Q" | "upper_q" | "escape" | "ctrl+q":
                self.leave(0)
            case "ctrl+c":
                self.leave(130)
        self._show_captions()

    def leave(self, return_code: int) -> None:
        """End the demo, saying how the real thing begins; nothing of it is kept."""
        command = f"ava-setup --lang {self.voice.language}"
        self.farewell = _("That was a demo: nothing was kept. For real: {command}", command=command)
        self.exit(return_code=return_code)


def _is_there(app: Autoplay, wanted: Await) -> bool:
    """Whether what a script waits for is on screen."""
    screen = app.screen
    focus = screen.focused
    match wanted:
        case AwaitStep(step):
            is_idle = isinstance(screen, FramedScreen) and not screen.is_busy
            is_there = screen.name == step.value and is_idle
            found = app.world is not None and is_there and focus is not None
        case AwaitFocus(where):
            found = focus is not None and focus.id == where
        case AwaitQuestion(screen_id):
            found = screen.name == screen_id and focus is not None
        case AwaitCaller(answered):
            heard = screen.heard if isinstance(screen, CallerScreen) else None
            found = heard is not None and heard.answered is answered
        case AwaitDoctor(good):
            diagnosis = screen.found if isinstance(screen, DoctorPage) else None
            found = diagnosis is not None and diagnosis.hearing.is_ava is good
        case AwaitFirstCall():
            followed = app.setup.store.state.proving_call
            found = followed is not None and followed.is_all
    return found


_PLAYING = _("Space pause  → next  + - pace ({pace})  Q leave")
_HELD = _("Held  Space go on  → next  Q leave")
