"""What the command line says of itself: help, manual page, completion in the shell."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hatchling.builders.wheel import WheelBuilder

from ava_setup.command_line import parser_of
from ava_setup.completions import PLACES, script
from ava_setup.exit_codes import ExitCode
from ava_setup.manual import page, place
from ava_setup.sandbox import scenario_names
from ava_setup.words import Language, Voice

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PROGRAMS = Path(sys.executable).parent
# What our pages are written in: anything else at the start of a line would be swallowed by `man`.
MACROS = {".TH", ".SH", ".SS", ".TP", ".PP", ".B"}

# Asks bash as the Tab key does, for each line that it is given.
_TAB = """
eval "$(ava-setup completions bash)"
for COMP_LINE in "$@"; do
  COMP_POINT=${#COMP_LINE}; COMP_TYPE=9; COMP_WORDS=($COMP_LINE)
  case "$COMP_LINE" in *" ") COMP_WORDS+=("");; esac
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
  _python_argcomplete ava-setup
  echo "${COMPREPLY[@]}"
done
"""


def parsers(language: Language) -> Iterator[argparse.ArgumentParser]:
    """The parser, and that of each command."""
    whole = parser_of(Voice(language))
    yield whole
    yield from commands(whole).values()


def commands(whole: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    return next(
        action.choices
        for action in whole._actions
        if isinstance(action, argparse._SubParsersAction)
    )


def options(language: Language) -> Iterator[argparse.Action]:
    for parser in parsers(language):
        yield from (action for action in parser._actions if action.option_strings)


def environ(home: Path, **more: str) -> dict[str, str]:
    path = os.pathsep.join([str(PROGRAMS), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "AVA_SETUP_HOME": str(home), "LANG": "C.UTF-8", **more}


@pytest.mark.parametrize("columns", [72, 80, 200])
@pytest.mark.parametrize("language", Language)
def test_help_is_as_wide_as_the_terminal_up_to_what_reads_well(
    language: Language, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for parser in parsers(language):
        lines = parser.format_help().splitlines()
        # What is to be typed is not broken; it stands alone.
        wide = [line for line in lines if len(line) > min(columns, 100)]
        assert [line for line in wide if not line.startswith(("  ava-setup", "  eval"))] == []
        assert not wide or columns == 72


def test_help_says_what_every_option_is_for_gives_examples_and_lists_the_exit_codes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    english, french = (parser_of(Voice(one)) for one in (Language.EN, Language.FR))
    for words in (english.format_help(), french.format_help()):
        listed = re.findall(r"^  (\d+) {2,}\S", words, re.MULTILINE)
        assert listed == [str(code.value) for code in ExitCode]
    assert all(option.help for language in Language for option in options(language))
    for name, command in commands(english).items():
        examples = command.format_help().partition("\nexamples:\n")[2]
        assert f"ava-setup {name}" in examples


def test_no_option_takes_a_secret() -> None:
    taking = [flag for one in options(Language.EN) if one.nargs != 0 for flag in one.option_strings]
    assert "--profile" in taking
    assert not [flag for flag in taking if re.search(r"key|token|secret|sid|password", flag)]


def test_the_tab_key_completes_commands_options_scenarios_and_businesses_in_bash(
    tmp_path: Path,
) -> None:
    saved = tmp_path / "profiles" / "garage" / "state.json"
    saved.parent.mkdir(parents=True)
    saved.write_text("{}", encoding="utf-8")
    lines = {
        "ava-setup ": set(commands(parser_of(Voice(Language.EN)))),
        "ava-setup doct": {"doctor"},
        "ava-setup doctor --wa": {"--wait-for-call"},
        "ava-setup --demo --scenario ": set(scenario_names()),
        "ava-setup sandbox --scenario unl": {"unlinked"},
        "ava-setup undo --profile ": {"garage"},
        "ava-setup completions ": {"bash", "zsh", "fish"},
        "ava-setup doctor --number ": set(),
    }
    done = subprocess.run(
        ["bash", "--norc", "-c", _TAB, "bash", *lines],
        env=environ(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found = [set(line.split()) for line in done.stdout.splitlines()]
    assert dict(zip(lines, found, strict=True)) == lines


@pytest.mark.parametrize(
    ("shell", "registers", "between"),
    [("zsh", "compdef _python_argcomplete ava-setup", ":"), ("fish", "--command ava-setup", "\t")],
)
def test_zsh_and_fish_are_told_each_command_with_what_it_is_for(
    shell: str, registers: str, between: str, tmp_path: Path
) -> None:
    ava_setup = PROGRAMS / "ava-setup"
    script = subprocess.run(
        [ava_setup, "completions", shell], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    assert registers in script
    assert f"_ARGCOMPLETE_SHELL {shell}" in script or f'_ARGCOMPLETE_SHELL="{shell}"' in script
    # Asked as that script asks; a file stands for the channel that only a shell has.
    told = tmp_path / "told"
    asking = environ(
        tmp_path,
        _ARGCOMPLETE="1",
        _ARGCOMPLETE_SHELL=shell,
        _ARGCOMPLETE_IFS="\n",
        _ARGCOMPLETE_DFS=between,
        _ARGCOMPLETE_SUPPRESS_SPACE="1",
        _ARGCOMPLETE_STDOUT_FILENAME=str(told),
        COMP_LINE="ava-setup doc",
        COMP_POINT="13",
        COMP_TYPE="",
        AVA_SETUP_LANG="en",
    )
    subprocess.run([ava_setup], env=asking, capture_output=True, timeout=60, check=True)
    name, _between, purpose = told.read_text(encoding="utf-8").partition(between)
    assert name == "doctor"
    assert purpose.startswith("say what callers to a number hear")


@pytest.mark.parametrize("language", Language)
def test_the_manual_page_holds_every_option_and_command_and_man_has_nothing_to_complain_of(
    language: Language, tmp_path: Path
) -> None:
    drawn = page(language)
    lines = drawn.splitlines()
    assert lines[0].startswith(".TH AVA-SETUP 1 ")
    begun = {line.split()[0] for line in lines if line.startswith((".", "'"))}
    assert begun <= MACROS
    assert all(lines)
    for option in options(language):
        assert all(flag.replace("-", "\\-") in drawn for flag in option.option_strings)
    for name in commands(parser_of(Voice(language))):
        assert f".SS ava-setup {name}" in lines
    if shutil.which("man") is not None and shutil.which("groff") is not None:
        written = tmp_path / "ava-setup.1"
        written.write_text(drawn, encoding="utf-8")
        shown = subprocess.run(
            ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", written],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert shown.stderr == ""


@pytest.mark.source_tree
def test_a_built_wheel_is_small_and_holds_the_package_its_manual_and_the_tab_keys_scripts(
    tmp_path: Path,
) -> None:
    [wheel] = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    assert Path(wheel).stat().st_size < 1_000_000
    drawn = {f"man/{place(one)}": page(one) for one in Language}
    drawn |= {where: f"{script(shell)}\n" for shell, where in PLACES.items()}
    with zipfile.ZipFile(wheel) as packed:
        inside = set(packed.namelist())
        for where, text in drawn.items():
            [found] = [name for name in inside if name.endswith(f".data/data/share/{where}")]
            assert packed.read(found).decode() == text
            inside.remove(found)
    package = (one for one in (ROOT / "src" / "ava_setup").rglob("*") if one.is_file())
    there = {
        one.relative_to(ROOT / "src").as_posix()
        for one in package
        if one.suffix not in {".po", ".pyc"}
    }
    assert {name for name in inside if ".dist-info/" not in name} == there
    assert {"ava_setup/py.typed", "ava_setup/locale/fr/LC_MESSAGES/ava_setup.mo"} <= there
