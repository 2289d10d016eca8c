"""The options that commands share which work on a business."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ava_setup.words import Language, _

if TYPE_CHECKING:
    from ava_setup.words import Text, Voice

DEFAULT_ONE = _("the business to work on (default: default)")
ASKS = _("the business to work on, when there are several (default: it asks)")


def work_on_a_business(
    command: argparse.ArgumentParser, words: Voice, which: Text = DEFAULT_ONE
) -> None:
    """Have a command take a business and a language, too.

    They have no value of their own, so that the same option before the command counts.

    Args:
        command: The command.
        words: Speaks the language of its help.
        which: Says which business it is when none is named.
    """
    command.add_argument("--profile", metavar="NAME", default=argparse.SUPPRESS, help=words(which))
    command.add_argument(
        "--lang",
        choices=[str(one) for one in Language],
        default=argparse.SUPPRESS,
        help=words(_("language of the wizard")),
    )
