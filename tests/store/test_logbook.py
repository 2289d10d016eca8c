"""The log: small, private, without secrets, and nobody's trouble when the disk makes some."""

from __future__ import annotations

import errno
import logging
import os
import re
import shutil
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import SecretStr

from ava_setup.onboarding import chronicle
from ava_setup.onboarding.chronicle import LOGGER
from ava_setup.onboarding.credentials import AuthToken
from ava_setup.onboarding.errors import (
    ErrorCode,
    Evidence,
    FieldProblem,
    Problem,
    StoreError,
    Vendor,
)
from ava_setup.onboarding.redaction import HIDDEN, Redactor
from ava_setup.store import logbook
from ava_setup.store.forgetting import forget_profile
from ava_setup.store.lock import ProfileLock
from ava_setup.store.logbook import Logbook, printable, read_log
from ava_setup.store.vault import LocalVault
from ava_setup.words import Text
from tests.canaries import AUTH_TOKEN, OTHER_VAPI_KEY, VAPI_KEY
from tests.onboarding.test_redaction import keys, words
from tests.store.test_disk import mode, refuse
from tests.torture.canary import Net, shapes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ava_setup.store.places import ProfileFolder

ACCOUNT_SID = f"AC{'0' * 32}"


@pytest.fixture
def book(folder: ProfileFolder) -> Iterator[Logbook]:
    redactor = Redactor()
    redactor.learn(SecretStr(VAPI_KEY))
    with Logbook(folder.log, redactor) as book:
        yield book


def told(folder: ProfileFolder) -> list[str]:
    """What the log says, without the times."""
    return [line.split(" ", 1)[1] for line in read_log(folder.log)]


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    """Give an error as it is once it was raised."""
    try:
        raise error from cause  # noqa: TRY301 - where it arises is what is looked for
    except Exception as caught:  # noqa: BLE001 - whatever it is
        return caught


# What a line is.


@pytest.mark.usefixtures("book")
def test_a_line_has_its_time_in_utc_its_level_and_what_happened(folder: ProfileFolder) -> None:
    chronicle.session_started((("python", "CPython 3"), ("system", "x"), ("settings", "")))
    [line] = read_log(folder.log)
    at, rest = line.split(" ", 1)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", at)
    assert rest == 'INFO session started python="CPython 3" system=x'


@pytest.mark.usefixtures("book")
def test_a_problem_is_told_by_its_code_and_evidence_not_by_what_was_typed(
    folder: ProfileFolder,
) -> None:
    evidence = Evidence(Vendor.TWILIO, 401, "20003", "RQ0", "Authenticate me")
    chronicle.problem(Problem(ErrorCode.TWILIO_REFUSED, (("words", "typed"),), evidence))
    chronicle.failure(FieldProblem(Text("{x} is wrong", (("x", "typed"),))))
    chronicle.failure(StoreError(ErrorCode.STATE_UNWRITABLE, path="/home/typed", cause="No space"))
    assert told(folder) == [
        (
            "WARNING problem code=twilio_refused vendor=Twilio status=401 vendor_code=20003"
            ' request_id=RQ0 words="Authenticate me"'
        ),
        "WARNING problem code=field_invalid",
        'WARNING problem code=state_unwritable cause="No space"',
    ]


@pytest.mark.usefixtures("book")
def test_a_fault_is_told_by_its_kinds_and_places_and_by_nothing_that_it_says(
    folder: ProfileFolder,
) -> None:
    hidden = "made-up words of an exception"
    error = raised(RuntimeError(hidden), raised(OSError(errno.ENOSPC, hidden)))
    error.add_note(hidden)
    chronicle.failure(error)
    chronicle.fault(StoreError(ErrorCode.BUSY, pid=hidden))
    first, second = told(folder)
    assert re.fullmatch(
        r'ERROR fault kind=RuntimeError at="\S+/test_logbook.py:\d+:raised" because of '
        r'kind=OSError\[ENOSPC\] at="\S+/test_logbook.py:\d+:raised"',
        first,
    )
    assert second == 'ERROR fault kind=StoreError[busy] at=""'
    assert hidden not in folder.log.read_text()


