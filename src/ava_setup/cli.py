"""The command line. Starts fast: whatever is heavy is imported by the command that needs it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from ava_setup import first_sight, program_commands, sharing_commands
from ava_setup.command_line import parser_of
from ava_setup.completions import answer_the_shell, script
from ava_setup.store.preferences import PreferencesFile
from ava_setup.wizard_command import LateWorlds, Opening, asked_language, look_of, open_wizard
from ava_setup.words import Voice, _, preferred_language

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

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
    voice = Voice(preferred_language(asked_language(arguments), remembered.language))
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
    return open_wizard(_opening_of(options), voice)


def _opening_of(options: argparse.Namespace) -> Opening:
    return Opening(
        demo=options.demo,
        profile=options.profile,
        scenario=options.scenario,
        theme=options.theme,
        keep_secrets=not options.no_save_secrets,
        filling=getattr(options, "filling", None),
    )


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
    worlds = LateWorlds(_opening_of(options), talk.say_wait)
    return set_up(talk, worlds, profile=options.profile, demo=options.demo)


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

    opening = _opening_of(options)
    look = look_of(opening, PreferencesFile())
    app = Autoplay(LateWorlds(opening), voice.language, look=look)
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


_TO_BE_WATCHED = _(
    "--autoplay is to be watched: it needs a terminal window that draws screens, no pipe"
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
