"""What a person prefers is remembered for all businesses, and never in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ava_setup.onboarding.errors import StoreError
from ava_setup.store.disk import is_private
from ava_setup.store.preferences import Preferences, PreferencesFile

if TYPE_CHECKING:
    from pathlib import Path


def test_each_choice_is_kept_beside_the_other(tmp_path: Path) -> None:
    PreferencesFile(tmp_path / "home").keep(theme="ava-light")
    PreferencesFile(tmp_path / "home").keep(language="fr")
    assert PreferencesFile(tmp_path / "home").read() == Preferences("fr", "ava-light")
    assert is_private(tmp_path / "home" / "preferences.json")


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"theme": 3}', b"\xff", b"9" * 9999])
def test_a_file_that_says_nothing_is_as_good_as_none(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "preferences.json").write_bytes(content)
    assert PreferencesFile(tmp_path).read() == Preferences()


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError):
        PreferencesFile(tmp_path / "file" / "home").keep(theme="ansi")
