"""`ava-setup apply`: makes businesses what an answer file says, without a screen."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from ava_setup import exit_codes
from ava_setup.conversation import Conversation
from ava_setup.exit_codes import ExitCode
from ava_setup.fleet_wiring import Workshop
from ava_setup.headless import written_out
from ava_setup.headless.fleet import Fleet, OnConflict
from ava_setup.headless.reading import Fault, InvalidFileError, read
from ava_setup.headless.references import Hoard, with_keys
from ava_setup.store.logbook import Logbook
from ava_setup.store.places import Places
from ava_setup.words import NOTHING, Text, Voice, _, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ava_setup.headless.fleet import Ended, Order, Planned, Progress
    from ava_setup.headless.reading import Read
    from ava_setup.onboarding.outcome import LinkResult

JOBS = 8
_STDIN = "-"
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Orders:
    """What is to be applied, and how.

    Attributes:
        file: The answer file; `-` is standard input.
        only: Names of the only businesses to set up; none is all.
        jobs: How many at a time.
        dry_run: Whether to stop once the plan is shown.
        yes: Whether to go ahead without asking.
        as_json: Whether standard output is for programs.
        on_conflict: What to do where somebody would lose something; None asks where there is a
            terminal to ask on, and skips elsewhere.
        save_secrets: Whether the secrets of the businesses outlast the run.
    """

    file: str
    only: tuple[str, ...] = ()
    jobs: int = JOBS
    dry_run: bool = False
    yes: bool = False
    as_json: bool = False
    on_conflict: OnConflict | None = None
    save_secrets: bool = False

    @property
    def in_conflict(self) -> OnConflict:
        """What to do where somebody would lose something."""
        asks = sys.stdin.isatty() and self.file != _STDIN
        return self.on_conflict or (OnConflict.ASK if asks else OnConflict.SKIP)


def apply(orders: Orders, voice: Voice) -> int:
    """Apply an answer file.

    Returns:
        The exit code, one of `ExitCode`.
    """
    # Nothing is asked of somebody who only wants to see.
    talk = Conversation(voice, yes=orders.yes or orders.dry_run, quiet=True)
    return talk.hold(_Run(orders, talk, voice).go, _CARRY_ON)


_CARRY_ON = _("Stopped. Run the same command again: it carries on.")


class _Run:
    def __init__(self, orders: Orders, talk: Conversation, voice: Voice) -> None:
        self._orders = orders
        self._talk = talk
        self._voice = voice
        self._is_under_way = False

    async def go(self) -> int:
        """Do it all; gives the exit code."""
        orders = self._orders
        try:
            source, folder = content(orders.file)
            file = read(source)
            self._must_know(file)
        except (OSError, UnicodeDecodeError):
            text = _("the file {name} cannot be read", name=orders.file)
            return self._unusable((Fault(0, "", text),), ExitCode.USAGE)
        except InvalidFileError as error:
            return self._unusable(error.faults, ExitCode.USAGE)
        ask = self._ask if orders.in_conflict is OnConflict.ASK else None
        try:
            businesses = with_keys(file, orders.only, Hoard(os.environ, folder, in_keyring, ask))
        except InvalidFileError as error:
            return self._unusable(error.faults, ExitCode.PREREQUISITE)
        places = Places.from_environment()
        workshop = Workshop(os.environ, places, keep_secrets=orders.save_secrets)
        with Logbook(places.run_log, workshop.redactor):
            return await self._set_up(businesses, workshop)

    def _must_know(self, file: Read) -> None:
        names = [one.name for one in file.answers.business]
        if unknown := [one for one in self._orders.only if one not in names]:
            text = _(
                "--only: not in the file: {unknown}; there are: {names}",
                unknown=", ".join(unknown),
                names=", ".join(names),
            )
            raise InvalidFileError((Fault(0, "", text),))

    def _ask(self, key: str) -> str:
        question = self._voice(_("Secret for {key} (not shown):", key=key))
        return getpass(f"{question} ")

    def _unusable(self, faults: Sequence[Fault], code: ExitCode) -> int:
        """Say all that is wrong with the file; nothing was done."""
        for fault in faults:
            self._talk.say(fault.words if fault.line else fault.text)
        self._talk.say(_("Nothing was done."))
        if self._orders.as_json:
            self._talk.answer(written_out.line(written_out.invalid(faults, self._voice)))
        return code

    async def _set_up(self, businesses: Sequence[Order], workshop: Workshop) -> int:
        orders = self._orders
        fleet = Fleet(
            workshop,
            jobs=orders.jobs,
            on_conflict=orders.in_conflict,
            agreed=self._agreed,
            tell=self._tell,
        )
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, self._interrupt, fleet, asyncio.current_task())
        try:
            self._talk.say(_("Reading what is there…"))
            with self._under_way():
                plans = await fleet.plan(businesses, rehearsed=orders.dry_run)
            for plan in plans:
                self._show(plan)
            if orders.dry_run:
                return self._close([one.code for one in plans])
            if not await self._talk.agrees(_("Do this?")):
                self._talk.say(_("Nothing was done."))
                return ExitCode.CONSENT
            with self._under_way():
                ends = await fleet.apply(businesses)
            return self._close([one.code for one in ends])
        except asyncio.CancelledError:
            # Nobody else cancels: whatever was under way is in the journals.
            self._talk.say(_CARRY_ON)
            return ExitCode.INTERRUPTED
        finally:
            loop.remove_signal_handler(signal.SIGINT)

    @contextmanager
    def _under_way(self) -> Iterator[None]:
        self._is_under_way = True
        try:
            yield
        finally:
            self._is_under_way = False

    def _interrupt(self, fleet: Fleet, task: asyncio.Task[object] | None) -> None:
        """The first Ctrl+C begins nothing more; the second, or one at a question, ends all."""
        if (fleet.is_stopping or not self._is_under_way) and task is not None:
            task.cancel()
            return
        fleet.stop()
        self._talk.say(
            _("Finishing those under way. Ctrl+C again stops at once; nothing is lost either way.")
        )

    async def _agreed(self, name: str, result: LinkResult) -> bool:
        assert result.problem is not None  # noqa: S101 - a consent is wanted because of one
        self._talk.say_beside(f"{name}: ", result.problem.what)
        self._talk.say_beside("  ", result.problem.why)
        return await self._talk.agrees(_("Go ahead all the same?"))

    def _show(self, plan: Planned) -> None:
        voice, say = self._voice, self._talk.say_beside
        if plan.problem is not None:
            say(f"✗ {plan.name}: ", plan.problem.what)
            say("    ", plan.problem.next)
        elif plan.review is None:
            say(f"○ {plan.name}: ", _("not looked at"))
        elif not plan.review.writes:
            say(f"✓ {plan.name}: ", _("nothing to do"))
        else:
            say(f"● {plan.name}:", NOTHING)
            for row in plan.review.writes:
                say(f"    {voice(row.setting)}: ", row.effect.words)
        for request in plan.requests or ():
            say("    → ", verbatim(written_out.in_short(request)))
        if self._orders.as_json and self._orders.dry_run:
            self._talk.answer(written_out.line(written_out.planned(plan, voice)))

    def _tell(self, ended: Ended, progress: Progress) -> None:
        """Say how one ended, and how far all are."""
        problem, result = ended.problem, ended.result
        if ended.code is not ExitCode.INTERRUPTED:
            mark = "✓" if ended.code is ExitCode.DONE else "✗"
            if result is not None and result.success:
                self._talk.say_beside(f"{mark} {ended.name}: ", result.message)
            elif problem is not None:
                self._talk.say_beside(f"{mark} {ended.name}: ", problem.what)
                self._talk.say_beside("    ", problem.next)
            self._talk.say_beside("  ", _far(progress))
        if self._orders.as_json:
            self._talk.answer(written_out.line(written_out.ended(ended, self._voice)))

    def _close(self, codes: Sequence[ExitCode]) -> int:
        code = exit_codes.of_all(tuple(codes))
        if ExitCode.INTERRUPTED in codes:
            self._talk.say(_CARRY_ON)
        if self._orders.as_json:
            self._talk.answer(written_out.line(written_out.summary(codes)))
        return code


def _far(progress: Progress) -> Text:
    """Say how far a fleet is."""
    done, failed, left = progress.done, progress.failed, progress.left
    if not left or progress.seconds_to_go is None:
        return _("done {done}, failed {failed}, left {left}", done=done, failed=failed, left=left)
    seconds = round(progress.seconds_to_go)
    return _(
        "done {done}, failed {failed}, left {left}; {time} to go",
        done=done,
        failed=failed,
        left=left,
        time=_("{minutes} min", minutes=round(seconds / _MINUTE))
        if seconds >= 2 * _MINUTE
        else _("{seconds} s", seconds=seconds),
    )


def content(name: str) -> tuple[str, Path]:
    """Read an answer file; gives its folder too.

    Raises:
        OSError: It cannot be read.
        UnicodeDecodeError: It is no text.
    """
    if name == _STDIN:
        return sys.stdin.read(), Path.cwd()
    path = Path(name)
    return path.read_text(encoding="utf-8"), path.absolute().parent


def in_keyring(service: str, user: str) -> str | None:
    """Give a secret of the system's keyring; None when it has none, or does not answer."""
    import keyring  # noqa: PLC0415 - slow, and rarely wanted
    from keyring.errors import KeyringError  # noqa: PLC0415 - same

    try:
        return keyring.get_password(service, user)
    except KeyringError:
        return None
