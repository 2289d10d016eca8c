"""Draws every step of the real app, in French and English: `make screenshots`.

Writes `screenshots/<step>.<language>.svg` and, with Chromium, the same as PNG. Needs the programs
`chromium` and the font Fira Code; the tests do not.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from textual.widgets import Input

from ava_setup.sandbox import Sandbox
from ava_setup.words import Language
from tests.journey.finished import outlive
from tests.journey.wizard import Wizard, wizard_on

if TYPE_CHECKING:
    from collections.abc import Callable

PICTURES = Path(__file__).parents[1] / "screenshots"
SIZE = (80, 24)
_REMOTE_FONT = re.compile(r",?\s*url\([^)]*\) format\([^)]*\)")
_VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def draw(wizard: Wizard, name: str, language: Language) -> None:
    """Write what is on screen as SVG, with no address of another host in it."""
    for entry in wizard.app.screen.query(Input):
        entry.cursor_blink = False
    picture = _REMOTE_FONT.sub("", wizard.app.export_screenshot())
    (PICTURES / f"{name}.{language}.svg").write_text(picture, encoding="utf-8")


async def the_journey(language: Language) -> None:
    """Draw each step on the way to the first call."""
    with Sandbox(scenario="fresh") as sandbox, tempfile.TemporaryDirectory() as home:
        async with wizard_on(sandbox, Path(home), language=language, size=SIZE) as wizard:

            def seen(name: str) -> None:
                draw(wizard, name, language)

            await _walk(wizard, seen)


async def _walk(wizard: Wizard, seen: Callable[[str], None]) -> None:
    told = wizard.sandbox.announcement
    await wizard.on("welcome")
    await wizard.until(wizard.app.ready.is_set)
    await wizard.pilot.pause()
    seen("1-welcome")
    await wizard.press("enter")
    await wizard.on("business")
    await wizard.type("business-name", "Plomberie Martin")
    await wizard.type("email", "contact@plomberie-martin.example")
    wizard.app.screen.query_one("#trade").focus()
    await wizard.press("right")
    await wizard.pilot.pause()
    seen("2-business")
    await wizard.click("next")
    await wizard.on("vapi")
    await wizard.type("vapi-key", told.vapi_key)
    seen("3-vapi")
    await wizard.press("enter")
    await wizard.on("assistant")
    seen("4-assistant")
    await wizard.click("next")
    await wizard.on("twilio")
    await wizard.type("account-sid", told.twilio_account_sid)
    await wizard.type("auth-token", told.twilio_auth_token)
    seen("5-twilio")
    await wizard.press("enter")
    await wizard.on("number")
    seen("6-number")
    await wizard.press("enter")
    await wizard.on("proof")
    await wizard.pilot.pause()
    seen("7-proof")
    wizard.call()
    await wizard.until(lambda: wizard.app.setup.saved.answered)
    wizard.app.clear_notifications()
    await wizard.pilot.pause(0.2)
    seen("8-answered")
    await wizard.click("change")
    await wizard.on("change")
    await wizard.pilot.pause()
    seen("10-change")
    await wizard.press("end", "enter")
    await wizard.on("undo")
    await wizard.until(lambda: wizard.app.screen.query_one("#yes").display)
    await wizard.pilot.pause()
    seen("11-undo")


async def the_error(language: Language) -> None:
    """Draw what is said when there is no assistant to link."""
    with Sandbox(scenario="fresh") as sandbox, tempfile.TemporaryDirectory() as home:
        async with wizard_on(sandbox, Path(home), language=language, size=SIZE) as wizard:
            await wizard.up_to_number(assistant=None)
            await wizard.press("enter")
            await wizard.until(lambda: wizard.notice)
            await wizard.pilot.pause()
            draw(wizard, "9-assistant-required", language)


async def the_doctor(language: Language) -> None:
    """Draw what the doctor finds on a line that lost its assistant, and once that is mended."""
    with Sandbox(scenario="unlinked") as sandbox, tempfile.TemporaryDirectory() as home:
        await outlive(sandbox, Path(home))
        async with wizard_on(
            sandbox, Path(home), language=language, size=SIZE, regions=True
        ) as wizard:
            await wizard.on("proof")
            await wizard.until(lambda: wizard.notice)
            await wizard.press("f9")
            await wizard.on("doctor")
            for name in ("12-doctor", "13-doctor-all-well"):
                await wizard.until(lambda: wizard.app.screen.query_one("#again").display)
                await wizard.pilot.pause()
                draw(wizard, name, language)
                await wizard.press("enter")
                await wizard.pilot.pause()


def as_png(picture: Path) -> None:
    """Have Chromium draw an SVG.

    Raises:
        subprocess.CalledProcessError: Chromium could not.
    """
    box = _VIEW_BOX.search(picture.read_text(encoding="utf-8"))
    width, height = (round(float(side)) for side in box.groups()) if box else (1000, 640)
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                f"--user-data-dir={profile}",
                f"--window-size={width},{height}",
                f"--screenshot={picture.with_suffix('.png')}",
                picture.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )


def main() -> int:
    """Draw everything."""
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    if shutil.which("chromium") is None:
        print("chromium is needed to draw PNG (Debian: apt install chromium fonts-firacode)")
        return 1
    PICTURES.mkdir(exist_ok=True)
    for old in (*PICTURES.glob("*.svg"), *PICTURES.glob("*.png")):
        old.unlink()
    for language in Language:
        asyncio.run(the_journey(language))
        asyncio.run(the_error(language))
        asyncio.run(the_doctor(language))
    for picture in sorted(PICTURES.glob("*.svg")):
        as_png(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