@pytest.mark.usefixtures("book")
def test_an_endless_chain_and_a_deep_stack_make_a_line_of_bearable_length(
    folder: ProfileFolder,
) -> None:
    def dig(depth: int) -> Exception:
        return dig(depth - 1) if depth else raised(ValueError())

    def deep() -> Exception:
        try:
            raise dig(0)  # noqa: TRY301 - a stack is wanted
        except Exception as error:  # noqa: BLE001 - same
            return error

    error: Exception = ValueError()
    for _ in range(100):
        error = raised(RuntimeError(), error)
    chronicle.fault(error)
    chronicle.fault(deep())
    assert max(map(len, told(folder))) < 4_000


@pytest.mark.usefixtures("book")
def test_nothing_can_break_a_line_or_move_the_cursor_of_who_reads_it(
    folder: ProfileFolder,
) -> None:
    LOGGER.warning("one\nINFO two\x1b[2J\u202e three")
    assert told(folder) == [r"WARNING one\nINFO two\x1b[2J\u202e three"]
    assert printable("é “a” — 1") == "é “a” — 1"


@pytest.mark.usefixtures("book")
def test_the_same_request_again_and_again_is_counted_not_repeated(folder: ProfileFolder) -> None:
    for path in ("/call", "/call", "/call", "/assistant", "/call"):
        with chronicle.request(Vendor.VAPI, "GET", path, 1) as answered:
            answered(200, "")
    chronicle.session_ended()
    assert [re.sub(r" ms=\d+", "", line) for line in told(folder)] == [
        "INFO request vendor=Vapi method=GET path=/call try=1 status=200",
        "INFO the same again, times=2",
        "INFO request vendor=Vapi method=GET path=/assistant try=1 status=200",
        "INFO request vendor=Vapi method=GET path=/call try=1 status=200",
        "INFO session ended",
    ]


def test_what_was_only_counted_is_told_when_the_log_is_closed(folder: ProfileFolder) -> None:
    with Logbook(folder.log, Redactor()):
        for _ in range(3):
            with chronicle.request(Vendor.VAPI, "GET", "/call", 1):
                pass
    assert told(folder)[1:] == ["INFO the same again, times=2"]


# Secrets.


@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
@given(keys, words)
def test_no_secret_gets_from_any_message_argument_or_exception_onto_the_disk(
    folder: ProfileFolder, secret: str, around: str
) -> None:
    shutil.rmtree(folder.path, ignore_errors=True)
    net = Net()
    net.watch(secret)
    masked = SecretStr(secret)
    redactor = Redactor()
    redactor.learn(masked)
    pair = AuthToken(account_sid=ACCOUNT_SID, auth_token=masked)
    with Logbook(folder.log, redactor):
        for shape in shapes(secret):
            LOGGER.info("%s %r", f"{around}{shape.decode()}{around}", {"k": [shape]})
        LOGGER.warning("%s %r %s %r", masked, masked, pair, {"pair": pair})
        LOGGER.error(
            f"{around}{secret}",
            exc_info=raised(RuntimeError(secret, masked), raised(ValueError(secret))),
        )
        chronicle.fault(raised(RuntimeError(secret, masked), raised(ValueError(secret))))
        chronicle.problem(Problem(ErrorCode.REJECTED, evidence=Evidence(words=secret)))
        with chronicle.request(Vendor.VAPI, "GET", f"/{secret}?{secret}", 1) as answered:
            answered(200, secret)
    net.sweep(folder.log.parent)
    assert net.files > 0
    assert net.hits == []


