"""Handing a line over: its sheet gathered, put on paper and written, twice, beside each other."""

from __future__ import annotations

import asyncio
import errno
import os
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from ava_setup.onboarding.errors import ErrorCode, StoreError
from ava_setup.onboarding.handover import facts_of, file_stem, write_sheet
from ava_setup.store.disk import publish, said_plainly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ava_setup.onboarding.handover import Sheet
    from ava_setup.onboarding.setup import Setup
    from ava_setup.onboarding.state import Saved
    from ava_setup.words import Voice

_PAGE, _TWIN = ".html", ".md"
_NAMES_MAX = 99


def usual_page(saved: Saved) -> Path:
    """Name the page after the business, in the current folder, as nothing is named yet."""
    business = saved.profile.business_name if saved.profile else ""
    return _first_unused(Path.cwd() / f"{file_stem(business)}{_PAGE}")


async def hand_over(
    setup: Setup, voice: Voice, file: str, *, profile: str, is_demo: bool
) -> tuple[Path, Path]:
    """Write the sheet of a line, as a page and in Markdown.

    Args:
        setup: The line's.
        voice: The language of the sheet.
        file: The page's, as typed; "" is the usual one.
        profile: The name of the set-up's folder.
        is_demo: Whether it is a demo.

    Returns:
        The page, and its twin.

    Raises:
        StoreError: `SHEET_UNWRITABLE`.
        VendorError: The assistant that answers could not be read.
        SetupError: There is no link to tell of.
    """
    assistant = await setup.answering()
    saved = setup.saved
    facts = facts_of(saved, assistant, at=datetime.now(UTC), profile=profile, is_demo=is_demo)
    return await asyncio.to_thread(_write, write_sheet(facts), voice, _wanted(file, saved))


def _write(sheet: Sheet, voice: Voice, wanted: Path) -> tuple[Path, Path]:
    from ava_setup.handover.markdown import as_markdown  # noqa: PLC0415 - when asked for
    from ava_setup.handover.page import as_page  # noqa: PLC0415 - same

    page = _first_unused(wanted)
    twin = page.with_suffix(_TWIN)
    for path, written in ((page, as_page(sheet, voice)), (twin, as_markdown(sheet, voice))):
        with said_plainly(path, ErrorCode.SHEET_UNWRITABLE):
            publish(path, written.encode(errors="replace"))
    return page, twin


def _wanted(file: str, saved: Saved) -> Path:
    if not file.strip():
        return usual_page(saved)
    path = Path(file.strip()).expanduser().absolute()
    if path.is_dir():
        return path / usual_page(saved).name
    suffix = path.suffix.lower()
    if suffix == _TWIN:
        return path.with_suffix(_PAGE)
    return path if suffix in {_PAGE, ".htm"} else path.with_name(f"{path.name}{_PAGE}")


def _first_unused(page: Path) -> Path:
    """Give a page's name, or the first like it of which neither file is there."""
    free = (
        path
        for path in _names(page)
        if not any(map(os.path.lexists, (path, path.with_suffix(_TWIN))))
    )
    found = next(free, None)
    if found is None:
        raise StoreError(
            ErrorCode.SHEET_UNWRITABLE, path=str(page), cause=os.strerror(errno.EEXIST)
        )
    return found


def _names(page: Path) -> Iterator[Path]:
    numbered = (page.with_stem(f"{page.stem}-{number}") for number in range(2, _NAMES_MAX + 1))
    return chain((page,), numbered)
