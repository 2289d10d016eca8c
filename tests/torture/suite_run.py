"""Runs tests as `make test` does, with everything kept that they write, print, log or draw."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from tests import canaries
from tests.torture.canary import Net, is_well_kept
from tests.torture.keeping import SUITE

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[2]
_START = "from tests.torture.keeping import watch_this_process\nwatch_this_process()\n"
_FOLDERS = ("start", "kept", "notes", "secrets", "logs", "seen")
_SECONDS_MAX = 1500
# A number, a process or a random piece, which is another one at each run.
_CHANGES = re.compile(
    r"popen-gw\d+|(?<=seen/)[\d-]+|(?<=logs/)\d+|(?<=\.)[0-9a-f]{16}(?=\.tmp)|x\.\w+\.tmp"
)


class WatchedRun:
    """One run of some tests, in a place of its own.

    Args:
        place: Made for it; takes everything.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        self.tree = place / "tree"
        self.net = Net()
        for folder in (*_FOLDERS, "tree/home", "tree/tmp"):
            (place / folder).mkdir(parents=True)
        (place / "start" / "sitecustomize.py").write_text(_START)

    def run(self, *arguments: str) -> int:
        """Run tests, and give pytest's exit code."""
        with (
            (self._place / "stdout").open("wb") as out,
            (self._place / "stderr").open("wb") as err,
        ):
            return subprocess.run(
                self._command(arguments),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=ROOT,
                env=self._environment(),
                timeout=_SECONDS_MAX,
                check=False,
            ).returncode

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        options = {
            "tmp_path_retention_policy": "all",
            "cache_dir": str(self.tree / "cache"),
            "junit_logging": "all",
        }
        return [
            *(sys.executable, "-m", "pytest", "-p", "tests.torture.witness", "-vv", "-rA"),
            *("--basetemp", str(self.tree / "base"), "--junitxml", str(self._place / "junit.xml")),
            *(part for name, value in options.items() for part in ("-o", f"{name}={value}")),
            *arguments,
        ]

    def _environment(self) -> dict[str, str]:
        passed = ("PYTEST", "COV_", "XDG_", "AVA_SETUP_", "HYPOTHESIS_")
        home = self.tree / "home"
        path = (str(self._place / "start"), str(ROOT), os.environ.get("PYTHONPATH", ""))
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(passed)},
            SUITE: str(self._place),
            "PYTHONPATH": os.pathsep.join(filter(None, path)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HYPOTHESIS_STORAGE_DIRECTORY": str(self.tree / "hypothesis"),
            "HOME": str(home),
            "USERPROFILE": str(home),
            "TMPDIR": str(self.tree / "tmp"),
        }

    def sweep(self, *no_secrets: str) -> None:
        """Look into everything that the run left, and into what it took away again.

        Args:
            no_secrets: What was masked in the run, and is none all the same.
        """
        self.net.watch(*self.secrets().difference(no_secrets))
        for name in ("tree", "logs", "seen"):
            self.net.sweep(self._place / name)
        for name in ("stdout", "stderr", "junit.xml"):
            self.net.files += 1
            self.net.look((self._place / name).read_bytes(), str(self._place / name))
        for copy in (self._place / "kept").iterdir():
            head, is_whole, content = copy.read_bytes().partition(b"\n")
            if not is_whole:
                # Killed before it touched the file itself, which is swept where it stands.
                continue
            mode, folder, where = os.fsdecode(head).split(" ", 2)
            self.net.look(where, f"the name of {where}")
            self.net.files += 1
            if not is_well_kept(Path(where).name, int(mode, 8), int(folder, 8)):
                self.net.look(content, f"{where} (gone)")

    def secrets(self) -> set[str]:
        """Give the tests' own and all others that were in use: the sandbox's, above all."""
        return {*canaries.ALL, *map(json.loads, self._lines("secrets"))}

    def places(self) -> set[str]:
        """Name the places where a secret was found, the same at every run."""
        return {_CHANGES.sub("*", hit.replace(f"{self._place}/", "")) for hit in self.net.hits}

    def notes(self) -> set[str]:
        """Give what was written elsewhere or could not be kept."""
        return set(self._lines("notes"))

    def _lines(self, folder: str) -> Iterator[str]:
        for path in (self._place / folder).iterdir():
            yield from path.read_text(encoding="utf-8").splitlines()

    def leaks_in(self, name: str) -> list[str]:
        """Give the lines of a file in which a secret is found."""
        lines = (self._place / name).read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if self.net.finds(line)]

    def seen(self, kind: str) -> int:
        """Count what the witness wrote down of a kind."""
        return len(list((self._place / "seen").glob(f"*.{kind}")))

    def counts(self) -> dict[str, int]:
        """Give how many tests ran, and how they ended."""
        suite = next(ET.parse(self._place / "junit.xml").iter("testsuite"))  # noqa: S314 - ours
        return {name: int(suite.attrib[name]) for name in ("tests", "failures", "errors")}

    def said(self) -> str:
        """Give the end of what was printed."""
        return (self._place / "stdout").read_text(errors="replace")[-4000:]
