"""The command line. Starts fast: whatever is heavy is imported by the command that needs it."""

from __future__ import annotations

import argparse
import os
import sys
from functools import cached_property
from typing import TYPE_CHECKING

from ava_setup import __version__
from ava_setup.words import Language, Voice, _, preferred_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ava_setup.tui.world import Business, World, Worlds

_USAGE = 2
_PORT_MAX = 65535

# What argparse itself says; listed here so that the catalogues have it.
_ARGPARSE = (
    _("usage: "),
    _("options"),
    _("positional arguments"),
    _("show this help message and exit"),
    _("%(prog)s: error: %(message)s\n"),
    _("unrecognized arguments: %s"),
    _("expected one argument"),
    _("argument %(argument_name)s: %(message)s"),
    _("invalid %(type)s value: %(value)r"),
    _("invalid choice: %(value)r (choose from %(choices)s)"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that the arguments ask for.

    Args:
        argv: The arguments, or None for the process's own.

    Returns:
        The exit code.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    voice = Voice(preferred_language(_asked_language(arguments)))
    parser = _parser(voice)
    options = parser.parse_args(arguments)
    if options.command == "sandbox":
        return _sandbox(options, voice, parser)
    if options.command == "undo":
        from ava_setup.undo_command import undo  # noqa: PLC0415 - only for this command

        return undo(options.profile, voice, yes=options.yes, number=options.number)
    if options.command == "forget":
        from ava_setup.forget_command import forget  # noqa: PLC0415 - only for this command

        return forget(options.profile, voice, yes=options.yes)
    if options.command == "report":
        from ava_setup.report_command import report  # noqa: PLC0415 - only for this command

        return report(options.profile, options.output, voice, yes=options.yes)
    if options.command == "doctor":
        return _doctor(options, voice, parser)
    return _wizard(options, voice, parser)


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


def _parser(voice: Voice) -> argparse.ArgumentParser:
    voice.speak_for_libraries()
    words = voice

    parser = argparse.ArgumentParser(
        prog="ava-setup",
        description=words(_("From nothing to a phone number that Ava answers.")),
        epilog=words(
            _(
                "Without a command, the wizard opens. Environment: AVA_SETUP_LANG (fr, en), "
                "AVA_SETUP_HOME (where everything is kept), AVA_SETUP_VAPI_URL and "
                "AVA_SETUP_TWILIO_URL (other addresses for the vendors)."
            )
        ),
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"ava-setup {__version__}",
        help=words(_("show the version and exit")),
    )
    parser.add_argument(
        "--lang", choices=[str(one) for one in Language], help=words(_("language of the wizard"))
    )
    parser.add_argument(
        "--demo",
        action="store_true",
        help=words(_("try it on a sandbox: no account needed, nothing is kept")),
    )
    parser.add_argument(
        "--scenario", default="fresh", help=words(_("what the demo starts from (default: fresh)"))
    )
    parser.add_argument(
        "--profile",
        metavar="NAME",
        help=words(_("the business to work on, when there are several (default: it asks)")),
    )
    parser.add_argument(
        "--no-save-secrets",
        action="store_true",
        help=words(_("keep keys and tokens in memory only")),
    )
    commands = parser.add_subparsers(dest="command")
    sandbox = commands.add_parser(
        "sandbox",
        help=words(_("serve the sandbox of both vendors on its own")),
        description=words(
            _("Serves both vendors on this computer; prints one line of JSON saying where.")
        ),
    )
    sandbox.add_argument("--port", type=int, default=0, help=words(_("port (default: any free)")))
    sandbox.add_argument(
        "--scenario",
        dest="sandbox_scenario",
        default="fresh",
        help=words(_("what it starts from (default: fresh)")),
    )
    sandbox.add_argument(
        "--latency",
        type=int,
        default=0,
        metavar="MS",
        help=words(_("delay of every answer, in ms")),
    )
    sandbox.add_argument(
        "--list",
        action="store_true",
        dest="list_scenarios",
        help=words(_("name all scenarios, one a line, and exit")),
    )
    by_name = _add_conversations(commands, words)
    by_name["report"].add_argument(
        "--output",
        metavar="FILE",
        help=words(_("the file to write (default: a name of today, in this folder)")),
    )
    _add_doctors_orders(by_name["doctor"], words)
    by_name["undo"].add_argument(
        "--number",
        metavar="NUMBER",
        help=words(_("a number that doctor --number mended, with the keys of the environment")),
    )
    return parser


def _add_doctors_orders(doctor: argparse.ArgumentParser, words: Voice) -> None:
    doctor.add_argument(
        "--number",
        help=words(
            _("any number, with the keys that the environment holds (see below): no set-up needed")
        ),
    )
    doctor.add_argument(
        "--fix", action="store_true", help=words(_("mend what can be mended; asks before each"))
    )
    doctor.add_argument(
        "--json", action="store_true", help=words(_("print one JSON object, for programs"))
    )
    doctor.add_argument(
        "--wait-for-call",
        action="store_true",
        help=words(_("wait for a call, and say what became of it")),
    )
    doctor.epilog = words(
        _(
            "Environment for --number: VAPI_API_KEY, TWILIO_ACCOUNT_SID, and TWILIO_AUTH_TOKEN or "
            "TWILIO_API_KEY with TWILIO_API_SECRET. Exit code: 0 only if a caller would be "
            "answered by Ava."
        )
    )


def _add_conversations(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Voice
) -> dict[str, argparse.ArgumentParser]:
    """Add the commands that work on one business and ask a question; gives them by name."""
    by_name: dict[str, argparse.ArgumentParser] = {}
    for name, purpose in (
        ("undo", _("take back what was made or changed at Vapi and Twilio; asks first")),
        ("forget", _("remove a business's answers and keys from this computer; asks first")),
        ("report", _("show what support needs to know, without secrets; asks before writing it")),
        ("doctor", _("say what callers to a number hear, and why; mend it with --fix")),
    ):
        by_name[name] = command = commands.add_parser(
            name, help=words(purpose), description=words(purpose)
        )
        # Without a value of their own, so that the same option before the command counts.
        command.add_argument(
            "--profile",
            metavar="NAME",
            default=argparse.SUPPRESS,
            help=words(_("the business to work on (default: default)")),
        )
        command.add_argument(
            "--lang",
            choices=[str(one) for one in Language],
            default=argparse.SUPPRESS,
            help=words(_("language of the wizard")),
        )
        command.add_argument(
            "--yes",
            action="store_true",
            help=words(
                _("do not ask: yes to all that takes nothing from anybody else")
                if name == "doctor"
                else _("do not ask: the answer is yes")
            ),
        )
    return by_name


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
    return serve(options.sandbox_scenario, options.port, options.latency)


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
    from ava_setup.tui.textual_defects import (  # noqa: PLC0415 - only for this command
        refuse_bad_terminal,
        run_steadily,
    )

    problem = refuse_bad_terminal(sys.stdin, sys.stderr, os.environ)
    if problem is not None:
        print(voice(_TERMINAL[problem.value]), file=sys.stderr)
        return _USAGE
    if options.scenario != "fresh":
        _check_scenario(options.scenario, voice, parser)

    if options.profile is not None:
        _check_profile(options.profile, voice, parser)

    from ava_setup.tui.app import AvaSetup  # noqa: PLC0415 - only for this command

    app = AvaSetup(_LateWorlds(options), voice.language, profile=options.profile, demo=options.demo)
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

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options

    @cached_property
    def _worlds(self) -> Worlds:
        from ava_setup.store.places import Places  # noqa: PLC0415 - after the first paint
        from ava_setup.worlds import LocalWorlds  # noqa: PLC0415 - same

        return LocalWorlds(
            os.environ,
            Places.from_environment(),
            keep_secrets=not self._options.no_save_secrets,
            scenario=self._options.scenario,
        )

    def businesses(self) -> tuple[Business, ...]:
        return self._worlds.businesses()

    def unused_profile(self) -> str:
        return self._worlds.unused_profile()

    def open(self, profile: str) -> World:
        return self._worlds.open(profile)

    def open_demo(self) -> World:
        return self._worlds.open_demo()


_TERMINAL = {
    "not_a_terminal": _(
        "ava-setup needs a terminal: run it in a terminal window, not through a pipe."
    ),
    "dumb": _("This terminal cannot draw screens (TERM=dumb). Use another one."),
    "not_utf8": _("This terminal is not set to UTF-8. Run: LC_ALL=C.UTF-8 ava-setup"),
}
