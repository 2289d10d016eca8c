"""Arrows point down, and the first screen is painted before anything heavy is imported."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = (
    "email_validator",
    "httpx",
    "keyring",
    "phonenumbers",
    "pydantic",
    "segno",
    "starlette",
    "tenacity",
    "uvicorn",
)

_FIRST_PAINT = """
import asyncio, json, sys
from ava_setup.cli import main as _command_line
from ava_setup.tui.app import AvaSetup
from ava_setup.words import Language

found = {}

class Worlds:
  def businesses(self):
    strips = app.screen._compositor.render_strips()
    found["painted"] = "Commencer" in "".join(strip.text for strip in strips)
    found["heavy"] = [name for name in HEAVY if name in sys.modules]
    app.call_from_thread(app.exit)
    raise SystemExit

HEAVY = json.loads(sys.argv[1])
app = AvaSetup(Worlds(), Language.FR)
asyncio.run(app.run_async(headless=True, size=(80, 24)))
print(json.dumps(found))
"""


def run(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def test_the_first_screen_is_painted_before_anything_heavy_is_imported() -> None:
    found = json.loads(run(_FIRST_PAINT, json.dumps(HEAVY)).splitlines()[-1])
    assert found == {"painted": True, "heavy": []}


@pytest.mark.parametrize(
    ("rooms", "strangers"),
    [
        (
            "onboarding.setup onboarding.steps",
            (
                "textual rich httpx keyring starlette uvicorn platformdirs tenacity "
                "ava_setup.clients ava_setup.store ava_setup.tui ava_setup.sandbox"
            ),
        ),
        (
            "clients.vendors",
            "textual keyring starlette ava_setup.store ava_setup.tui ava_setup.sandbox",
        ),
        (
            "store.state_store store.vault",
            "textual rich httpx starlette ava_setup.clients ava_setup.tui ava_setup.sandbox",
        ),
        (
            "plain.journey",
            (
                "textual rich httpx keyring starlette tenacity ava_setup.clients ava_setup.store "
                "ava_setup.tui ava_setup.sandbox"
            ),
        ),
        ("wiring worlds", "textual starlette uvicorn ava_setup.tui ava_setup.sandbox"),
        (
            "wizard_command tui.app tui.screens.welcome",
            "argparse ava_setup.cli ava_setup.command_line ava_setup.onboarding.catalogue",
        ),
        (
            "sandbox.server",
            (
                "textual rich httpx keyring ava_setup.onboarding ava_setup.clients "
                "ava_setup.store ava_setup.tui"
            ),
        ),
    ],
)
def test_a_room_loads_no_room_or_library_that_it_must_not_know(rooms: str, strangers: str) -> None:
    modules = [f"ava_setup.{room}" for room in rooms.split()]
    code = (
        "import importlib, sys\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        "print(*sys.modules)"
    )
    loaded = run(code).split()
    assert sorted(set(loaded) & set(strangers.split())) == []


def test_the_command_line_says_its_version_without_loading_the_wizard() -> None:
    code = (
        "import sys\nfrom ava_setup.cli import main\n"
        "try: main(['--version'])\nexcept SystemExit: pass\nprint(*sys.modules)"
    )
    loaded = run(code).split()
    assert not set(loaded) & {"textual", "rich", *HEAVY}


@pytest.mark.source_tree
def test_the_top_level_holds_what_the_design_names_and_nothing_more() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    top = {name.split("/")[0] for name in tracked if not name.startswith(".")}
    assert top == {
        "LICENSE",
        "Makefile",
        "README.md",
        "pyproject.toml",
        "screenshots",
        "src",
        "tests",
    }
