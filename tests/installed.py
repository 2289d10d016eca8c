"""Tries what `make dist` built where the source is not: `make installed`.

    python -m tests.installed [--quick] PYTHON...

For each Python: installs the wheel into an environment of its own, with what it needs as locked;
starts the console script, `python -m ava_setup` and the single file, each to the end of an `apply`
on the sandbox; then, without `--quick`, runs the suite on what is installed, in a folder that has
the tests and nothing else. Left out are the tests that are marked `source_tree`, and the campaigns
of `tests/torture` and `tests/browser`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.headless.files import HEAD, business

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"
# How long one start, one installation and the suite may take, in seconds.
START_MAX, INSTALL_MAX, SUITE_MAX = 120, 600, 1500
WHEEL_BYTES_MAX = 1_000_000

_WHERE = """
import sysconfig, ava_setup
print(ava_setup.__file__, sysconfig.get_path("purelib"), sep="\\n")
"""
_LEFT_OUT = ("--ignore=tests/torture", "--ignore=tests/browser", "-m", "not source_tree")
_SUITE = ("-m", "pytest", "-q", "-n", "5", "--dist", "worksteal", *_LEFT_OUT)
# Of this process's environment, what is of this computer and not of the project.
_KEPT = ("LANG", "PATH", "PIP_", "PYENV_", "SSL_", "TERM", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Place:
    """A Python of its own, and a folder without the source to start it in."""

    folder: Path
    environment: Mapping[str, str]

    @property
    def programs(self) -> Path:
        """Where its programs are."""
        return self.folder / "venv" / "bin"

    @property
    def python(self) -> str:
        """The Python into which everything is installed."""
        return str(self.programs / "python")

    @property
    def work(self) -> Path:
        """Where all is started."""
        return self.folder / "place" / "main"

    def run(self, *command: str, seconds: float = START_MAX) -> str:
        """Run a program; gives what it printed as data."""
        done = subprocess.run(
            command,
            cwd=self.work,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, f"{command} ended with {done.returncode}: {done.stderr}"
        return done.stdout

    def install(self, *what: str) -> None:
        """Have pip install something."""
        self.run(self.python, "-m", "pip", "install", "--quiet", *what, seconds=INSTALL_MAX)

    def install_locked(self, *locks: str) -> None:
        """Have pip install what is locked, and nothing else."""
        named = (part for lock in locks for part in ("-r", str(ROOT / ".lock" / lock)))
        self.install("--require-hashes", *named)


@contextmanager
def place_of(python: str) -> Iterator[Place]:
    """Make a place for a Python; it is removed at the end."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        environment = {
            name: value
            for name, value in os.environ.items()
            if name.startswith(_KEPT) or name.lower().endswith("_proxy")
        }
        environment["HOME"] = str(folder / "home")
        environment["PEX_ROOT"] = str(folder / "pex")
        place = Place(folder, environment)
        place.work.mkdir(parents=True)
        place.run(python, "-m", "venv", str(folder / "venv"), seconds=INSTALL_MAX)
        yield place


def install(place: Place, wheel: Path) -> None:
    """Install a wheel with what it needs, and see that nothing of it is lacking."""
    place.install_locked("api.txt", "web.txt")
    place.install("--no-deps", str(wheel))
    place.run(place.python, "-m", "pip", "check")
    file, packages = place.run(place.python, "-c", _WHERE).splitlines()
    assert Path(file).is_relative_to(packages), f"{file} is not what was installed"


def try_each_start(place: Place, version: str) -> None:
    """Start it in every way that there is."""
    starts = {
        "ava-setup": [str(place.programs / "ava-setup")],
        "python -m ava_setup": [place.python, "-m", "ava_setup"],
        "ava-setup.pex": [place.python, str(DIST / "ava-setup.pex")],
    }
    for name, start in starts.items():
        began = time.monotonic()
        talks(place, start, version)
        applies(place, start)
        print(f"  {name}: talks and applies, {time.monotonic() - began:.0f} s", flush=True)


