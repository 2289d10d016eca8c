"""What the command line takes: the parser, from which help, manual and completions are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup import __version__
from ava_setup.business_options import work_on_a_business
from ava_setup.command_endings import ENDINGS, ENVIRONMENT, EXAMPLES, EXIT_CODES
from ava_setup.command_help import SpokenParser
from ava_setup.completions import SHELLS
from ava_setup.program_commands import add_program_commands
from ava_setup.sharing_commands import add_sharing_commands
from ava_setup.tui.looks import Look
from ava_setup.words import Language, _

if TYPE_CHECKING:
    import argparse

    from ava_setup.words import Voice

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


def parser_of(voice: Voice) -> SpokenParser:
    """Make the parser, which speaks the language of `voice`."""
    voice.speak_for_libraries()
    words = voice

    parser = SpokenParser(
        prog="ava-setup",
        usage=words(_("%(prog)s [option…] [command [option…]]")),
        description=words(
            _(
                "From nothing to a phone number that Ava answers. Without a command, the wizard "
                "opens; “ava-setup COMMAND --help” explains a command."
            )
        ),
    )
    parser.end_with(voice, EXAMPLES, EXIT_CODES, ENVIRONMENT)
    parser.add_argument(
        "--version",
        action="version",
        version=f"ava-setup {__version__}",
        help=words(_("show the version and exit")),
    )
    parser.add_argument(
        "--lang", choices=[str(one) for one in Language], help=words(_("language of the wizard"))
    )
    demo = parser.add_argument_group(words(_("demo")))
    demo.add_argument(
        "--demo",
        action="store_true",
        help=words(_("try it on a sandbox: no account needed, nothing is kept")),
    )
    demo.add_argument(
        "--scenario",
        metavar="NAME",
        default="fresh",
        help=words(_("what the demo starts from (default: fresh)")),
    )
    demo.add_argument(
        "--autoplay",
        action="store_true",
        help=words(_("a demo that plays by itself, from the bug to the first call: just watch")),
    )
    wizard = parser.add_argument_group(words(_("wizard")))
    wizard.add_argument(
        "--plain",
        action="store_true",
        help=words(_("ask line by line, for a screen reader, a simple terminal or a pipe")),
    )
    wizard.add_argument(
        "--profile",
        metavar="NAME",
        help=words(_("the business to work on, when there are several (default: it asks)")),
    )
    wizard.add_argument(
        "--answers",
        metavar="FILE",
        help=words(_("an answer file to begin with: only the rest is asked")),
    )
    wizard.add_argument(
        "--theme",
        metavar="NAME",
        choices=[str(one) for one in Look],
        help=words(_("how it looks: {names}", names=", ".join(Look))),
    )
    wizard.add_argument(
        "--no-save-secrets",
        action="store_true",
        help=words(_("keep keys and tokens in memory only")),
    )
    commands = parser.add_subparsers(
        dest="command", title=words(_("commands")), metavar=words(_("COMMAND")), prog="ava-setup"
    )
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
        metavar="NAME",
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
        "--rate",
        type=float,
        default=0.0,
        metavar="N",
        help=words(_("requests a second that Vapi takes (default: any)")),
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
    add_sharing_commands(commands, words)
    add_program_commands(commands, words)
    _add_answers_of_our_own(commands, words)
    for name, command in commands.choices.items():
        command.end_with(voice, *ENDINGS.get(name, ()))
    return parser


def _add_answers_of_our_own(
    commands: argparse._SubParsersAction[SpokenParser], words: Voice
) -> None:
    """Add the commands that say something about this program itself."""
    completions = commands.add_parser(
        "completions",
        help=words(_("print what makes the Tab key complete our commands in a shell")),
        description=words(_("Prints what makes the Tab key complete our commands in a shell.")),
    )
    completions.add_argument("shell", choices=SHELLS, help=words(_("the shell")))
    commands.add_parser(
        "man",
        help=words(_("print the manual page")),
        description=words(_("Prints the manual page, for “man”.")),
    )


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


def _add_conversations(
    commands: argparse._SubParsersAction[SpokenParser], words: Voice
) -> dict[str, SpokenParser]:
    """Add the commands that work on one business and ask a question; gives them by name."""
    by_name: dict[str, SpokenParser] = {}
    for name, purpose in (
        ("undo", _("take back what was made or changed at Vapi and Twilio; asks first")),
        ("forget", _("remove a business's answers and keys from this computer; asks first")),
        ("report", _("show what support needs to know, without secrets; asks before writing it")),
        ("doctor", _("say what callers to a number hear, and why; mend it with --fix")),
    ):
        by_name[name] = command = commands.add_parser(
            name, help=words(purpose), description=words(purpose)
        )
        work_on_a_business(command, words)
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
