"""The command line. Starts fast: whatever is heavy is imported by the command that needs it."""

from __future__ import annotations

import os
import sys
from functools import cached_property
from typing import TYPE_CHECKING

from ava_setup import first_sight, program_commands, sharing_commands
from ava_setup.command_line import parser_of
from ava_setup.completions import answer_the_shell, script
from ava_setup.store.preferences import PreferencesFile
from ava_setup.tui.looks import preferred_look
from ava_setup.words import Voice, _, preferred_language

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from ava_setup.clients.patience import OnWait
    from ava_setup.front.worlds import Business, World, Worlds
    from ava_setup.tui.looks import Look
    from ava_setup.words import Language

_USAGE = 2
_PORT_MAX = 65535


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that the arguments ask for.

    Args:
        argv: The arguments, or None for the process's own.

    Returns:
        The exit code.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    remembered = PreferencesFile().read()
    voice = Voice(preferred_language(_asked_language(arguments), remembered.language))
    parser = parser_of(voice)
    answer_the_shell(parser)
    options = parser.parse_args(arguments)
    return _COMMANDS.get(options.command, _wizard)(options, voice, parser)


def _undo(options: argparse.Namespace, voice: Voice, _parser: argparse.ArgumentParser) -> int:
    from ava_setup.undo_command import undo  # noqa: PLC0415 - only for this command

    return undo(options.profile, voice, yes=options.yes, number=options.number)


def _forget(options: argparse.Namespace, voice: Voice, _parser: argparse.ArgumentParser) -> int:
    from ava_setup.forget_command import forget  # noqa: PLC0415 - only for this command

    return forget(options.profile, voice, yes=options.yes)


def _report(options: argparse.Namespace, voice: Voice, _parser: argparse.ArgumentParser) -> int:
    from ava_setup.report_command import report  # noqa: PLC0415 - only for this command

    return report(options.profile, options.output, voice, yes=options.yes)


def _completions(
    options: argparse.Namespace, _voice: Voice, _parser: argparse.ArgumentParser
) -> int:
    print(script(options.shell))
    return 0


def _man(_options: argparse.Namespace, voice: Voice, _parser: argparse.ArgumentParser) -> int:
    from ava_setup.manual import page  # noqa: PLC0415 - only for this command

    print(page(voice.language), end="")
    return 0


def _doctor(options: argparse.Namespace, voice: Voice, parser: argparse.ArgumentParser) -> int:
    from ava_setup.doctor_command import Orders, doctor  # noqa: PLC0415 - only for this command

    if options.number is not None and options.profile is not None:
        parser.error(voice(_("--number needs no business: leave --profile out")))
    orders = Orders(
        profile=options.profile,
        number=options.number,
        fix=options.fix,
        yes=options.yes,
        as_json=options.json,
        waits=options.wait_for_call,
    )
    return doctor(orders, voice)


def _asked_language(arguments: Sequence[str]) -> str | None:
    """Find `--lang` before the parser does: its own words depend on it."""
    for place, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
        if argument == "--lang" and place + 1 < len(arguments):
            return arguments[place + 1]
    return None


def _sandbox(options: argparse.Namespace, voice: Voice, parser: argparse.ArgumentParser) -> int:
    from ava_setup.sandbox import scenario_summaries, serve  # noqa: PLC0415 - only for this command

    if options.list_scenarios:
        summaries = scenario_summaries(voice.language)
        width = max(map(len, summaries))
        for name, summary in summaries.items():
            print(f"{name:<{width}}  {summary}")
        return 0
    _check_scenario(options.sandbox_scenario, voice, parser)
    if not 0 <= options.port <= _PORT_MAX:
        parser.error(voice(_("a port lies between 0 and {max}", max=_PORT_MAX)))
    if options.latency < 0:
        parser.error(voice(_("a latency is 0 or more")))
    if options.rate < 0:
        parser.error(voice(_("a rate is 0 or more")))
    return serve(options.sandbox_scenario, options.port, options.latency, options.rate)


def _check_scenario(name: str, voice: Voice, parser: argparse.ArgumentParser) -> None:
    from ava_setup.sandbox import scenario_names  # noqa: PLC0415 - only where there is a sandbox

    if name not in scenario_names():
        parser.error(
            voice(
                _(
                    "no scenario “{name}”; there are: {names}",
                    name=name,
                    names=", ".join(scenario_names()),
                )
            )
        )


def _wizard(options: argparse.Namespace, voice: Voice, parser: argparse.ArgumentParser) -> int:
    if options.autoplay:
        return _autoplay(options, voice, parser)
    if options.scenario != "fresh":
        _check_scenario(options.scenario, voice, parser)
    if options.profile is not None:
        _check_profile(options.profile, voice, parser)
    options.filling = None
    if options.answers is not None and not _fill_in(options, voice, parser):
        return _USAGE
    if _is_plain(options):
        return _plain(options, voice)
    from ava_setup.tui.textual_defects import (  # noqa: PLC0415 - only for this command
        refuse_bad_terminal,
        run_steadily,
    )

    # What is no terminal, or draws nothing, is asked line by line.
    if refuse_bad_terminal(sys.stdin, sys.stderr, os.environ) is not None:
        first_sight.end()
        print(voice(_NOT_UTF8), file=sys.stderr)
        return _USAGE

    from ava_setup.tui.app import AvaSetup  # noqa: PLC0415 - only for this command

    preferences = PreferencesFile()
    app = AvaSetup(
        _LateWorlds(options),
        voice.language,
        profile=options.profile,
        demo=options.demo,
        look=_look(options, preferences),
        preferences=preferences,
    )
    code = run_steadily(app)
    if app.farewell:
        print(app.voice(app.farewell), file=sys.stderr)
    return code


