"""The hand-over sheet in a real browser: one printed page, nothing fetched, a code that reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.handover.page import as_page
from ava_setup.onboarding.handover import write_sheet
from ava_setup.words import Language, Voice
from tests.browser.chromium import chromium
from tests.handover.lines import NUMBER, SLY, line, longest_line
from tests.qr import codes_in

if TYPE_CHECKING:
    from pathlib import Path

# Inches: what American printers hold, in place of A4.
LETTER = {"paperWidth": 8.5, "paperHeight": 11.0}


async def test_however_long_a_line_is_it_prints_on_one_page_and_asks_nobody(
    tmp_path: Path,
) -> None:
    async with chromium(tmp_path / "profile") as browser:
        for facts in (line(), longest_line()):
            for language in Language:
                page = tmp_path / f"{facts.profile[:7]}.{language}.html"
                page.write_text(as_page(write_sheet(facts), Voice(language)), encoding="utf-8")
                tab = await browser.tab()
                await tab.open(page.as_uri())
                assert await tab.pages_printed() == 1, page.name
                assert await tab.pages_printed(**LETTER) == 1, page.name
                assert codes_in(await tab.photographed()) == [f"tel:{NUMBER}"]
                assert tab.asked == [page.as_uri()]
                assert await tab.value_of("document.scripts.length") == 0
        heading = await tab.value_of("document.querySelector('h1').textContent")
        assert heading == facts.business
        assert heading.startswith(SLY)
