"""What people meet who come from elsewhere: no assistant, another's, a broken line, a demo."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from ava_setup.sandbox import Sandbox
from ava_setup.tui.app import AvaSetup
from ava_setup.tui.playhead import Playhead
from ava_setup.tui.screens.caller import CallerScreen
from ava_setup.tui.screens.doctor import DoctorScreen
from tests.gallery.camera import Camera
from tests.journey.finished import outlive
from tests.journey.wizard import QuickDemos, Wizard, wizard_on

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from tests.gallery.frame import Frame


async def no_assistant(frame: Frame, home: Path) -> dict[str, str]:
    """Draw what is said when there is no assistant to link."""
    async with _wizard("fresh", frame, home) as wizard:
        camera = Camera(wizard, frame)
        await wizard.up_to_review(assistant=None)
        await wizard.press("enter")
        await camera.take("13-assistant-required", "review", lambda: wizard.notice)
        return camera.taken


async def linked_elsewhere(frame: Frame, home: Path) -> dict[str, str]:
    """Draw the question before a number is taken from another assistant."""
    async with _wizard("linked-elsewhere", frame, home) as wizard:
        camera = Camera(wizard, frame)
        await wizard.up_to_review(assistant="Ava pour le cabinet")
        await wizard.press("enter")
        await camera.take("14-linked-elsewhere", "consent")
        return camera.taken


async def doctor(frame: Frame, home: Path) -> dict[str, str]:
    """Draw what the doctor finds on a line that lost its assistant, and once that is mended."""
    async with _wizard("unlinked", frame, home, after=outlive) as wizard:
        camera = Camera(wizard, frame)
        await wizard.on("proof")
        await wizard.until(lambda: wizard.notice, "the broken link")
        await wizard.press("f9")

        def finds(mends: int) -> bool:
            page = wizard.app.screen
            assert isinstance(page, DoctorScreen)
            return bool(page.query_one("#again").display) and len(page._free) == mends

        await camera.take("20-doctor", "doctor", lambda: finds(1))
        await wizard.press("enter")
        await camera.take("21-doctor-all-well", "doctor", lambda: finds(0))
        return camera.taken


async def caller(frame: Frame, _home: Path) -> dict[str, str]:
    """Draw what the caller of a demo hears of a line that lost its assistant."""
    demos, quick = QuickDemos(scenario="unlinked"), Playhead(lasts=0)
    app = AvaSetup(demos, frame.language, demo=True, tempo=quick)
    async with app.run_test(size=frame.size) as pilot:
        # The demo has a sandbox of its own.
        wizard = Wizard(app, pilot, None)  # type: ignore[arg-type]
        camera = Camera(wizard, frame)
        await wizard.on("welcome")
        await wizard.until(app.ready.is_set, "the demo")
        await wizard.press("f2")

        def is_over() -> bool:
            page = app.screen
            return isinstance(page, CallerScreen) and page.heard is not None

        await camera.take("24-caller", "caller", is_over)
        return camera.taken


@asynccontextmanager
async def _wizard(
    scenario: str,
    frame: Frame,
    home: Path,
    *,
    after: Callable[[Sandbox, Path], Awaitable[None]] | None = None,
) -> AsyncIterator[Wizard]:
    with Sandbox(scenario=scenario) as sandbox:
        if after is not None:
            await after(sandbox, home)
        async with wizard_on(
            sandbox, home, language=frame.language, size=frame.size, regions=True
        ) as wizard:
            yield wizard
