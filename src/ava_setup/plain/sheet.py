"""A sheet of answers that are good as they are: one Enter accepts them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.plain.signs import Back
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from ava_setup.plain.prompts import Prompts


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a sheet.

    Attributes:
        title: What it is.
        value: What stands there now, in words.
        ask: Asks for it.
    """

    title: Text
    value: Callable[[], Text]
    ask: Callable[[], Awaitable[object]]


async def accept(talk: Prompts, entries: Sequence[Entry]) -> None:
    """Read a sheet out until it is accepted as it is.

    Raises:
        Back: `<` was typed, at no line.
    """
    while True:
        for place, entry in enumerate(entries, 1):
            talk.say_beside(
                f"{place}. ", _("{title}: {value}", title=entry.title, value=entry.value())
            )
        typed = (await talk.line(_("Enter accepts all; a number changes that line"))).strip()
        if not typed:
            return
        if typed.isdecimal() and 1 <= int(typed) <= len(entries):
            try:
                await entries[int(typed) - 1].ask()
            except Back:
                continue
        else:
            talk.say(_("Type a number from 1 to {count}.", count=len(entries)))