def talks(place: Place, start: Sequence[str], version: str) -> None:
    """See that it has all its words, in both languages."""
    assert place.run(*start, "--version") == f"ava-setup {version}\n"
    assert "set up one or many businesses" in place.run(*start, "--lang", "en", "--help")
    assert "une ou plusieurs entreprises" in place.run(*start, "--lang", "fr", "--help")
    assert json.loads(place.run(*start, "schema"))["title"] == "ava-setup answer file"
    share = place.folder / "venv" / "share"
    for language, page in (("en", "man/man1/ava-setup.1"), ("fr", "man/fr/man1/ava-setup.1")):
        assert place.run(*start, "--lang", language, "man") == (share / page).read_text("utf-8")
    for shell, script in (
        ("bash", "bash-completion/completions/ava-setup"),
        ("zsh", "zsh/site-functions/_ava-setup"),
        ("fish", "fish/vendor_completions.d/ava-setup.fish"),
    ):
        assert place.run(*start, "completions", shell) == (share / script).read_text("utf-8")


def applies(place: Place, start: Sequence[str]) -> None:
    """See that it sets up a business at its own sandbox, and then has nothing more to do."""
    sandbox = subprocess.Popen(
        [*start, "sandbox"],
        cwd=place.work,
        env=place.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    with sandbox, TemporaryDirectory() as folder:
        try:
            assert sandbox.stdout is not None
            told = json.loads(sandbox.stdout.readline())
            file = Path(folder, "answers.toml")
            sid = told["twilio_account_sid"]
            file.write_text(HEAD + business(number=told["number"], account_sid=sid), "utf-8")
            environment = {
                **place.environment,
                "AVA_SETUP_HOME": folder,
                "AVA_SETUP_VAPI_URL": told["vapi_url"],
                "AVA_SETUP_TWILIO_URL": told["twilio_url"],
                "VAPI_KEY": told["vapi_key"],
                "TWILIO_TOKEN": told["twilio_auth_token"],
            }
            there = Place(place.folder, environment)
            command = (*start, "apply", str(file), "--yes", "--json")
            for outcome in ("imported", "already_linked"):
                done, summary = map(json.loads, there.run(*command).splitlines())
                assert (done["outcome"], summary["success"]) == (outcome, True), done
        finally:
            sandbox.terminate()


def run_the_suite(place: Place) -> None:
    """Run the tests on what is installed."""
    place.install_locked("dev.txt")
    shutil.copytree(ROOT / "tests", place.work / "tests", ignore=shutil.ignore_patterns("__pyc*"))
    # It says how pytest is to run; and some tests read the vendors' own words, beside the project.
    shutil.copy(ROOT / "pyproject.toml", place.work)
    if (beside := ROOT.parent / "shared").is_dir():
        (place.work.parent / "shared").symlink_to(beside)
    began = time.monotonic()
    with subprocess.Popen([place.python, *_SUITE], cwd=place.work, env=place.environment) as suite:
        try:
            code = suite.wait(SUITE_MAX)
        finally:
            suite.kill()
    print(f"  suite: {time.monotonic() - began:.0f} s", flush=True)
    assert code == 0, "the suite does not pass on what is installed"


def main(arguments: Sequence[str]) -> int:
    """Try the wheel on each Python that is named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="leave the suite out")
    parser.add_argument("pythons", metavar="PYTHON", nargs="+")
    options = parser.parse_args(arguments)
    # A job in the background ignores Ctrl+C, and so would all that it starts: some tests press it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    [wheel] = DIST.glob("*.whl")
    assert wheel.stat().st_size < WHEEL_BYTES_MAX, "the wheel is too large"
    version = wheel.name.split("-")[1]
    for python in options.pythons:
        with place_of(python) as place:
            print(f"{python}: {place.run(place.python, '--version').strip()}", flush=True)
            install(place, wheel)
            try_each_start(place, version)
            if not options.quick:
                run_the_suite(place)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
