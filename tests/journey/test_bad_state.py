"""Each bad state of this computer is said plainly on screen, with what to do, and loses nothing.

A test that runs as root can write anywhere, so a disk that refuses is put in place of the system's
calls, for what lies below one folder.
"""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual.containers import Vertical

from ava_setup.words import Language
from tests.journey.finished import finish
from tests.journey.test_changing import verified
from tests.journey.test_undo_screen import asked, held, undone
from tests.journey.wizard import QuickWorlds, WatchedApp, Wizard, wizard_on
from tests.store.test_lock import HOLD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ava_setup.front.worlds import World
    from ava_setup.sandbox import Sandbox

FR, EN = Language.FR, Language.EN


def folder_in(home: Path) -> Path:
    """Make the default profile's folder."""
    folder = home / "profiles" / "default"
    folder.mkdir(parents=True)
    return folder


async def complaint(wizard: Wizard, *sentences: str) -> None:
    """Wait for a complaint, whole on screen, with the buttons below it."""
    await wizard.until(lambda: wizard.notice, "the complaint")
    await wizard.pilot.pause()
    notice = wizard.app.step_screen.query_one("#notice", Vertical)
    assert notice.virtual_size.height <= notice.size.height, "none of it is cut off"
    for sentence in sentences:
        assert sentence in wizard.words.replace(" ▌", ""), sentence
    assert "Traceback" not in wizard.screen_text
    assert "Ctrl+Q" in wizard.screen_text
    assert "One moment" not in wizard.words


async def complaint_in_both(
    wizard: Wizard, said: Mapping[Language, tuple[str, ...]], *more: str
) -> None:
    """Wait for a complaint, and see it in either language; the first one is spoken again."""
    for _language in Language:
        await complaint(wizard, *said[wizard.app.voice.language], *more)
        await wizard.press("ctrl+l")


async def start_again(wizard: Wizard) -> None:
    """Press the welcome's first button, whatever the last press of it still does."""
    await wizard.on("welcome")
    await wizard.click("next")


async def left(wizard: Wizard) -> None:
    """Leave by the keyboard, with an honest code."""
    await wizard.press("ctrl+q")
    await wizard.until(lambda: wizard.app._exit, "the end")
    assert wizard.app.return_code == 0


DAMAGED = {
    "truncated": '{"version": 1, "profile": {"business_na',
    "edited by hand": '{"version": 1, "profile": {"business_name": 7}, "answers": "none"}',
    "of another kind": "[]",
}


