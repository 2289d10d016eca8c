"""What the commands for programs take: those that need no screen and ask no more than they must."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from ava_setup.words import Language, _

if TYPE_CHECKING:
    from ava_setup.command_help import SpokenParser
    from ava_setup.words import Text, Voice

_JOBS_MAX = 64
_PORT_MAX = 65535


def add_program_commands(commands: argparse._SubParsersAction[SpokenParser], words: Voice) -> None:
    """Add them to the command line."""
    _add_apply(commands, words)
    _add_export(commands, words)
    _add_status(commands, words)
    _add_lines(commands, words)
    _add_api(commands, words)
    commands.add_parser(
        "schema",
        help=words(_("print the JSON Schema of the answer file")),
        description=words(
            _("Prints the JSON Schema of the answer file, for editors and programs.")
        ),
    )


def _add_apply(commands: argparse._SubParsersAction[SpokenParser], words: Voice) -> None:
    apply = commands.add_parser(
        "apply",
        help=words(_("set up one or many businesses from an answer file")),
        description=words(
            _(
                "Sets up the businesses of an answer file: shows what it would do, asks, and does "
                "it. Done twice, it writes nothing the second time."
            )
        ),
    )
    apply.add_argument(
        "file", metavar="FILE", help=words(_("the answer file, TOML; - reads a pipe"))
    )
    apply.add_argument(
        "--dry-run", action="store_true", help=words(_("only show what it would do"))
    )
    apply.add_argument("--yes", action="store_true", help=words(_("do not ask before going ahead")))
    apply.add_argument(
        "--on-conflict",
        choices=("ask", "skip", "reassign"),
        help=words(
            _("where somebody would lose something (default: ask; without a terminal, skip)")
        ),
    )
    apply.add_argument(
        "--only",
        metavar="NAME",
        action="append",
        default=[],
        help=words(_("only this business of the file; may be repeated")),
    )
    apply.add_argument(
        "--jobs",
        type=int,
        metavar="N",
        default=8,
        help=words(_("how many businesses at a time, 1 to {max} (default: 8)", max=_JOBS_MAX)),
    )
    apply.add_argument(
        "--json",
        action="store_true",
        help=words(_("print one JSON object a business and line, then a summary")),
    )
    apply.add_argument(
        "--save-secrets",
        action="store_true",
        help=words(_("keep the businesses' keys and tokens, as the wizard does")),
    )
    speak(apply, words)


def _add_export(commands: argparse._SubParsersAction[SpokenParser], words: Voice) -> None:
    export = commands.add_parser(
        "export",
        help=words(_("write the answer file of a business that is set up")),
        description=words(
            _("Writes the answer file of a business: “apply” sets the same up elsewhere.")
        ),
    )
    _choose_business(export, words, _("the business to work on (default: default)"))
    export.add_argument(
        "--output",
        metavar="FILE",
        default="-",
        help=words(_("the file to write (default: standard output)")),
    )
    speak(export, words)


def _add_status(commands: argparse._SubParsersAction[SpokenParser], words: Voice) -> None:
    status = commands.add_parser(
        "status",
        help=words(_("say what is set up on this computer")),
        description=words(_("Says what is set up on this computer, business by business.")),
    )
    _choose_business(status, words, _("only this business (default: all)"))
    status.add_argument(
        "--check", action="store_true", help=words(_("read both vendors back; changes nothing"))
    )
    _answer_programs(status, words)
    speak(status, words)


def _add_lines(commands: argparse._SubParsersAction[SpokenParser], words: Voice) -> None:
    link = commands.add_parser(
        "link",
        help=words(_("import a number into Vapi, linked to an assistant")),
        description=words(
            _(
                "Imports a number of your Twilio account into Vapi, linked to an assistant, or "
                "links it where it is; proves it at both. Without --assistant, the first available "
                "one is taken, and said. “ava-setup undo --number” takes it back."
            )
        ),
    )
    link.add_argument("--number", required=True, help=words(_("the number, for example +33…")))
    link.add_argument(
        "--assistant", metavar="ID", default="", help=words(_("the id of the assistant at Vapi"))
    )
    link.add_argument(
        "--on-conflict",
        choices=("skip", "reassign"),
        default="skip",
        help=words(_("where somebody would lose something (default: skip)")),
    )
    _answer_programs(link, words)
    speak(link, words)
    for name, purpose in (
        ("assistants", _("list the assistants of a Vapi organisation")),
        ("numbers", _("list the numbers of a Twilio account, and where each points")),
    ):
        command = commands.add_parser(name, help=words(purpose), description=words(purpose))
        _choose_business(
            command, words, _("with this business's keys (default: the environment's)")
        )
        _answer_programs(command, words)
        speak(command, words)


def _add_api(commands: argparse._SubParsersAction[SpokenParser], words: Voice) -> None:
    api = commands.add_parser(
        "api",
        help=words(_("serve the import of a number over HTTP")),
        description=words(
            _(
                "Serves POST /api/v1/phone-numbers/import-twilio, with the caller's Vapi key as "
                "bearer, and /openapi.json. Keeps nothing. Needs: pip install 'ava-setup[api]'"
            )
        ),
    )
    api.add_argument(
        "--host",
        metavar="ADDRESS",
        default="127.0.0.1",
        help=words(_("the address to listen on (default: this computer only)")),
    )
    api.add_argument("--port", type=int, default=8080, help=words(_("port (default: 8080)")))
    speak(api, words)


def _choose_business(command: argparse.ArgumentParser, words: Voice, purpose: Text) -> None:
    command.add_argument(
        "--profile", metavar="NAME", default=argparse.SUPPRESS, help=words(purpose)
    )


def _answer_programs(command: argparse.ArgumentParser, words: Voice) -> None:
    command.add_argument("--json", action="store_true", help=words(_("print JSON, for programs")))


def speak(command: argparse.ArgumentParser, words: Voice) -> None:
    """Have a command take a language; without a value, so that one before the command counts."""
    command.add_argument(
        "--lang",
        choices=[str(one) for one in Language],
        default=argparse.SUPPRESS,
        help=words(_("language of the messages")),
    )


def apply(options: argparse.Namespace, voice: Voice, parser: argparse.ArgumentParser) -> int:
    """Apply an answer file."""
    from ava_setup.apply_command import Orders, apply  # noqa: PLC0415 - only for this command
    from ava_setup.headless.fleet import OnConflict  # noqa: PLC0415 - same

    if not 1 <= options.jobs <= _JOBS_MAX:
        parser.error(voice(_("--jobs is between 1 and {max}", max=_JOBS_MAX)))
    orders = Orders(
        options.file,
        only=tuple(options.only),
        jobs=options.jobs,
        dry_run=options.dry_run,
        yes=options.yes,
        as_json=options.json,
        on_conflict=OnConflict(options.on_conflict) if options.on_conflict else None,
        save_secrets=options.save_secrets,
    )
    return apply(orders, voice)


def schema(_options: argparse.Namespace, _voice: Voice, _parser: argparse.ArgumentParser) -> int:
    """Print the JSON Schema of the answer file."""
    from ava_setup.headless.answer_file import schema  # noqa: PLC0415 - same

    sys.stdout.write(f"{json.dumps(schema(), ensure_ascii=False, indent=2)}\n")
    return 0


def export(options: argparse.Namespace, voice: Voice, _parser: argparse.ArgumentParser) -> int:
    """Write an answer file."""
    from ava_setup.export_command import export  # noqa: PLC0415 - only for this command

    return export(options.profile, options.output, voice)


def status(options: argparse.Namespace, voice: Voice, _parser: argparse.ArgumentParser) -> int:
    """Say what is set up."""
    from ava_setup.status_command import Orders, status  # noqa: PLC0415 - only for this command

    return status(Orders(options.profile, check=options.check, as_json=options.json), voice)


def link(options: argparse.Namespace, voice: Voice, _parser: argparse.ArgumentParser) -> int:
    """Link a number."""
    from ava_setup.headless.fleet import OnConflict  # noqa: PLC0415 - only for this command
    from ava_setup.line_commands import LinkOrders, link  # noqa: PLC0415 - same

    orders = LinkOrders(
        as_json=options.json,
        number=options.number,
        # A script's empty variable means that none is chosen.
        assistant=options.assistant.strip(),
        on_conflict=OnConflict(options.on_conflict),
    )
    return link(orders, voice)


def assistants(options: argparse.Namespace, voice: Voice, _parser: argparse.ArgumentParser) -> int:
    """List assistants."""
    from ava_setup.line_commands import Orders, assistants  # noqa: PLC0415 - only for this command

    return assistants(Orders(options.profile, options.json), voice)


def numbers(options: argparse.Namespace, voice: Voice, _parser: argparse.ArgumentParser) -> int:
    """List numbers."""
    from ava_setup.line_commands import Orders, numbers  # noqa: PLC0415 - only for this command

    return numbers(Orders(options.profile, options.json), voice)


def api(options: argparse.Namespace, voice: Voice, parser: argparse.ArgumentParser) -> int:
    """Serve the import over HTTP."""
    from ava_setup.api_command import api  # noqa: PLC0415 - only for this command

    if not 0 <= options.port <= _PORT_MAX:
        parser.error(voice(_("a port lies between 0 and {max}", max=_PORT_MAX)))
    return api(options.host, options.port, voice)


COMMANDS = {
    "api": api,
    "apply": apply,
    "assistants": assistants,
    "export": export,
    "link": link,
    "numbers": numbers,
    "schema": schema,
    "status": status,
}
