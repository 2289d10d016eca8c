"""Finding by a few letters: in either language, with or without accents."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ava_setup.words import Text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """Something that can be found.

    Attributes:
        value: What it stands for.
        title: Its name: found here, it comes first.
        also: What else it is found by.
    """

    value: T
    title: Text
    also: tuple[Text, ...] = ()


def folded(words: str) -> str:
    """Leave accents and case out: people type without them."""
    apart = unicodedata.normalize("NFKD", words)
    return "".join(one for one in apart if not unicodedata.combining(one)).casefold()


def find(
    typed: str, entries: Iterable[Entry[T]], voices: Iterable[Callable[[Text], str]]
) -> tuple[T, ...]:
    """Give what has every typed word in it; whose title has them comes first.

    Args:
        typed: A few words or parts of words; nothing finds all.
        entries: What there is.
        voices: The languages to look in.
    """
    wanted = folded(typed).split()
    spoken = tuple(voices)

    def has_all(texts: Iterable[Text]) -> bool:
        words = folded("\n".join(voice(text) for text in texts for voice in spoken))
        return all(word in words for word in wanted)

    known = tuple(entries)
    titled = [one.value for one in known if has_all((one.title,))]
    elsewhere = [one.value for one in known if has_all((one.title, *one.also))]
    return (*titled, *(value for value in elsewhere if value not in titled))
