"""The welcome: what this is, in which language, and for which business."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.front.welcome_words import (
    ANOTHER,
    AT_HAND,
    NEEDS,
    NOTHING_YET,
    PROMISE,
    WHICH,
)
from ava_setup.words import Language, Text, _, verbatim

if TYPE_CHECKING:
    from ava_setup.front.worlds import Business
    from ava_setup.plain.prompts import Prompts

START, OTHER, DEMO = "start", "other", "demo"
_SWITCH = "switch"
# Each is named in its own language, for those who read no other.
_LANGUAGES = {Language.FR: verbatim("Français"), Language.EN: verbatim("English")}


async def welcome(talk: Prompts, *, known: bool, is_demo: bool) -> str:
    """Say what this is, and have chosen how to begin.

    Args:
        talk: Where it is asked.
        known: Whether there is a business with saved work.
        is_demo: Whether this is a demo already.

    Returns:
        `START`, `OTHER` or `DEMO`.
    """
    while True:
        _say_what_this_is(talk)
        options: list[tuple[str, Text]] = [(START, _("Continue") if known else _("Start"))]
        options.append((_SWITCH, _LANGUAGES[talk.voice.language.other]))
        if known and not is_demo:
            options.append((OTHER, ANOTHER))
        if not is_demo:
            options.append((DEMO, _("Try it as a demo")))
        chosen = await talk.choose(_("What now"), options)
        if chosen != _SWITCH:
            return chosen
        talk.speak(talk.voice.language.other)


def _say_what_this_is(talk: Prompts) -> None:
    for text in (PROMISE, AT_HAND, *NEEDS, NOTHING_YET):
        talk.say(text)


async def pick_business(talk: Prompts, businesses: tuple[Business, ...]) -> str | None:
    """Have one of several businesses picked; None begins another."""
    options: list[tuple[str | None, Text]] = [
        (one.profile, verbatim(one.name or one.profile)) for one in businesses
    ]
    options.append((None, ANOTHER))
    return await talk.choose(WHICH, options, businesses[0].profile, field_id="businesses")
