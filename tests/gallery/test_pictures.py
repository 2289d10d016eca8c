"""The pictures in `screenshots/` show the app as it is."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.gallery.frame import COMMAND, PICTURES
from tests.gallery.sheets import sheets
from tests.gallery.stories import Story, stories
from tests.screenshots import left_over

pytestmark = pytest.mark.source_tree


def as_it_is(file: str) -> str:
    """Give a picture of the folder; "" where there is none."""
    place = PICTURES / file
    return place.read_text(encoding="utf-8") if place.exists() else ""


@pytest.mark.parametrize("story", stories(), ids=str)
async def test_each_picture_shows_what_the_app_shows_now(story: Story, tmp_path: Path) -> None:
    drawn = await story.told(tmp_path)
    stale = [file for file, picture in sorted(drawn.items()) if picture != as_it_is(file)]
    assert stale == [], f"{COMMAND} draws them anew"


def test_no_picture_is_left_over_or_shows_this_computer() -> None:
    assert left_over() == set(), f"{COMMAND} removes them"
    of_here = (str(Path.home()), tempfile.gettempdir(), str(PICTURES.parent), "127.0.0.1", "://")
    for picture in PICTURES.glob("*.svg"):
        # A name that SVG itself asks for, and no address.
        told = picture.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert [one for one in of_here if one in told] == [], picture


def test_the_contact_sheets_are_made_of_the_pictures_that_are_there() -> None:
    files = sorted(path.name for path in PICTURES.glob("*.svg"))
    stale = [sheet.name for sheet in sheets(files) if sheet.is_stale()]
    assert stale == [], f"{COMMAND} draws them anew"
