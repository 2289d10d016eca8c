"""The hand-over sheet as one HTML page: style and code inside, nothing fetched, one A4 in print."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ava_setup.front.qr import code_for
from ava_setup.onboarding.handover import Blank, Paragraph, Place, Quote, Steps

if TYPE_CHECKING:
    from jinja2 import Template

    from ava_setup.onboarding.handover import Sheet
    from ava_setup.words import Voice


def as_page(sheet: Sheet, voice: Voice) -> str:
    """Write a sheet as HTML; every word of it is escaped.

    Args:
        sheet: What it says.
        voice: The language that it says it in.
    """
    return _template().render(
        sheet=sheet, say=voice, language=voice.language.value, code=_drawn(sheet.number)
    )


@cache
def _template() -> Template:
    # Whatever ends in .html is escaped by itself, and a name misspelt there is an error.
    environment = Environment(
        loader=PackageLoader("ava_setup.handover", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    kinds = {"paragraph": Paragraph, "steps": Steps, "quote": Quote, "place": Place, "blank": Blank}
    for name, kind in kinds.items():
        environment.tests[name] = lambda part, kind=kind: isinstance(part, kind)
    return environment.get_template("page.html")


def _drawn(number: str) -> Markup:
    """Draw the code that dials a number, black on white, its light edge included."""
    drawing = code_for(number).svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None
    )
    # Segno draws it of digits and its own letters alone.
    return Markup(drawing)  # noqa: S704
