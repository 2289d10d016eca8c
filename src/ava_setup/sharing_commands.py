"""What the commands take that show things to others: a line on paper, the wizard in a browser."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ava_setup.business_options import ASKS, work_on_a_business
from ava_setup.words import _

if TYPE_CHECKING:
    from ava_setup.command_help import SpokenParser
    from ava_setup.words import Voice

_PORT_MAX = 65535


def add_sharing_commands(commands: argparse._SubParsersAction[SpokenParser], words: Voice) -> None:
    """Add them to the command line."""
    purpose = _("write the hand-over sheet, to print or to pass on: a page, and Markdown")
    handover = commands.add_parser("handover", help=words(purpose), description=words(purpose))
    work_on_a_business(handover, words)
    handover.add_argument(
        "--output",
        metavar="FILE",
        help=words(_("the page's file (default: named after the business, in this folder)")),
    )
    serve = commands.add_parser(
        "serve",
        help=words(_("show the wizard in a browser of this computer, for a demo")),
        description=words(
            _(
                "Shows the wizard in a browser of this computer, for a demo: on a projector, say. "
                "No other computer reaches it; its link opens once, in one browser, and one wizard "
                "runs at a time. For work of your own, a terminal is the place."
            )
        ),
    )
    serve.add_argument(
        "--demo",
        action="store_true",
        default=argparse.SUPPRESS,
        help=words(_("try it on a sandbox: no account needed, nothing is kept")),
    )
    serve.add_argument(
        "--scenario",
        metavar="NAME",
        default=argparse.SUPPRESS,
        help=words(_("what the demo starts from (default: fresh)")),
    )
    work_on_a_business(serve, words, ASKS)
    serve.add_argument("--port", type=int, default=0, help=words(_("port (default: any free)")))


def _handover(options: argparse.Namespace, voice: Voice, _parser: argparse.ArgumentParser) -> int:
    from ava_setup.handover_command import handover  # noqa: PLC0415 - only for this command

    return handover(options.profile, options.output, voice)


def _serve(options: argparse.Namespace, voice: Voice, parser: argparse.ArgumentParser) -> int:
    from ava_setup.serve_command import serve  # noqa: PLC0415 - only for this command

    if not 0 <= options.port <= _PORT_MAX:
        parser.error(voice(_("a port lies between 0 and {max}", max=_PORT_MAX)))
    return serve(_wizards_own(options, voice), options.port, voice)


def _wizards_own(options: argparse.Namespace, voice: Voice) -> tuple[str, ...]:
    """Give the arguments that the wizard is started with."""
    arguments = ["--lang", voice.language.value]
    if options.demo:
        arguments.append("--demo")
    if options.no_save_secrets:
        arguments.append("--no-save-secrets")
    named = {
        "--scenario": options.scenario,
        "--profile": options.profile,
        "--theme": options.theme,
    }
    for name, value in named.items():
        arguments += [name, value] if value is not None else []
    return tuple(arguments)


COMMANDS = {"handover": _handover, "serve": _serve}
