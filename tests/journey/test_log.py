"""What the wizard leaves in the log of the business it works on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.store.logbook import read_log
from ava_setup.store.places import Places
from ava_setup.words import Language
from tests.canaries import OTHER_VAPI_KEY
from tests.journey.wizard import wizard_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ava_setup.sandbox import Sandbox


def logged(home: Path, profile: str = "default") -> str:
    return "\n".join(read_log(Places(home).profile(profile).log))


async def test_a_refused_key_is_found_with_what_vapis_support_asks_for(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path, language=Language.EN) as wizard:
        await wizard.up_to_business()
        await wizard.fill_business()
        await wizard.on("vapi")
        await wizard.type("vapi-key", OTHER_VAPI_KEY)
        await wizard.press("enter")
        await wizard.until(lambda: wizard.notice, "a notice")
    log = logged(tmp_path)
    assert "WARNING request vendor=Vapi method=GET path=/assistant try=1 status=401" in log
    problem = next(line for line in log.splitlines() if " problem " in line)
    assert "code=vapi_key_refused vendor=Vapi status=401 request_id=" in problem
    assert OTHER_VAPI_KEY not in log
    assert "plomberie-martin.example" not in log
    assert log.splitlines()[-1].endswith("INFO session ended")


async def test_a_fault_behind_a_screen_is_found_by_its_kind_and_place(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path, language=Language.EN) as wizard:
        await wizard.up_to_business()
        try:
            raise RuntimeError("what was typed")  # noqa: TRY301 - where it arises is looked for
        except RuntimeError as error:
            wizard.app.worker_failed(error)
        await wizard.until(lambda: "RuntimeError" in wizard.notice, "a notice")
    log = logged(tmp_path)
    assert 'ERROR fault kind=RuntimeError at="' in log
    assert "/test_log.py:" in log
    assert "WARNING problem code=unexpected kind=RuntimeError" in log
    assert "what was typed" not in log


async def test_two_businesses_share_no_line(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_of("fresh")
    async with wizard_on(sandbox, tmp_path, profile="one") as wizard:
        await wizard.start()
        await wizard.on("business")
    before = logged(tmp_path, "one")
    async with wizard_on(sandbox, tmp_path, profile="two") as wizard:
        await wizard.start()
        await wizard.fill_business()
        await wizard.fill_vapi()
        await wizard.on("assistant")
    assert logged(tmp_path, "one") == before
    assert "path=/assistant" in logged(tmp_path, "two")
    assert "path=/assistant" not in before
