"""What a killed and resumed set-up is judged by: both vendors, what is kept, and what was asked."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ava_setup.onboarding.state import CreateAssistant, ImportNumber, MakeKey
from ava_setup.store.places import Places
from ava_setup.store.state_file import StateFile
from tests.torture.kill_driver import Order
from tests.torture.kill_journey import BUSINESS, Person

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from ava_setup.onboarding.state import JournalEntry, Saved
    from ava_setup.sandbox import Announcement, Sandbox

KILLED = -9
_CALLER = "+33199008888"


@dataclass(frozen=True)
class Faults:
    """What a set-up lost, and what it has twice."""

    lost: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()


class Nursery:
    """The warm process whose forks are killed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, order: Order) -> int:
        """Make a run; gives its exit code, or the signal that ended it, negated."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(order.as_line() + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def nursery() -> Iterator[Nursery]:
    """Start the warm process, and end it."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.torture.kill_driver"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        yield Nursery(process)


class Attempt:
    """One set-up in a world of its own, from nothing to the end, through any number of kills.

    Args:
        controls: Asks the sandbox.
        home: A folder that does not exist yet.
        makes_key: See `Person`.
    """

    def __init__(
        self,
        runs: Nursery,
        sandbox: Sandbox,
        controls: httpx.Client,
        home: Path,
        *,
        makes_key: bool,
    ) -> None:
        self._runs = runs
        self._controls = controls
        self._told: Announcement = sandbox.announcement
        self._home = home
        self._makes_key = makes_key
        self._log = home.with_suffix(".log")
        answer = self._control("POST", "reset", json={"scenario": "fresh"})
        assert answer.status_code == 200
        self._webhook = self.vendors()["twilio"]

    def run(self, kill_at: int = 0) -> int:
        """Start the program; it dies at its `kill_at`-th touch, 0 for never."""
        told = self._told
        return self._runs.run(
            Order(
                home=str(self._home),
                log=str(self._log),
                kill_at=kill_at,
                vapi_url=told.vapi_url,
                twilio_url=told.twilio_url,
                person=Person(
                    control_url=told.control_url,
                    vapi_key=told.vapi_key,
                    account_sid=told.twilio_account_sid,
                    auth_token=told.twilio_auth_token,
                    makes_key=self._makes_key,
                ),
            )
        )

    @property
    def log(self) -> list[str]:
        """What all runs so far told."""
        return self._log.read_text(encoding="utf-8").splitlines()

    @property
    def touches(self) -> list[str]:
        """What all runs so far touched, in order."""
        return [line.removeprefix("at ") for line in self.log if line.startswith("at ")]

    @property
    def saved(self) -> Saved:
        """What is kept on disk now."""
        loaded = StateFile(Places(self._home).profile().state).load()
        assert loaded.problem is None
        return loaded.saved

    def vendors(self) -> Any:
        """All that both vendors hold; asked after whatever a killed run had sent them."""
        return self._control("GET", "state").json()

    def unseen(self) -> tuple[str, ...]:
        """Which things a vendor has made that the journal does not know to be made."""
        held = {**self.vendors()["vapi"], "keys": self._keys()}
        open_ = {type(one) for one in self.saved.journal if not one.made}
        kinds = {"assistants": CreateAssistant, "numbers": ImportNumber, "keys": MakeKey}
        return tuple(name for name, kind in kinds.items() if held[name] and kind in open_)

    def _keys(self) -> list[dict[str, Any]]:
        (account,) = self.vendors()["twilio"]["accounts"]
        held: list[dict[str, Any]] = account["keys"]
        return held

    # The judgement

    def faults(self, status: int) -> Faults:
        """Judge a set-up whose last run ended with `status`."""
        failed = tuple(line for line in self.log if line.startswith("failed "))
        if status != 0 or failed:
            return Faults(lost=(f"the resumed run ended with {status}", *failed))
        return Faults((*self._asked_again(), *self._lost()), tuple(self._doubled()))

    def _asked_again(self) -> Iterator[str]:
        """What was asked after its answer had been taken."""
        taken: set[str] = set()
        for line in self.log:
            what, _, question = line.partition(" ")
            if what == "kept":
                taken.add(question)
            if what == "asked" and (question in taken or question.startswith("consent")):
                yield line

    def _lost(self) -> Iterator[str]:
        saved = self.saved
        profile = saved.profile
        if (
            profile is None
            or {
                "business-name": profile.business_name,
                "email": profile.admin_email,
                "opening-hours": profile.opening_hours,
            }
            != BUSINESS
        ):
            yield "the business"
        if saved.linked is None or saved.answered is None:
            yield "the link or the proof"
        held = self.vendors()["vapi"]
        if not held["assistants"] or not held["numbers"]:
            yield "nothing was made"
            return
        assistant, record = held["assistants"][0], held["numbers"][0]
        if record.get("assistantId") != assistant["id"]:
            yield "the number is not linked"
        heard = self._control(
            "POST", "calls", json={"from": _CALLER, "to": self._told.numbers[0]}
        ).json()["heard"]
        if heard != assistant["firstMessage"] or BUSINESS["business-name"] not in heard:
            yield f"the caller heard {heard!r}"
        wanted = {CreateAssistant: assistant["id"], ImportNumber: record["id"]}
        if self._makes_key:
            wanted[MakeKey] = saved.twilio.key_sid if saved.twilio else ""
            yield from self._lost_keys(wanted[MakeKey], record)
        yield from self._lost_to_undo(saved.journal, wanted)

    def _lost_keys(self, in_use: str, record: dict[str, Any]) -> Iterator[str]:
        """What is wrong with the key that took the token's place."""
        if [one["sid"] for one in self._keys()] != [in_use]:
            yield "the key is not the one in use"
        if record.get("twilioApiKey") != in_use or "twilioAuthToken" in record:
            yield "Vapi was not given the key"
        token = self._told.twilio_auth_token.encode()
        if any(token in one.read_bytes() for one in self._home.rglob("*") if one.is_file()):
            yield "the token is still kept"

    def _lost_to_undo(
        self, journal: tuple[JournalEntry, ...], wanted: dict[Any, str]
    ) -> Iterator[str]:
        """What the journal does not tell of what was made, or of what was there before."""
        for kind, made in wanted.items():
            if made not in {one.made for one in journal if isinstance(one, kind)}:
                yield f"{kind.__name__} is not closed in the journal"
        before = str(self._webhook)
        for one in journal:
            if isinstance(one, ImportNumber) and (not one.voice_url or one.voice_url not in before):
                yield "the number's earlier webhook"

    def _doubled(self) -> Iterator[str]:
        held = self.vendors()["vapi"]
        made = [
            one["path"]
            for one in self._control("GET", "requests").json()
            if one["vendor"] == "vapi" and one["method"] == "POST" and one["status"] == 201
        ]
        for name, path in (("assistants", "/assistant"), ("numbers", "/phone-number")):
            if len(held[name]) > 1 or made.count(path) > 1:
                yield f"{len(held[name])} {name}, {made.count(path)} made"
        if len(self._keys()) > 1:
            yield "keys"
        kinds = [one.kind for one in self.saved.journal]
        if len(kinds) != len(set(kinds)):
            yield f"the journal: {kinds}"

    def _control(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self._controls.request(method, f"{self._told.control_url}/{path}", **options)
