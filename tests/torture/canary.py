"""The net that canary secrets are caught in: every shape they could leak in, every place."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
from rich.pretty import pretty_repr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ava_setup.sandbox import Sandbox
    from tests.terminal import Terminal

WRONG_KEY = "d06f00d0-5a5a-4a5a-8a5a-0b5a7c5a9e5a"
WRONG_TOKEN = "d06f00d5a5a5a1b2c3d4e5f60718293a"
VAULT = "secrets.json"

# The vault, and what becomes it or is left of it when it could not.
_VAULT = re.compile(r"secrets\.json|\.secrets\.json\.[0-9a-f]{16}\.tmp")
_PIECE = 12
# No shape of a secret is shorter, or has a blank in it.
_WORD = re.compile(rb"[!-~]{%d,}" % _PIECE)
_CLIPBOARD = re.compile(rb"\x1b\]52;[^;]*;([^\x07\x1b]*)")
# What moves the cursor or colours must not hide a secret that is drawn in parts.
_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[=>78])")


class Keys:
    """The secrets of one sandbox: what it announces, and an API key made in it."""

    def __init__(self, sandbox: Sandbox) -> None:
        told = sandbox.announcement
        self.vapi_key = told.vapi_key
        self.account_sid = told.twilio_account_sid
        self.auth_token = told.twilio_auth_token
        made = httpx.post(
            f"{told.twilio_url}/2010-04-01/Accounts/{self.account_sid}/Keys.json",
            auth=(self.account_sid, self.auth_token),
            data={"FriendlyName": "canary"},
            trust_env=False,
        ).json()
        self.key_sid = str(made["sid"])
        self.key_secret = str(made["secret"])

    @property
    def secrets(self) -> tuple[str, ...]:
        """Those that must be seen nowhere, wrong ones included."""
        return (self.vapi_key, self.auth_token, self.key_secret, WRONG_KEY, WRONG_TOKEN)


def shapes(secret: str) -> Iterator[bytes]:
    """Every way to write a secret, or a tell-tale part of it; all in lower case."""
    raw = secret.encode()
    # The part that no other value shares: a drawn field may show no more than a piece of it.
    own = raw.rpartition(b"-")[2]
    for start in range(len(own) - _PIECE + 1):
        yield own[start : start + _PIECE]
    for shift in range(3):
        # A secret inside something longer lies at one of three places of base64's grid.
        encoded = base64.b64encode(b"\0" * shift + raw)
        inner = encoded[-(-shift * 4 // 3) : (shift + len(raw)) * 4 // 3]
        yield inner
        yield inner.replace(b"+", b"-").replace(b"/", b"_")
    yield quote(secret, safe="").encode()
    yield "".join(f"%{letter:02x}" for letter in raw).encode()
    yield raw.hex().encode()
    yield raw[::-1]
    yield secret.swapcase().encode()


class Net:
    """Counts what was looked at, and where a secret was found.

    Attributes:
        hits: Where a secret was found, never the secret itself.
    """

    def __init__(self) -> None:
        self.hits: list[str] = []
        self.files = 0
        self.bytes = 0
        self._shapes: dict[bytes, set[bytes]] = {}

    def watch(self, *secrets: str) -> None:
        """Look for these as well from now on."""
        for secret, shape in ((one, shape.lower()) for one in secrets for shape in shapes(one)):
            assert _WORD.fullmatch(shape), f"take longer secrets, without blanks: {secret!r}"
            # By how they begin: one look into each word is then enough for all of them.
            self._shapes.setdefault(shape[:_PIECE], set()).add(shape)

    def look(self, seen: bytes | str, where: str) -> None:
        """Look into some text or bytes."""
        self.bytes += len(seen)
        if self.finds(seen):
            self.hits.append(where)

    def finds(self, seen: bytes | str) -> bool:
        """Tell whether a secret is in some text or bytes."""
        data = seen.encode(errors="replace") if isinstance(seen, str) else seen
        return any(map(self._is_in, set(_WORD.findall(data.lower()))))

    def _is_in(self, word: bytes) -> bool:
        return any(
            word.startswith(shape, start)
            for start in range(len(word) - _PIECE + 1)
            for shape in self._shapes.get(word[start : start + _PIECE], ())
        )

    def look_at(self, thing: object, where: str) -> None:
        """Look at all the ways in which Python and rich print something, and what it is made of."""
        inside: Any = getattr(thing, "__dict__", {})
        printed = (str(thing), repr(thing), pretty_repr(thing), pretty_repr(dict(inside)))
        self.look("\n".join(printed), where)

    def sweep(self, *folders: Path) -> None:
        """Look into every file below some folders, but for a vault that only its owner can read."""
        for path in (one for folder in folders for one in folder.rglob("*")):
            self.look(str(path), f"the name of {path}")
            if not path.is_file():
                continue
            modes = (one.stat().st_mode & 0o777 for one in (path, path.parent))
            if is_well_kept(path.name, *modes):
                continue
            self.files += 1
            self.look(path.read_bytes(), str(path))

    def listen(self, terminal: Terminal, where: str) -> None:
        """Look at every byte that a terminal was sent, its clipboard and its last screen."""
        raw = terminal.raw
        self.look(raw, f"{where}: output")
        self.look(without_escapes(raw), f"{where}: output without escapes")
        self.look(terminal.screen_text(), f"{where}: screen")
        for number, copied in enumerate(clipboard(raw)):
            self.look(copied, f"{where}: clipboard {number}")

    def inspect(self, terminal: Terminal, where: str) -> None:
        """Look at what other processes can read of a running wizard and of its children."""
        pids = [terminal.process.pid]
        for pid in pids:
            process = Path("/proc", str(pid))
            for part in ("cmdline", "environ", "comm"):
                self.look((process / part).read_bytes(), f"{where}: {part} of {pid}")
            for thread in (process / "task").iterdir():
                pids += map(int, (thread / "children").read_text().split())


def is_well_kept(name: str, mode: int, folder_mode: int) -> bool:
    """Tell whether a file is where secrets belong: a vault that only its owner can read."""
    return _VAULT.fullmatch(name) is not None and (mode, folder_mode) == (0o600, 0o700)


def without_escapes(raw: bytes) -> bytes:
    """Leave out what moves the cursor or colours."""
    return _ESCAPES.sub(b"", raw)


def clipboard(raw: bytes) -> list[bytes]:
    """Decode what a program sent to the clipboard of its terminal."""
    return [base64.b64decode(sent) for sent in _CLIPBOARD.findall(raw)]


def at(terminal: Terminal, label: str) -> None:
    """Wait until the cursor is in the field below a label."""

    def there() -> bool:
        lines = terminal.screen_text().splitlines()
        return any(label in line for line in lines[terminal.cursor[1] - 1 : terminal.cursor[1]])

    terminal.wait_until(there, f"the cursor below {label}")
