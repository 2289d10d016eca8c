"""The state file: what goes in comes out, and nothing is ever lost."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings, strategies as st
from pydantic_core import PydanticSerializationError

from ava_setup.onboarding.errors import ErrorCode, StoreError
from ava_setup.onboarding.outcome import Outcome
from ava_setup.onboarding.profile import CallersLanguage, Profile, Trade
from ava_setup.onboarding.state import (
    VERSION,
    Answered,
    ChosenAssistant,
    ChosenNumber,
    Connection,
    CreateAssistant,
    ImportNumber,
    Linked,
    NoAssistantYet,
    Region,
    RelinkNumber,
    Saved,
    TwilioAccess,
)
from ava_setup.store import state_file
from ava_setup.store.migrations import MIGRATIONS
from ava_setup.store.state_file import StateFile
from ava_setup.words import Text
from tests.store.test_disk import mode, names, refuse

if TYPE_CHECKING:
    from ava_setup.store.places import ProfileFolder

FULL, READ_ONLY = Text("the disk is full"), Text("the disk can only be read")
SAVED = Saved(
    profile=Profile(
        business_id="0" * 32,
        business_name="Garage «Été»",
        admin_email="contact@example.fr",
        opening_hours="24/7",
    ),
    answers=(("email", "contact@example.fr"),),
    journal=(CreateAssistant(create_id="c-1", at=datetime(2025, 1, 2, tzinfo=UTC)),),
)

words = st.text(max_size=12)
moments = st.datetimes(timezones=st.just(UTC))
several_words = dict.fromkeys(("made", "earlier_assistant_id", "earlier_squad_id"), words)
entries = st.one_of(
    st.builds(CreateAssistant, create_id=words, at=moments, made=words),
    st.builds(ImportNumber, number=words, assistant_id=words, at=moments, voice_url=words),
    st.builds(RelinkNumber, phone_number_id=words, assistant_id=words, at=moments, **several_words),
)
profiles = st.builds(
    Profile,
    business_name=st.text(min_size=1, max_size=80),
    adminEmail=st.sampled_from(("contact@example.fr", "léa@exemple.fr")),
    trade=st.sampled_from(Trade),
    opening_hours=st.text(min_size=1, max_size=120),
    callers_language=st.sampled_from(CallersLanguage),
    time_zone=st.sampled_from(("Europe/Paris", "America/Toronto")),
)
all_saved = st.builds(
    Saved,
    profile=st.none() | profiles,
    answers=st.lists(st.tuples(words, words), max_size=3).map(tuple),
    connection=st.none() | st.builds(Connection, region=st.sampled_from(Region), org_id=words),
    assistant=st.none()
    | st.just(NoAssistantYet())
    | st.builds(ChosenAssistant, id=words, name=words, auto_linked=st.booleans()),
    twilio=st.none() | st.builds(TwilioAccess, account_sid=words, key_sid=words),
    number=st.none() | st.builds(ChosenNumber, sid=words, number=words),
    linked=st.none()
    | st.builds(
        Linked,
        phone_number_id=words,
        number=words,
        assistant_id=words,
        outcome=st.sampled_from(Outcome),
        auto_linked=st.booleans(),
    ),
    answered=st.none() | st.builds(Answered, call_id=words, caller=words, at=words),
    journal=st.lists(entries, max_size=3).map(tuple),
)


@given(saved=all_saved)
@settings(max_examples=30, deadline=None)
def test_whatever_is_saved_is_read_back_the_same(saved: Saved) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = StateFile(Path(folder) / "state.json")
        file.write(saved)
        assert file.load() == state_file.Loaded(saved)


@pytest.fixture
def file(folder: ProfileFolder) -> StateFile:
    return StateFile(folder.state)


def put(file: StateFile, content: bytes) -> None:
    file.path.parent.mkdir(parents=True, exist_ok=True)
    file.path.write_bytes(content)


def document(**changes: Any) -> bytes:
    return json.dumps({**json.loads(SAVED.model_dump_json(by_alias=True)), **changes}).encode()


def test_a_first_start_finds_nothing_and_makes_nothing(file: StateFile) -> None:
    assert file.load() == state_file.Loaded(Saved())
    assert not file.path.parent.exists()


@pytest.mark.usefixtures("open_umask")
def test_the_file_is_for_its_owner_and_to_be_read_by_people(file: StateFile) -> None:
    file.write(SAVED)
    assert (mode(file.path.parent), mode(file.path)) == (0o700, 0o600)
    text = file.path.read_text(encoding="utf-8")
    assert f'\n  "version": {VERSION},\n' in text
    assert '"adminEmail": "contact@example.fr"' in text


def test_a_file_saved_by_a_windows_editor_is_still_read(file: StateFile) -> None:
    put(file, b"\xef\xbb\xbf" + document())
    assert file.load().saved == SAVED


DAMAGED = {
    "empty": b"",
    "zeros": b"\0" * 64,
    "truncated": document()[:-20],
    "not UTF-8": b'{"version": 2, "answers": "\xff"}',
    "not an object": b"[1]",
    "nested without end": b"[" * 100_000,
    "no version": b"{}",
    "version as text": document(version="1"),
    "version as truth": document(version=True),
    "version before the first": document(version=0),
    "unknown key": document(surprise=1),
    "wrong type": document(journal="none"),
    "mistyped e-mail": document(profile={"adminEmail": "contact"}),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_file_is_set_aside_whole_and_said(file: StateFile, content: bytes) -> None:
    put(file, content)
    loaded = file.load()
    assert loaded.saved == Saved()
    assert loaded.problem is not None
    assert loaded.problem.code is ErrorCode.STATE_UNREADABLE
    backup = Path(str(dict(loaded.problem.params)["backup"]))
    assert backup.name.startswith("state.json.damaged-")
    assert backup.read_bytes() == content
    assert names(file.path.parent) == [backup.name]


def test_damaged_files_of_the_same_second_are_all_kept(
    file: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    class StoppedClock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> StoppedClock:
            return cls(2025, 1, 2, 3, 4, 5, tzinfo=tz)

    monkeypatch.setattr(state_file, "datetime", StoppedClock)
    for content in (b"one", b"two", b"three"):
        put(file, content)
        file.load()
    stem = "state.json.damaged-20250102T030405Z"
    assert names(file.path.parent) == [stem, f"{stem}-2", f"{stem}-3"]
    assert (file.path.parent / f"{stem}-3").read_bytes() == b"three"


def test_a_damaged_file_that_cannot_be_set_aside_stops_everything(
    file: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(file, b"damaged")
    monkeypatch.setattr(Path, "rename", refuse(errno.EROFS))
    with pytest.raises(StoreError) as caught:
        file.load()
    assert caught.value.code is ErrorCode.STATE_UNWRITABLE
    assert file.path.read_bytes() == b"damaged"


@pytest.mark.parametrize("content", [document(version=VERSION + 1), b'{"version": 99, "new": {}}'])
def test_a_file_from_the_future_is_left_as_it_is(file: StateFile, content: bytes) -> None:
    put(file, content)
    with pytest.raises(StoreError) as caught:
        file.load()
    assert caught.value.code is ErrorCode.STATE_FROM_THE_FUTURE
    assert dict(caught.value.problem.params) == {"path": str(file.path)}
    assert file.path.read_bytes() == content
    assert names(file.path.parent) == ["state.json"]


def test_a_file_that_cannot_be_opened_is_not_taken_for_a_damaged_one(file: StateFile) -> None:
    file.path.mkdir(parents=True)
    with pytest.raises(StoreError) as caught:
        file.load()
    assert caught.value.code is ErrorCode.STATE_INACCESSIBLE
    assert dict(caught.value.problem.params)["cause"] == "Is a directory"
    assert names(file.path.parent) == ["state.json"]


def test_an_earlier_version_is_migrated_step_by_step(
    file: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        state_file,
        "MIGRATIONS",
        {
            -1: lambda old: {"version": 0, "replies": old["replies"]},
            0: lambda old: {"version": VERSION, "answers": old["replies"]},
        },
    )
    put(file, b'{"version": -1, "replies": [["email", "a@example.fr"]]}')
    assert file.load() == state_file.Loaded(Saved(answers=(("email", "a@example.fr"),)))


# What the programs of those versions wrote: a whole set-up, one that found its number unlinked, one
# that was killed while its import was on its way, and one whose undoing was.
SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_recorded_file_of_an_earlier_version_is_read_whole_and_kept_beside(
    file: StateFile, sample: Path
) -> None:
    content = sample.read_bytes()
    put(file, content)
    loaded = file.load()
    assert loaded.problem is None
    recorded = json.loads(content)
    now = json.loads(loaded.saved.model_dump_json(by_alias=True))
    assert now.pop("version") == VERSION
    for name in set(recorded) - {"version", "journal"}:
        assert_holds(now[name], recorded[name])
    for entry, earlier in zip(now["journal"], recorded["journal"], strict=True):
        assert_holds(entry, earlier)
    version = recorded["version"]
    copy = file.path.with_name(f"state.json.version-{version}")
    assert (copy.read_bytes(), mode(copy)) == (content, 0o600)
    file.write(loaded.saved)
    assert file.load() == loaded
    assert copy.read_bytes() == content


def assert_holds(now: Any, earlier: Any) -> None:
    """Everything of before is still there; there may be more."""
    if isinstance(earlier, dict):
        for key, value in earlier.items():
            assert_holds(now[key], value)
    else:
        assert now == earlier


def test_every_earlier_version_has_a_recorded_file() -> None:
    recorded = {json.loads(sample.read_bytes())["version"] for sample in SAMPLES}
    assert recorded == set(range(1, VERSION)) == set(MIGRATIONS)


def test_an_entry_of_version_1_is_of_the_connected_organisation_when_it_answers_today(
    file: StateFile,
) -> None:
    old = json.loads((SAMPLES[0].parent / "version-1-answered.json").read_bytes())
    old["connection"]["org_id"] = "org-1"
    gone = {**old["journal"][0], "create_id": "another", "made": "an assistant of another time"}
    old["journal"] = [gone, *old["journal"]]
    put(file, json.dumps(old).encode())
    assert [one.org_id for one in file.load().saved.journal] == ["", "org-1", "org-1"]


def test_an_entry_of_version_2_is_of_the_connected_account_when_its_number_is_chosen_today(
    file: StateFile,
) -> None:
    old = json.loads((SAMPLES[0].parent / "version-2-answered.json").read_bytes())
    imported = old["journal"][-1]
    old["journal"].append({**imported, "number": "+33199000099"})
    put(file, json.dumps(old).encode())
    saved = file.load().saved
    assert saved.connection is not None
    assert saved.connection.id
    accounts = [one.account_sid for one in saved.journal if isinstance(one, ImportNumber)]
    assert accounts == [old["twilio"]["account_sid"], ""]
    assert {one.connection_id for one in saved.journal} == {""}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_an_earlier_version_that_cannot_be_copied_is_not_touched(
    file: StateFile, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    content = SAMPLES[0].read_bytes()
    put(file, content)
    monkeypatch.setattr(os, "replace", refuse(number))
    with pytest.raises(StoreError) as caught:
        file.load()
    assert caught.value.code is ErrorCode.STATE_UNWRITABLE
    assert file.path.read_bytes() == content


def test_a_migration_that_trips_over_a_hand_edited_file_sets_it_aside(
    file: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "MIGRATIONS", {0: lambda old: old["replies"]})
    put(file, b'{"version": 0}')
    assert file.load().problem is not None


@pytest.mark.parametrize("call", ["open", "write", "fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_full_or_read_only_disk_is_said_and_the_earlier_file_intact(
    file: StateFile, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    file.write(SAVED)
    with monkeypatch.context() as full:
        full.setattr(os, call, refuse(number))
        with pytest.raises(StoreError) as caught:
            file.write(Saved())
    assert caught.value.code is ErrorCode.STATE_UNWRITABLE
    assert dict(caught.value.problem.params) == {
        "path": str(file.path),
        "cause": {errno.ENOSPC: FULL, errno.EROFS: READ_ONLY}[number],
    }
    assert file.load().saved == SAVED
    assert names(file.path.parent) == ["state.json"]


def test_an_error_of_the_system_without_words_is_named(
    file: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "write", fail)
    with pytest.raises(StoreError) as caught:
        file.write(SAVED)
    assert dict(caught.value.problem.params)["cause"] == "BlockingIOError"


def test_drafts_of_a_killed_run_are_gone_after_the_next_load(file: StateFile) -> None:
    file.write(SAVED)
    (file.path.parent / ".state.json.0123456789abcdef.tmp").write_bytes(b'{"vers')
    assert file.load().saved == SAVED
    assert names(file.path.parent) == ["state.json"]


@pytest.mark.parametrize(
    "unreadable",
    [Saved(answers=(("email", "\ud800"),)), SAVED.model_copy(update={"answered": "yes"})],
    ids=["half a surrogate pair", "wrong type"],
)
def test_what_could_not_be_read_back_is_not_written(file: StateFile, unreadable: Saved) -> None:
    file.write(SAVED)
    with pytest.raises(PydanticSerializationError):
        file.write(unreadable)
    assert file.load().saved == SAVED


def test_the_business_is_named_without_touching_the_file(file: StateFile) -> None:
    assert file.business_name() == ""
    file.write(Saved().with_typed(**{"business-name": "Salon Lu"}))
    assert file.business_name() == "Salon Lu"
    file.path.write_text("{", encoding="utf-8")
    assert file.business_name() == ""
    assert file.path.read_text(encoding="utf-8") == "{"