def test_a_secret_is_masked_by_its_type_before_anybody_knows_it(folder: ProfileFolder) -> None:
    pair = AuthToken(account_sid=ACCOUNT_SID, auth_token=SecretStr(OTHER_VAPI_KEY))
    with Logbook(folder.log, Redactor()):
        LOGGER.info("%s %r", pair, SecretStr(OTHER_VAPI_KEY))
    assert OTHER_VAPI_KEY not in folder.log.read_text()
    assert ACCOUNT_SID in folder.log.read_text()


def test_a_secret_that_is_learnt_while_the_log_is_open_is_hidden_from_then_on(
    folder: ProfileFolder,
) -> None:
    redactor = Redactor()
    with Logbook(folder.log, redactor):
        redactor.learn(SecretStr(AUTH_TOKEN))
        LOGGER.info("token=%s", AUTH_TOKEN)
    assert told(folder) == [f"INFO token={HIDDEN}"]


# The files.


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.usefixtures("open_umask")
def test_the_files_are_private_from_creation_on_and_few_and_small(
    folder: ProfileFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    opening = os.open

    def watched(path: str, flags: int, wanted: int = 0o777) -> int:
        descriptor = opening(path, flags, wanted)
        made.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        return descriptor

    monkeypatch.setattr(os, "open", watched)
    monkeypatch.setattr(logbook, "FILE_MAX", 2_000)
    with Logbook(folder.log, Redactor()):
        for number in range(500):
            LOGGER.info("line %s", number)
    files = sorted(path.name for path in folder.log.parent.iterdir())
    assert files == ["ava-setup.log", "ava-setup.log.1", "ava-setup.log.2"]
    assert len(made) > 3
    assert set(made) == {0o600}
    assert {mode(path) for path in folder.log.parent.iterdir()} == {0o600}
    assert mode(folder.log.parent) == mode(folder.path) == 0o700
    assert all(path.stat().st_size <= 2_000 for path in folder.log.parent.iterdir())
    numbers = [int(line.rsplit(" ", 1)[1]) for line in read_log(folder.log)]
    assert numbers == list(range(numbers[0], 500))


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_log_that_was_copied_by_hand_is_taken_away_from_others(folder: ProfileFolder) -> None:
    folder.log.parent.mkdir(parents=True)
    folder.log.touch(0o644)
    with Logbook(folder.log, Redactor()):
        LOGGER.info("x")
    assert mode(folder.log) == 0o600


def test_the_log_is_carried_on_and_nothing_is_made_before_there_is_anything_to_say(
    folder: ProfileFolder,
) -> None:
    with Logbook(folder.log, Redactor()):
        assert not folder.log.exists()
        LOGGER.info("one")
    with Logbook(folder.log, Redactor()):
        LOGGER.info("two")
    assert told(folder) == ["INFO one", "INFO two"]


def test_a_log_that_is_not_text_or_not_there_is_read_as_far_as_it_can_be(
    folder: ProfileFolder,
) -> None:
    assert read_log(folder.log) == ()
    folder.log.parent.mkdir(parents=True)
    folder.log.write_bytes(b"\xff\x1b[2J\nx\n")
    folder.log.with_name("ava-setup.log.1").mkdir()
    assert read_log(folder.log) == ("\ufffd" + r"\x1b[2J", "x")


# Disks.


def quietly(folder: ProfileFolder, capsys: pytest.CaptureFixture[str]) -> Logbook:
    """Log a lot; nobody hears of any trouble."""
    with Logbook(folder.log, Redactor()) as book:
        for number in range(200):
            LOGGER.error("line %s", number, exc_info=raised(ValueError()))
    assert capsys.readouterr() == ("", "")
    return book


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full disk here")  # noqa: PTH110
def test_a_full_disk_is_nobodys_trouble(
    folder: ProfileFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opening = os.open
    monkeypatch.setattr(os, "open", lambda _path, flags, _mode: opening("/dev/full", flags))
    assert quietly(folder, capsys).stream is None


@pytest.mark.parametrize("call", ["open", "mkdir", "rename", "remove"])
def test_a_disk_that_refuses_is_nobodys_trouble(
    folder: ProfileFolder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    call: str,
) -> None:
    monkeypatch.setattr(logbook, "FILE_MAX", 2_000)
    monkeypatch.setattr(os, call, refuse(errno.EROFS))
    quietly(folder, capsys)


def test_something_else_in_the_logs_place_is_nobodys_trouble(
    folder: ProfileFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.path.mkdir(parents=True)
    folder.log.parent.touch()
    quietly(folder, capsys)
    assert read_log(folder.log) == ()


def test_a_line_that_cannot_be_made_is_nobodys_trouble(
    folder: ProfileFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    with Logbook(folder.log, Redactor()) as book:
        for words, given in (("%d", ("no number",)), ("half a pair \ud800", ())):
            book.handle(LOGGER.makeRecord("x", logging.INFO, "", 0, words, given, None))
    assert capsys.readouterr() == ("", "")
    assert told(folder) == [r"INFO half a pair \ud800"]


# Whose it is.


@pytest.mark.parametrize("is_open", [False, True])
def test_nothing_is_ever_printed_whether_there_is_a_log_or_not(
    tmp_path: Path,
    is_open: bool,  # noqa: FBT001 - a column of the table
) -> None:
    code = (
        "import logging, sys\n"
        "from contextlib import nullcontext\n"
        "from pathlib import Path\n"
        "from ava_setup.onboarding import chronicle\n"
        "from ava_setup.onboarding.redaction import Redactor\n"
        "from ava_setup.store.logbook import Logbook\n"
        "logging.basicConfig(level=0)\n"
        "with Logbook(Path(sys.argv[1]), Redactor()) if len(sys.argv) > 1 else nullcontext():\n"
        "    chronicle.failure(ValueError())\n"
    )
    path = tmp_path / "log"
    done = subprocess.run(
        [sys.executable, "-c", code, *([str(path)] if is_open else [])],
        capture_output=True,
        check=True,
        timeout=30,
    )
    assert (done.stdout, done.stderr) == (b"", b"")
    assert len(read_log(path)) == is_open


def test_the_libraries_below_do_not_write_into_it(folder: ProfileFolder) -> None:
    with Logbook(folder.log, Redactor()):
        for name in ("httpx", "httpcore", "textual", "asyncio", ""):
            logging.getLogger(name or None).log(logging.CRITICAL + 1, "headers")
    assert read_log(folder.log) == ()


def test_of_two_open_logs_only_the_later_is_written(tmp_path: Path) -> None:
    first, second = tmp_path / "1" / "log", tmp_path / "2" / "log"
    with Logbook(first, Redactor()):
        LOGGER.info("for the first")
        with Logbook(second, Redactor()):
            LOGGER.info("for the second")
        LOGGER.info("for nobody")
    assert [line.split(" ", 2)[2] for line in read_log(first)] == ["for the first"]
    assert [line.split(" ", 2)[2] for line in read_log(second)] == ["for the second"]


def test_a_closed_log_is_not_opened_again_by_a_late_thread(folder: ProfileFolder) -> None:
    with Logbook(folder.log, Redactor()) as book:
        pass
    book.handle(LOGGER.makeRecord("ava_setup", logging.ERROR, "", 0, "late", (), None))
    assert book.stream is None
    assert book not in LOGGER.handlers
    assert read_log(folder.log) == ()


async def test_forgetting_removes_every_log_even_an_open_one_and_none_comes_back(
    folder: ProfileFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logbook, "FILE_MAX", 2_000)
    with ProfileLock(folder), Logbook(folder.log, Redactor()):
        for number in range(200):
            LOGGER.info("line %s", number)
        forgotten = await forget_profile(folder, LocalVault())
        assert forgotten.files == 3
        for number in range(200):
            LOGGER.info("line %s", number)
    assert not folder.path.exists()
