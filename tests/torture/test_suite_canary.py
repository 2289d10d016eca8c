"""The whole suite lets no secret out: all that it writes, prints, logs, draws or copies is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tests.conftest import SAYS
from tests.torture.suite_run import WatchedRun

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

SUITE: Final = ("tests", "--ignore=tests/torture", "-n", "5", "--dist", "worksteal")

# What a test masks though it is no secret, and why. What is masked nowhere fails.
NO_SECRETS: Final = {
    "a": "too short for a key, and therefore not to be hidden",
    "!!": "the same, and no key has such letters",
    "too-short": "the same: it is refused for that",
    "request": "a word, to see it refused",
    "7a1b8f5e-0000-4000-8000-00000000000a": "an assistant's id, to see that it could be hidden",
}

# Where a test puts a secret by itself, and why. A place that no secret is found in fails.
PUT_THERE: Final = {
    r"tree/base/\*/test_a_secret_may_lie_in_a_fil\w+/vapi\.key": (
        "the test is about a secret that its owner keeps in a file"
    ),
    r"tree/base/\*/test_twilio_cli_profiles_are_o\w+/\.twilio-cli/config\.json": (
        "the file of another tool, which keeps its secrets there: the test is about reading it"
    ),
    r"tree/base/\*/test_drafts_of_a_killed_run\w+/home/profiles/default/\.secrets\.json\.\*\.tmp "
    r"\(gone\)": "the test writes by hand what a killed run left of a vault, to see it removed",
    r"tree/base/\*/test_secrets_are_found_in_both\w+/home/profiles/default/secrets\.json": (
        "the test opens a vault to others, to see that looking leaves it as it is"
    ),
}

LEAKS: Final = {
    "junit.xml",
    "logs/*.log",
    "seen/*.clipboard",
    "seen/*.stderr",
    "seen/*.stdout",
    "seen/*.svg",
    "seen/*.terminal",
    "stdout",
    "the name of tree/base/test_named0/named-d06f00d5ca11",
    "tree/base/test_by_a_program0/by-a-program (gone)",
    "tree/base/test_left0/left",
    "tree/base/test_overwritten0/overwritten (gone)",
    "tree/base/test_removed0/*/removed (gone)",
    "tree/base/test_removed0/removed (gone)",
    "tree/base/test_replaced0/replaced (gone)",
    "tree/base/test_vault0/secrets.json",
    "tree/cache/v/cache/nodeids",
}
PRINTED: Final = (
    "logged",
    "ValueError: invalid literal",
    "RuntimeError: made-up",
    "task: <Task",
    "printed",
    "complained",
    "warned",
    "id-d06f00d5ca11",
    "a stranger",
    "a token",
    "a key",
    "RuntimeError: raised",
)


def test_the_watch_sees_every_kind_of_leak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = tmp_path / "outside"
    monkeypatch.setenv("LEAKING_OUTSIDE", str(outside))
    watched = WatchedRun(tmp_path / "suite")
    assert watched.run("tests/torture/leaking.py") == 1
    watched.sweep()
    assert watched.places() == LEAKS
    assert watched.notes() == {f"outside: open {outside}"}
    leaks = watched.leaks_in("stdout")
    assert [words for words in PRINTED if not any(words in line for line in leaks)] == []
    counts = watched.counts()
    assert (counts["failures"], counts["errors"]) == (1, 0)


def test_the_whole_suite_lets_no_secret_out(
    tmp_path_factory: pytest.TempPathFactory, record_property: Callable[[str, object], None]
) -> None:
    # Its paths are hardly longer than those of a run that nobody watches.
    watched = WatchedRun(tmp_path_factory.mktemp("suite"))
    code = watched.run(*SUITE)
    secrets = watched.secrets()
    watched.sweep(*NO_SECRETS)
    places = watched.places()
    put = {where: {one for one in places if re.fullmatch(where, one)} for where in PUT_THERE}
    hits = places.difference(*put.values())
    net, counts = watched.net, watched.counts()
    record_property(
        SAYS,
        f"canary suite tests={counts['tests']} secrets={len(secrets)} files={net.files} "
        f"bytes={net.bytes} hits={len(hits)} put_there={len(places - hits)}",
    )
    # A test that fails may show anything; what it shows then is not judged.
    assert code == 0, watched.said()
    assert hits == set(), watched.leaks_in("stdout")
    assert [where for where, found in put.items() if not found] == []
    assert watched.notes() == set(), "written elsewhere, or gone before it could be read"
    assert secrets.issuperset(NO_SECRETS)
    # There was something to look into.
    assert all(watched.seen(kind) for kind in ("svg", "terminal", "clipboard", "stdout", "stderr"))
