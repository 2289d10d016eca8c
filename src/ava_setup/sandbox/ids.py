"""Times and identifiers: made up, repeatable, and visibly so."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable

# Every made-up SID, token and secret shows this, so that none passes for a real one.
MARK = "5a5a5a"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Clock:
    """Wall time, to the millisecond."""

    def __init__(self, read: Callable[[], datetime] = _utc_now) -> None:
        self._read = read
        self._last = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """Read the time without marking it: two readings may be the same."""
        return self._read()

    def tick(self) -> datetime:
        """Mark a moment: later than every moment marked before, by a millisecond at least."""
        now = self._read()
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        self._last = max(now, self._last + timedelta(milliseconds=1))
        return self._last


def iso(moment: datetime) -> str:
    """Write a moment as Vapi does: ISO 8601, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rfc2822(moment: datetime) -> str:
    """Write a moment as Twilio does (`Thu, 30 Jul 2015 20:00:00 +0000`)."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0))


class Ids:
    """Identifiers that are the same at every start of the same scenario."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._count: Counter[str] = Counter()

    def _digest(self, name: str) -> str:
        return hashlib.sha256(f"{self._seed}/{name}".encode()).hexdigest()

    def _fresh(self, kind: str) -> str:
        self._count[kind] += 1
        return f"{kind}#{self._count[kind]}"

    def uuid(self, name: str) -> str:
        """Derive Vapi's kind of id from a name."""
        return str(UUID(hex=self._digest(name)[:32], version=4))

    def sid(self, prefix: str, name: str) -> str:
        """Derive a Twilio SID from a name: two letters and 32 hexadecimal digits."""
        return f"{prefix}{MARK}{self._digest(prefix + name)[: 32 - len(MARK)]}"

    def token(self, name: str) -> str:
        """Derive a Twilio token or secret from a name: 32 hexadecimal digits."""
        return self.sid("", f"token/{name}")

    def key(self, name: str) -> str:
        """Derive a Vapi key, of no shape that any vendor uses."""
        return f"sandbox-vapi-{name}-{self._digest('key/' + name)[:12]}"

    def new_uuid(self, kind: str) -> str:
        """Make the next Vapi id of a kind."""
        return self.uuid(self._fresh(kind))

    def new_sid(self, prefix: str) -> str:
        """Make the next Twilio SID with this prefix."""
        return self.sid(prefix, self._fresh(prefix))

    def new_hex(self, kind: str, digits: int) -> str:
        """Make the next lower-case hexadecimal string of a kind, such as a request id."""
        return self._digest(self._fresh(kind))[:digits]
