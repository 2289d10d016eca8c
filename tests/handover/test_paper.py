"""The hand-over sheet as a page and in Markdown: whole, by itself, and safe whatever is in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from ava_setup.handover.markdown import as_markdown
from ava_setup.handover.page import as_page
from ava_setup.onboarding.handover import write_sheet
from ava_setup.words import Language, Voice
from tests.handover.lines import NUMBER, SLY, line, longest_line
from tests.qr import codes_in

if TYPE_CHECKING:
    from ava_setup.onboarding.handover import Facts

_MODULE = 6


class Page(HTMLParser):
    """What a browser makes of a page: its elements, and its words."""

    def __init__(self, written: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(written)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def values(self, name: str) -> set[str]:
        return {found[name] or "" for _tag, found in self.elements if name in found}


def page(facts: Facts, language: Language = Language.EN) -> Page:
    return Page(as_page(write_sheet(facts), Voice(language)))


@pytest.mark.parametrize("language", list(Language))
def test_the_page_needs_nothing_from_anywhere(language: Language) -> None:
    written = page(longest_line(), language)
    tags = {tag for tag, _attributes in written.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    assert not written.values("src") | written.values("action") | written.values("style")
    assert written.values("href") == {
        f"tel:{NUMBER}",
        "https://dashboard.eu.vapi.ai",
        "https://console.twilio.com",
    }
    style = written.words.partition("}")[2]
    assert "url(" not in style
    assert "@import" not in style
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    assert policy in written.values("content")


def test_a_name_that_looks_like_markup_is_a_name() -> None:
    facts = line(business=SLY, hours=SLY, questions=SLY)
    assert page(facts).words.count(SLY) == 4
    markdown = as_markdown(write_sheet(facts), Voice(Language.EN))
    shown = Page(MarkdownIt("commonmark").render(markdown))
    assert shown.words.count(SLY) == 3
    assert "https://evil.example" not in shown.values("href")
    assert not {"script", "code", "ul"} & {tag for tag, _attributes in shown.elements}


@pytest.mark.parametrize("hours", ["- 9", "+ 9", "1. lun", "9) lun", "# 9", "===", "> 9", "    9"])
def test_hours_that_begin_like_a_list_stay_a_sentence(hours: str) -> None:
    shown = MarkdownIt("commonmark").render(
        as_markdown(write_sheet(line(hours=hours)), Voice(Language.EN))
    )
    assert f"<p>{Page(hours).words.strip().replace('>', '&gt;')}</p>" in shown


def test_the_page_is_in_its_own_language_and_quotes_ava_in_the_callers() -> None:
    written = page(line(), Language.FR)
    languages = [found["lang"] for _tag, found in written.elements if "lang" in found]
    assert languages[0] == "fr"
    english = page(line(), Language.EN)
    assert [found["lang"] for _tag, found in english.elements if "lang" in found] == [
        "en",
        "fr",
        "fr",
    ]


def test_the_code_on_the_page_rings_the_number() -> None:
    written = page(line())
    drawing = next(found for tag, found in written.elements if tag == "svg")
    across = int((drawing["viewbox"] or "").split()[2])
    rows = [bytearray(b"\xff" * across * _MODULE) for _row in range(across * _MODULE)]
    strokes = next(
        found["d"] or "" for _tag, found in written.elements if found.get("stroke") == "#000"
    )
    x, y = 0, 0.0
    for order, first, second in re.findall(r"([Mmh])\s*(-?[\d.]+)(?:[ ,](-?[\d.]+))?", strokes):
        if order == "h":
            for row in rows[int(y) * _MODULE : (int(y) + 1) * _MODULE]:
                width = int(first) * _MODULE
                row[x * _MODULE : x * _MODULE + width] = bytes(width)
            x += int(first)
        elif order == "M":
            x, y = int(first), float(second)
        else:
            x, y = x + int(first), y + float(second)
    assert codes_in([bytes(row) for row in rows]) == [f"tel:{NUMBER}"]
