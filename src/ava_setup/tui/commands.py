"""All that can be done on a screen now: one list, drawn from what the screen itself offers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ava_setup.onboarding.number import spaced
from ava_setup.onboarding.steps import QUESTIONS, is_within_reach, place_of
from ava_setup.tui.looks import LOOK_NAMES, Look
from ava_setup.tui.screens.step import StepScreen
from ava_setup.tui.widgets.spoken import SpokenButton
from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from textual.screen import Screen

    from ava_setup.tui.world import Wizard


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do.

    Attributes:
        title: What it does.
        run: Does it.
        key: The key that does it too, or nothing.
        also: Other words that people look for it by.
    """

    title: Text
    run: Callable[[], object]
    key: Text = NOTHING
    also: tuple[Text, ...] = ()


# Buttons that a key, and so a command of its own, stands for.
_HAVE_A_KEY = frozenset({"back", "undo", "language", "demo"})


def commands(wizard: Wizard, screen: Screen[Any]) -> Iterator[Command]:
    """Give what works now, nearest first; no secret is in any of it.

    Args:
        wizard: The app.
        screen: What is on screen.
    """
    for button in reversed(screen.query(SpokenButton).nodes):
        if _can_be_pressed(button) and button.id not in _HAVE_A_KEY:
            yield Command(button.sentence, button.press)
    for button in screen.query("#back").results(SpokenButton):
        yield Command(button.sentence, button.press, _("Esc"), (_("Stop"),))
    if isinstance(screen, StepScreen):
        yield from _of_step(wizard, screen)
    yield from _everywhere(wizard, screen)


def _can_be_pressed(button: SpokenButton) -> bool:
    shown = all(getattr(node, "display", True) for node in button.ancestors_with_self)
    return shown and not button.disabled and bool(button.sentence)


def _of_step(wizard: Wizard, screen: StepScreen) -> Iterator[Command]:
    if screen.is_busy:
        return
    if wizard.is_demo:
        yield Command(screen.FILL, screen.action_fill, _("F2"))
    else:
        demo = _("A sandbox: no account needed, nothing is kept.")
        yield Command(_("Try it as a demo"), screen.go_into_demo, also=(demo,))
    if wizard.world is None:
        return
    if screen.setup.undoer.has_something:
        yield Command(_("Undo…"), screen.action_undo, _("F8"), (_("Take back what was done"),))
    if screen.state.saved.number is not None:
        why = _("Why does this number not answer?")
        yield Command(_("Doctor"), screen.action_doctor, _("F9"), (why,))
    for each in QUESTIONS:
        if each.id is not screen.place and is_within_reach(each.id, screen.state):
            yield Command(
                _("Go to step {n}: {title}", n=place_of(each.id)[0], title=each.title),
                partial(screen.jump, each.id),
                also=(each.purpose,),
            )


def _everywhere(wizard: Wizard, screen: Screen[Any]) -> Iterator[Command]:
    linked = wizard.setup.store.state.saved.linked if wizard.world is not None else None
    if linked is not None:
        yield Command(
            _("Copy the number {number}", number=spaced(linked.number)),
            partial(_copy, wizard, screen, linked.number),
        )
    yield Command(_("Help"), wizard.action_help, _("F1"), (_("Explain this"),))
    yield Command(
        _("Language: {language}", language=_("Français")),
        wizard.action_switch_language,
        _("Ctrl+L"),
    )
    yield from _looks(wizard, screen)
    yield Command(_("Leave"), partial(wizard.leave, 0), _("Ctrl+Q"), (_("Close, quit, exit"),))


def _looks(wizard: Wizard, screen: Screen[Any]) -> Iterator[Command]:
    # Where colours are switched off there is nothing to choose.
    if screen.app.no_color:
        return
    now = Look(screen.app.theme)
    for look in Look:
        if look is not now:
            key = _("Ctrl+T") if look is now.following else NOTHING
            title = _("Theme: {name}", name=LOOK_NAMES[look])
            yield Command(title, partial(wizard.action_look, look.value), key, (_("Colours"),))


def _copy(wizard: Wizard, screen: Screen[Any], number: str) -> None:
    screen.app.copy_to_clipboard(number)
    # Not every terminal lets itself be copied from: the number is said, too.
    wizard.toast(_("Copied: {number}", number=number))
