"""Where the program begins: what can be quick is done before anything slow is imported."""

from __future__ import annotations

import sys

from ava_setup import __version__


def main() -> int:
    """Run the command that the process's arguments ask for.

    Returns:
        The exit code.
    """
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        sys.stdout.write(f"ava-setup {__version__}\n")
        return 0
    from ava_setup import first_sight  # noqa: PLC0415 - not for the version

    try:
        if first_sight.surely_opens_the_wizard(arguments):
            first_sight.begin()
            if "--autoplay" not in arguments:
                # All that could be read in the arguments is read: the parser takes 20 ms.
                from ava_setup import wizard_command  # noqa: PLC0415 - after the title

                return wizard_command.open_at_once(arguments)
        from ava_setup import cli  # noqa: PLC0415 - after the title

        return cli.main(arguments)
    except KeyboardInterrupt:
        return 130
    finally:
        first_sight.end()