_SET_ASIDE = {
    FR: (
        "L'installation enregistrée est illisible.",
        "Le fichier est abîmé. Il a été mis de côté sous",
        "Continuez : ce qui est déjà chez Vapi et Twilio sera reconnu.",
    ),
    EN: (
        "The saved set-up cannot be read.",
        "The file is damaged. It was set aside as",
        "Go on: what is already at Vapi and Twilio will be recognised.",
    ),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
async def test_a_damaged_state_file_is_set_aside_and_the_wizard_goes_on(
    sandbox_of: Callable[..., Sandbox],
    tmp_path: Path,
    content: str,
) -> None:
    folder = folder_in(tmp_path)
    (folder / "state.json").write_text(content)
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await complaint_in_both(wizard, _SET_ASIDE)
        [backup] = folder.glob("state.json.damaged-*")
        assert backup.read_text() == content
        assert backup.name in wizard.notice
        await wizard.press("enter")
        await wizard.fill_business()
        await wizard.on("vapi")
    assert backup.read_text() == content
    assert (folder / "state.json").exists()


_NEWER = {
    FR: (
        "L'installation enregistrée vient d'un ava-setup plus récent.",
        "Mettez ava-setup à jour, puis relancez.",
    ),
    EN: (
        "The saved set-up was written by a newer ava-setup.",
        "Update ava-setup, then start again.",
    ),
}


async def test_what_a_newer_version_wrote_stays_as_it_is_however_often_one_starts(
    sandbox_of: Callable[..., Sandbox],
    tmp_path: Path,
) -> None:
    folder = folder_in(tmp_path)
    (folder / "state.json").write_text('{"version": 99, "news": true}')
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await complaint_in_both(wizard, _NEWER)
        await start_again(wizard)
        await complaint(wizard, *_NEWER[FR])
        await left(wizard)
    assert (folder / "state.json").read_text() == '{"version": 99, "news": true}'
    assert not list(folder.glob("state.json.*"))


class Disk:
    """The disk below a folder, which can be made to refuse every write."""

    def __init__(self, home: Path, patch: pytest.MonkeyPatch) -> None:
        self._home = str(home)
        self._patch = patch
        self._open, self._write = os.open, os.write

    def becomes_read_only(self) -> None:
        self._patch.setattr(os, "open", self._open_to_read)
        for name in ("mkdir", "replace", "rename", "unlink", "chmod"):
            self._patch.setattr(os, name, self._refusing(getattr(os, name)))

    def becomes_full(self) -> None:
        self._patch.setattr(os, "write", self._write_elsewhere)

    def is_well_again(self) -> None:
        self._patch.undo()
        os.environ["TEXTUAL_ANIMATIONS"] = "none"

    def _is_mine(self, path: Any) -> bool:
        return str(path).startswith(self._home)

    def _open_to_read(self, path: Any, flags: int, *more: Any, **options: Any) -> int:
        if self._is_mine(path) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return self._open(path, flags, *more, **options)

    def _refusing(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def refuse(path: Any, *more: Any, **options: Any) -> Any:
            if self._is_mine(path):
                raise OSError(errno.EROFS, os.strerror(errno.EROFS))
            return call(path, *more, **options)

        return refuse

    def _write_elsewhere(self, descriptor: int, content: bytes) -> int:
        if self._is_mine(Path(f"/proc/self/fd/{descriptor}").resolve()):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._write(descriptor, content)


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(tmp_path, monkeypatch)


_READ_ONLY = {
    FR: ("Vos réponses ne peuvent pas être enregistrées.", "AVA_SETUP_HOME", "Réessayer"),
    EN: ("Your answers cannot be saved.", "AVA_SETUP_HOME", "Try again"),
}


@pytest.mark.parametrize("earlier", [False, True], ids=["nothing kept yet", "a set-up kept"])
async def test_a_folder_that_cannot_be_written_is_said_before_anything_is_asked(
    sandbox_of: Callable[..., Sandbox],
    tmp_path: Path,
    disk: Disk,
    *,
    earlier: bool,
) -> None:
    sandbox = sandbox_of("fresh")
    if earlier:
        await finish(sandbox, tmp_path)
    disk.becomes_read_only()
    async with wizard_on(sandbox, tmp_path) as wizard:
        await complaint_in_both(wizard, _READ_ONLY)
        assert wizard.app.screen.name == "welcome"
        await start_again(wizard)
        await complaint(wizard, *_READ_ONLY[FR])
        disk.is_well_again()
        await start_again(wizard)
        await wizard.on("proof" if earlier else "business")


_FULL = {
    FR: ("Vos réponses ne peuvent pas être enregistrées.", "Libérez de la place"),
    EN: ("Your answers cannot be saved.", "Free some space"),
}


async def test_a_disk_that_fills_up_is_said_without_taking_the_focus_and_nothing_typed_is_lost(
    sandbox_of: Callable[..., Sandbox],
    tmp_path: Path,
    disk: Disk,
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_business()
        disk.becomes_full()
        await wizard.press(*"Lu", "enter")
        await complaint_in_both(wizard, _FULL)
        # What is typed meanwhile goes where the person types it.
        await wizard.press(*"lu")
        assert wizard.value("email") == "lu"
        await wizard.type("email", "lu@example.fr")
        await wizard.click("next")
        await complaint(wizard, *_FULL[FR])
        assert wizard.app.screen.name == "business"
        assert wizard.app.focused is wizard.app.screen.query_one("#remedy")
        # Nor does going back lose it.
        await wizard.press("escape")
        await complaint(wizard, *_FULL[FR])
        assert wizard.value("business-name") == "Lu"
        disk.is_well_again()
        await wizard.press("enter")
        await wizard.on("vapi")
    state = json.loads((tmp_path / "profiles" / "default" / "state.json").read_text())
    assert state["profile"]["adminEmail"] == "lu@example.fr"


async def test_the_complaint_goes_once_the_disk_has_room_again(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path, disk: Disk
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_business()
        disk.becomes_full()
        await wizard.press(*"Lu", "enter")
        await complaint(wizard)
        disk.is_well_again()
        await wizard.press(*"lu@example.fr", "enter")
        await wizard.until(lambda: not wizard.notice, "silence")


async def test_whoever_leaves_on_a_full_disk_is_told_that_the_last_answers_are_not_kept(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path, disk: Disk
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path, language=EN) as wizard:
        await wizard.up_to_business()
        disk.becomes_full()
        await wizard.press(*"Lu")
        await left(wizard)
        farewell = wizard.app.voice(wizard.app.farewell)
        assert "Your answers cannot be saved." in farewell
        assert "kept" not in farewell


_UNREADABLE = {
    FR: (
        "Les clés enregistrées sont illisibles.",
        "Leur fichier est abîmé ou appartient à quelqu'un d'autre",
        "Déplacez ce fichier",
    ),
    EN: (
        "The saved keys cannot be read.",
        "Their file is damaged or belongs to someone else",
        "Move that file away",
    ),
}


@pytest.mark.parametrize("damage", ["garbage", "not to be opened"])
async def test_keys_that_cannot_be_read_are_left_alone_and_asked_for_once_their_file_is_gone(
    sandbox_of: Callable[..., Sandbox],
    tmp_path: Path,
    damage: str,
) -> None:
    sandbox = sandbox_of("fresh")
    await finish(sandbox, tmp_path)
    secrets = tmp_path / "profiles" / "default" / "secrets.json"
    if damage == "garbage":
        secrets.write_text("garbage")
    else:
        # Modes keep nothing from root; a folder in its place is opened by nobody.
        secrets.unlink()
        secrets.mkdir()
    async with wizard_on(sandbox, tmp_path) as wizard:
        await complaint_in_both(wizard, _UNREADABLE)
        # Trying again says the same: the first try holds nothing against the second.
        await start_again(wizard)
        await complaint(wizard, *_UNREADABLE[FR])
        secrets.rename(secrets.with_name("moved-away"))
        await start_again(wizard)
        await wizard.fill_vapi()
        await wizard.on("twilio")
        assert wizard.value("account-sid") == sandbox.announcement.twilio_account_sid
        await wizard.type("auth-token", sandbox.announcement.twilio_auth_token)
        await wizard.press("enter")
        # All else was kept: both sides are read, nothing more is asked.
        await verified(wizard)
    assert secrets.with_name("moved-away").exists()


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process, that has the business open."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


_HELD = {
    FR: ("ava-setup est déjà ouvert pour cette entreprise.", "Utilisez cette fenêtre"),
    EN: ("ava-setup is already open for this business.", "Use that window"),
}


async def test_a_second_window_names_the_process_that_holds_the_business_and_takes_over_after_it(
    sandbox_of: Callable[..., Sandbox],
    tmp_path: Path,
    holder: subprocess.Popen[bytes],
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await complaint_in_both(wizard, _HELD, str(holder.pid))
        holder.kill()
        holder.wait()
        await start_again(wizard)
        await wizard.on("business")
        assert not wizard.notice


async def test_the_lock_of_a_process_that_died_is_nobodys_and_not_worth_a_word(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path, holder: subprocess.Popen[bytes]
) -> None:
    holder.kill()
    holder.wait()
    folder = tmp_path / "profiles" / "default"
    assert (folder / "lock.pid").read_text() == str(holder.pid)
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_business()
        assert not wizard.notice
        assert (folder / "lock.pid").read_text() == str(os.getpid())


def set_the_clock_back(home: Path) -> None:
    """Make all that an earlier run dated lie a year ahead, as for a clock that was set back."""
    year = timedelta(days=365)
    state = home / "profiles" / "default" / "state.json"
    document = json.loads(state.read_text())
    for entry in document["journal"]:
        entry["at"] = (datetime.fromisoformat(entry["at"]) + year).isoformat()
    state.write_text(json.dumps(document))
    for path in home.rglob("*"):
        ahead = path.stat().st_mtime + year.total_seconds()
        os.utime(path, (ahead, ahead))


async def test_a_clock_that_was_set_back_by_a_year_changes_nothing(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    before = held(sandbox)
    await finish(sandbox, tmp_path)
    set_the_clock_back(tmp_path)
    async with wizard_on(sandbox, tmp_path) as wizard:
        await verified(wizard)
        assert "Ava a répondu" in wizard.words
        assert not wizard.notice
        await wizard.press("f8")
        await asked(wizard)
        await wizard.press("right", "enter")
        await undone(wizard)
        assert held(sandbox) == before


class HeldUp(QuickWorlds):
    """Worlds of which the first opens only when it is let."""

    go = threading.Event()

    def open(self, profile: str) -> World:
        self.go.wait()
        return super().open(profile)


async def test_a_business_whose_opening_was_stopped_is_let_go_of_and_opens_the_next_time(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    worlds = HeldUp(sandbox_of("fresh"), tmp_path)
    app = WatchedApp(worlds, EN)
    async with app.run_test() as pilot:
        wizard = Wizard(app, pilot, None)  # type: ignore[arg-type] # nobody rings
        await wizard.on("welcome")
        app.workers.cancel_all()
        worlds.go.set()
        world = await app.open()
        assert world.problem is None
