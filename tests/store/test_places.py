"""Where things live."""

from __future__ import annotations

from pathlib import Path

import pytest

from ava_setup.onboarding.errors import FieldProblem
from ava_setup.store.places import Places


def test_the_chosen_home_holds_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AVA_SETUP_HOME", str(tmp_path))
    places = Places.from_environment()
    folder = places.profile("garage-2")
    assert places.moved
    assert folder.path == tmp_path / "profiles" / "garage-2"
    assert {path.parent for path in (folder.state, folder.lock, folder.pid, folder.secrets)} == {
        folder.path
    }


def test_a_chosen_home_may_start_with_a_tilde_or_be_relative(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AVA_SETUP_HOME", "~/ava")
    assert Places.from_environment().root == tmp_path / "ava"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AVA_SETUP_HOME", "here")
    assert Places.from_environment().root == tmp_path / "here"


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_chosen_home_it_is_the_systems_place(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    if value is None:
        monkeypatch.delenv("AVA_SETUP_HOME", raising=False)
    else:
        monkeypatch.setenv("AVA_SETUP_HOME", value)
    places = Places.from_environment()
    assert not places.moved
    assert places.root.name == "ava-setup"
    assert places.root.is_absolute()


@pytest.mark.parametrize("name", ["default", "A", "le-garage_2", "x" * 64])
def test_a_good_profile_name_is_taken(places: Places, name: str) -> None:
    assert places.profile(name).name == name


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "a\\b", "a b", "café", "a\n", "x" * 65, "a.b", "\0"]
)
def test_a_bad_profile_name_is_refused(places: Places, name: str) -> None:
    with pytest.raises(FieldProblem):
        places.profile(name)


def test_profiles_that_saved_something_are_listed_by_name(places: Places) -> None:
    assert places.profiles() == ()
    for name in ("salon", "garage", "not a name"):
        folder = places.root / "profiles" / name
        folder.mkdir(parents=True)
        (folder / "state.json").touch()
    (places.root / "profiles" / "empty").mkdir()
    assert places.profiles() == ("garage", "salon")


def test_a_root_that_cannot_be_listed_has_no_profiles(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "glob", refuse)
    assert places.profiles() == ()