def _fill_in(options: argparse.Namespace, voice: Voice, parser: argparse.ArgumentParser) -> bool:
    """Read the answer file before the wizard opens; False once it is said why it cannot be used."""
    from ava_setup.answers_option import filling_of  # noqa: PLC0415 - when a file is named
    from ava_setup.headless.reading import InvalidFileError  # noqa: PLC0415 - same

    if options.demo:
        parser.error(voice(_("--answers is for real: leave --demo out")))
    try:
        options.filling = filling_of(options.answers, options.profile)
    except InvalidFileError as error:
        for fault in error.faults:
            print(voice(fault.words if fault.line else fault.text), file=sys.stderr)
        return False
    options.profile = options.filling.answers.name
    return True


def _is_plain(options: argparse.Namespace) -> bool:
    """Whether to ask line by line: asked for, or the only way here."""
    return options.plain or not first_sight.draws_screens()


def _plain(options: argparse.Namespace, voice: Voice) -> int:
    from ava_setup.plain.journey import set_up  # noqa: PLC0415 - only for this command
    from ava_setup.plain.prompts import Prompts  # noqa: PLC0415 - same

    def remember(language: Language) -> None:
        # A demo leaves no trace.
        if not options.demo:
            PreferencesFile().keep(language=language.value)

    talk = Prompts(voice, remember=remember)
    worlds = _LateWorlds(options, talk.say_wait)
    return set_up(talk, worlds, profile=options.profile, demo=options.demo)


def _look(options: argparse.Namespace, preferences: PreferencesFile) -> Look:
    """Choose the theme: asked for, else `AVA_SETUP_THEME`, else remembered, else dark."""
    named = os.environ.get("AVA_SETUP_THEME")
    return preferred_look(options.theme, named, preferences.read().theme)


def _autoplay(options: argparse.Namespace, voice: Voice, parser: argparse.ArgumentParser) -> int:
    from ava_setup.tui.textual_defects import (  # noqa: PLC0415 - only for this command
        refuse_bad_terminal,
        run_steadily,
    )

    if refuse_bad_terminal(sys.stdin, sys.stderr, os.environ) is not None:
        first_sight.end()
        parser.error(voice(_TO_BE_WATCHED))
    if options.scenario != "fresh":
        parser.error(voice(_("--autoplay tells its own story: leave --scenario out")))

    from ava_setup.tui.autoplay import Autoplay  # noqa: PLC0415 - only for this command

    look = _look(options, PreferencesFile())
    app = Autoplay(_LateWorlds(options), voice.language, look=look)
    code = run_steadily(app)
    if app.farewell:
        print(app.voice(app.farewell), file=sys.stderr)
    return code


def _check_profile(name: str, voice: Voice, parser: argparse.ArgumentParser) -> None:
    from ava_setup.onboarding.errors import FieldProblem  # noqa: PLC0415 - when one is named
    from ava_setup.store.places import Places  # noqa: PLC0415 - same

    try:
        Places.from_environment().profile(name)
    except FieldProblem as problem:
        parser.error(voice(problem.text))


class _LateWorlds:
    """The worlds, imported when the app asks for the first of them: after its first paint."""

    def __init__(self, options: argparse.Namespace, on_wait: OnWait | None = None) -> None:
        self._options = options
        self._on_wait = on_wait

    @cached_property
    def _worlds(self) -> Worlds:
        from ava_setup.store.places import Places  # noqa: PLC0415 - after the first paint
        from ava_setup.worlds import LocalWorlds  # noqa: PLC0415 - same

        return LocalWorlds(
            os.environ,
            Places.from_environment(),
            keep_secrets=not self._options.no_save_secrets,
            scenario=self._options.scenario,
            on_wait=self._on_wait,
            filling=getattr(self._options, "filling", None),
        )

    def businesses(self) -> tuple[Business, ...]:
        return self._worlds.businesses()

    def unused_profile(self) -> str:
        return self._worlds.unused_profile()

    def open(self, profile: str) -> World:
        return self._worlds.open(profile)

    def open_demo(self, scenario: str = "") -> World:
        return self._worlds.open_demo(scenario)


_TO_BE_WATCHED = _(
    "--autoplay is to be watched: it needs a terminal window that draws screens, no pipe"
)
_NOT_UTF8 = _(
    "This terminal is not set to UTF-8. Run LC_ALL=C.UTF-8 ava-setup, or ava-setup --plain, which "
    "asks line by line."
)

_COMMANDS: dict[str, Callable[[argparse.Namespace, Voice, argparse.ArgumentParser], int]] = {
    "completions": _completions,
    "doctor": _doctor,
    "forget": _forget,
    "man": _man,
    "report": _report,
    "sandbox": _sandbox,
    "undo": _undo,
    **program_commands.COMMANDS,
    **sharing_commands.COMMANDS,
}
