"""What was read at the vendors seconds ago: believed once more, but never across a write."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeVar, cast

from ava_setup.onboarding.facts import Found, Unknown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.ports import Store

T = TypeVar("T")

# As long as it takes to press a key: what others change meanwhile could as well come just after.
BELIEVED_S = 5.0


class Fact(Enum):
    """What is read of a line."""

    ASSISTANTS = auto()
    ACCOUNT = auto()
    NUMBERS = auto()
    AT_TWILIO = auto()
    VAPI_NUMBERS = auto()
    UNMASKED = auto()


_OF_VAPI = frozenset({Fact.ASSISTANTS, Fact.VAPI_NUMBERS, Fact.UNMASKED})

_Key = tuple[Fact, str]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was read.

    Attributes:
        at: When it was asked for; the answer is no older.
        among: What had been written, and where, at that moment.
    """

    value: object
    at: float
    among: object


class Recent:
    """Facts that were just read.

    One is forgotten when it gets older than `believed_s`, when the organisation or the account is
    another, and when anything is written: every write at a vendor goes through the journal, but
    for changes of an assistant, which `wrote` takes in.

    Args:
        believed_s: Seconds for which a fact is believed; 0 reads everything anew.
        clock: Seconds, from any beginning.
    """

    def __init__(
        self,
        store: Store,
        *,
        believed_s: float = BELIEVED_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._believed_s = believed_s
        self._clock = clock
        self._seen: dict[_Key, _Seen] = {}

    def _among(self, fact: Fact) -> object:
        """What a fact depends on: an intent is journalled before, and closed after its write."""
        saved = self._store.state.saved
        connection, twilio = saved.connection, saved.twilio
        of = (
            connection and connection.id
            if fact in _OF_VAPI
            else twilio and (twilio.account_sid, twilio.region)
        )
        return tuple(saved.journal), of

    async def read(self, fact: Fact, of: str, read: Callable[[], Awaitable[T]]) -> T:
        """Give what was read moments ago, else read it.

        Args:
            fact: What it is.
            of: The number or the record that it is about, or "".
            read: Reads it; what it cannot tell is not kept.
        """
        known = self.known(fact, of)
        if known is not None:
            return cast("T", known)
        at, among = self._clock(), self._among(fact)
        value = await read()
        # What was asked for before a write says nothing after it.
        if among == self._among(fact) and _is_told(value):
            self._seen[fact, of] = _Seen(value, at, among)
        return value

    def known(self, fact: Fact, of: str = "") -> object | None:
        """Give a fact that is still believed, or None."""
        seen = self._seen.get((fact, of))
        if seen is None or seen.among != self._among(fact):
            return None
        return seen.value if self._clock() - seen.at < self._believed_s else None

    def note(self, fact: Fact, value: object, *, at: float) -> None:
        """Take in what was read otherwise, as `read` would have given it.

        Args:
            fact: What it is.
            value: What was answered.
            at: When it was asked for, by `now`.
        """
        self._seen[fact, ""] = _Seen(value, at, self._among(fact))

    @property
    def now(self) -> float:
        """The clock."""
        return self._clock()

    def forget(self) -> None:
        """Forget everything: bad news may have been mended since."""
        self._seen.clear()

    def wrote(self, assistant: Assistant) -> None:
        """Take in an assistant as it was just written, beside those that are known."""
        of = Fact.ASSISTANTS, ""
        seen = self._seen.get(of)
        if seen is None or not isinstance(seen.value, Found):
            return
        others = tuple(one for one in seen.value.value if one.id != assistant.id)
        self._seen[of] = _Seen(Found((*others, assistant)), seen.at, self._among(Fact.ASSISTANTS))

    def upheld(self) -> Callable[[], None]:
        """Carry what is known now across writes that cannot have changed it.

        Returns:
            To be called after those writes.
        """
        held = {key: one for key, one in self._seen.items() if one.among == self._among(key[0])}

        def uphold() -> None:
            for key, one in held.items():
                if self._seen.get(key) is one:
                    self._seen[key] = _Seen(one.value, one.at, self._among(key[0]))

        return uphold


def _is_told(value: object) -> bool:
    """Whether a vendor said what is so; in doubt it is asked again."""
    parts = value if isinstance(value, tuple) else (value,)
    return not any(isinstance(one, Unknown) for one in parts)
