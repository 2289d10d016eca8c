"""`ava-setup handover` as a person runs it: two files, over nothing, with no secret in them."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from ava_setup.sandbox import Sandbox
from tests.journey.finished import finish
from tests.journey.test_undo import COMMAND
from tests.journey.wizard import addresses

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

Run = subprocess.CompletedProcess[str]


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[Callable[..., Run]]:
    """Run the command in an empty folder, on a business that is set up."""
    home, folder = tmp_path / "home", tmp_path / "here"
    folder.mkdir()
    with Sandbox("fresh", call_seconds=0.0) as sandbox:
        await finish(sandbox, home)
        environ = {"PATH": "/usr/bin:/bin", "AVA_SETUP_HOME": str(home), "LANG": "C.UTF-8"}
        environ |= addresses(sandbox, regions=False)
        secrets = (sandbox.announcement.vapi_key, sandbox.announcement.twilio_auth_token)

        def command(*arguments: str) -> Run:
            return subprocess.run(
                [*COMMAND, "handover", *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                timeout=30,
                env=environ,
                cwd=folder,
                check=False,
            )

        yield command
        for path in folder.iterdir():
            written = path.read_text(encoding="utf-8")
            assert not [one for one in secrets if one in written]


async def test_it_writes_a_page_and_its_twin_beside_each_other_over_nothing(
    run: Callable[..., Run], tmp_path: Path
) -> None:
    here = tmp_path / "here"
    first = run("--lang", "en")
    page, twin = here / "ava-martin-plomberie.html", here / "ava-martin-plomberie.md"
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.splitlines()[:2] == [f"Written: {page}", f"Written: {twin}"]
    before = page.read_bytes(), twin.read_bytes()
    assert b"01 99 00 12 34" in before[0]
    assert b"Ring 01 99 00 12 34" in before[1]

    again = run("--lang", "fr", "--output", str(twin))
    assert again.returncode == 0
    assert (page.read_bytes(), twin.read_bytes()) == before
    written = {path.name for path in here.iterdir()} - {page.name, twin.name}
    assert written == {"ava-martin-plomberie-2.html", "ava-martin-plomberie-2.md"}
    assert 'lang="fr"' in (here / "ava-martin-plomberie-2.html").read_text(encoding="utf-8")

    nowhere = run("--lang", "en", "--output", str(tmp_path / "no" / "such" / "x.html"))
    assert nowhere.returncode == 1
    assert "The hand-over sheet cannot be written." in nowhere.stderr
    assert "there is no such folder" in nowhere.stderr

    nobody = run("--lang", "en", "--profile", "nobody")
    assert (nobody.returncode, nobody.stdout) == (1, "")
    assert "The business is not filled in yet." in nobody.stderr
    assert not (tmp_path / "home" / "profiles" / "nobody").exists()
    assert len(list(here.iterdir())) == 4
