"""The proof as lines: both vendors read back, the number to ring, the call that is waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.front.changes import NAMES, Change, as_it_is
from ava_setup.front.proof_words import (
    AGREED,
    how_it_went,
    how_long,
    what_is_wrong,
    what_was_said,
)
from ava_setup.onboarding.checks import all_passed
from ava_setup.onboarding.number import national, spaced
from ava_setup.onboarding.steps import StepId
from ava_setup.plain.findings import say_findings
from ava_setup.plain.ringing import have_ava_ring
from ava_setup.plain.scene import Go
from ava_setup.plain.signs import Aside, Back, Leave, Wanted
from ava_setup.words import Text, _, verbatim

if TYPE_CHECKING:
    from ava_setup.plain.scene import Scene

_WAIT, _RING, _DOCTOR, _FINISH = "wait", "ring", "doctor", "finish"
_SHEET, _CHANGE = "sheet", "change"
_STOPS = frozenset({"", "<"})
_PLACES_A_CALL = frozenset({"*", "call", "appel"})


async def prove(scene: Scene) -> None:
    """Verify the link, wait for the first call, and offer what there is to do then.

    Raises:
        Leave: All is done.
        Go: Something is to be changed, or the link made again.
        Wanted: The doctor or undoing is wanted.
        Back: `<` was typed.
    """
    await _verify(scene)
    linked = scene.state.saved.linked
    if linked is None:
        raise Go(StepId.REVIEW)
    scene.talk.say(
        _(
            "Ava's number: {national}, from abroad {number}.",
            national=national(linked.number),
            number=spaced(linked.number),
        )
    )
    if scene.state.saved.answered is None:
        await _wait(scene)
    else:
        _say_answered(scene)
    while True:
        await _do_next(scene)


async def _verify(scene: Scene) -> None:
    """Read both vendors back, unless that was done a moment ago; say what does not hold."""
    if not all_passed(scene.state.live.checks):
        checks = await scene.attempt(scene.setup.verify)
        say_findings(scene.talk, checks)
        problem = what_is_wrong(checks)
        if problem is not None:
            await scene.mend(problem)
            raise Go(StepId.PROOF)
    scene.talk.say(AGREED)


# The first call


async def _wait(scene: Scene) -> None:
    """Wait for a call until it comes, or until a line is typed."""
    talk = scene.talk
    talk.say(_("Ring it now from any phone: waiting for the first call. Enter stops waiting."))
    if scene.world.demo is not None:
        talk.say(_("In this demo, an asterisk, *, places a call."))
    while True:
        ended = await scene.attempt(lambda: talk.unless_typed(scene.setup.wait_for_call()))
        if not isinstance(ended, str):
            break
        typed = ended.strip().casefold()
        if scene.world.demo is not None and typed in _PLACES_A_CALL:
            await _have_somebody_ring(scene)
        elif typed in _STOPS or not talk.obeys(typed):
            talk.say(_("No longer waiting."))
            return
    _say_answered(scene)
    await _follow(scene)


async def _have_somebody_ring(scene: Scene) -> None:
    """In a demo, have the simulated caller ring, and say what is heard."""
    demo, linked = scene.world.demo, scene.state.saved.linked
    if demo is None or linked is None:
        return
    heard = await demo.ring(linked.number)
    who = spaced(demo.caller)
    words = verbatim(heard.words) if heard.words else _("silence")
    scene.talk.say(_("{who} rings, and hears: {words}", who=who, words=words))


def _say_answered(scene: Scene) -> None:
    answered, profile = scene.state.saved.answered, scene.state.saved.profile
    if answered is not None:
        scene.talk.say(how_it_went(answered, profile.time_zone if profile else "UTC"))


async def _follow(scene: Scene) -> None:
    """Follow the call until all of it is told, or until a line is typed; say what was said."""
    talk = scene.talk
    talk.say(_("Following the call. Enter stops."))
    await scene.attempt(lambda: talk.unless_typed(scene.setup.follow_call()))
    followed = scene.state.proving_call
    if followed is not None:
        for text in (how_long(followed), *what_was_said(followed)):
            if text:
                talk.say(text)


# What there is to do then


async def _do_next(scene: Scene) -> None:
    options: list[tuple[str, Text]] = [(_FINISH, _("Finish"))]
    if scene.state.saved.answered is None:
        options.append((_WAIT, _("Wait for a call")))
    options += [
        (_RING, _("Have Ava ring me")),
        (_DOCTOR, _("See what callers hear: the doctor")),
        (_SHEET, _("Write the hand-over sheet")),
        (_CHANGE, _("Change or undo something")),
    ]
    match await scene.talk.choose(_("What now"), options):
        case "finish":
            raise Leave
        case "wait":
            await _wait(scene)
        case "ring":
            await have_ava_ring(scene)
        case "doctor":
            raise Wanted(Aside.DOCTOR)
        case "sheet":
            await _hand_over(scene)
        case _:
            await _change(scene)


async def _hand_over(scene: Scene) -> None:
    """Write the hand-over sheet where it is wanted."""
    talk, world = scene.talk, scene.world
    usual = world.handover_file()
    try:
        typed = await talk.line(_("File for the sheet [{usual}]", usual=usual))
    except Back:
        return
    file = typed.strip() or usual
    page, *_twin = await scene.attempt(lambda: world.hand_over(talk.voice, file))
    talk.say(_("Written: {page}, and beside it the same in Markdown.", page=page))


async def _change(scene: Scene) -> None:
    """Have chosen what to change; all else stays as it is.

    Raises:
        Go: To the step that asks it.
        Wanted: Undoing is wanted.
    """
    saved = scene.state.saved
    now = as_it_is(saved)
    offered = [one for one in Change if one is not Change.UNDO or scene.setup.undoer.has_something]
    options = [(one, _named(NAMES[one], now.get(one, ""))) for one in offered]
    try:
        change = await scene.talk.choose(_("What would you like to change?"), options)
    except Back:
        return
    if change is Change.UNDO:
        raise Wanted(Aside.UNDO)
    # Whatever is changed, both sides are read anew when it comes back here.
    await scene.setup.store.update(lambda state: state.note(checks=(), result=None, stray=None))
    raise Go(StepId(change.value))


def _named(name: Text, now: str) -> Text:
    return _("{name}, today: {value}", name=name, value=now) if now else name
