"""A line without a set-up, mended by the doctor: what was there is kept, and can be put back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ava_setup.sandbox import Sandbox
from ava_setup.store.places import Places
from ava_setup.undo_command import undo
from ava_setup.words import Language, Voice
from tests.journey.test_doctor import NUMBER, Practice, run, without_the_link

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journey.test_doctor import Run

__all__ = ["run"]


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with Sandbox("unlinked", call_seconds=0.0) as sandbox:
        yield Practice(sandbox, tmp_path / "home")


def test_what_was_mended_by_number_is_undone_by_number(practice: Practice, run: Run) -> None:
    before, _nobody = without_the_link(practice.raw_state())
    code, said, _err = run(number=NUMBER, fix=True, yes=True)
    assert code == 0
    assert f"To put it back: ava-setup undo --number {NUMBER}" in said
    assert practice.ring()["answered"]
    assert undo(None, Voice(Language.EN), yes=True, number=NUMBER) == 0
    after, assistant = without_the_link(practice.raw_state())
    assert assistant is None
    assert after["twilio"]["accounts"][0]["numbers"] == before["twilio"]["accounts"][0]["numbers"]
    assert after["vapi"]["numbers"] == before["vapi"]["numbers"]


def test_it_is_no_business_and_no_key_of_it_is_kept(practice: Practice, run: Run) -> None:
    run(number=NUMBER, fix=True, yes=True)
    assert Places(practice.home).profiles() == ()
    kept = [path for path in practice.home.rglob("*") if path.is_file()]
    assert [path.name for path in kept if path.name == "state.json"] == ["state.json"]
    for path in kept:
        content = path.read_bytes()
        assert practice.told.vapi_key.encode() not in content
        assert practice.told.twilio_auth_token.encode() not in content


def test_looking_without_mending_keeps_nothing(practice: Practice, run: Run) -> None:
    code, said, _err = run(number=NUMBER)
    assert code == 1
    assert "To put it back" not in said
    assert not practice.home.exists()


def test_a_number_that_was_never_mended_has_nothing_to_undo(
    practice: Practice, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    run(number=NUMBER)
    assert undo(None, Voice(Language.EN), yes=True, number=NUMBER) == 0
    assert "there is nothing to undo" in capsys.readouterr().out
