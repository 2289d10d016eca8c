"""`ava-setup serve`: shows the wizard in a browser of this computer, for a demo."""

from __future__ import annotations

import errno
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

from ava_setup.conversation import Conversation
from ava_setup.exit_codes import ExitCode
from ava_setup.onboarding.errors import ErrorCode, SetupError
from ava_setup.words import Voice, _, verbatim

if TYPE_CHECKING:
    from collections.abc import Sequence

_STOPPED = _("Stopped.")
_CAUSES = {
    errno.EADDRINUSE: _("another program uses it."),
    errno.EACCES: _("it is not for everybody to use."),
}


def serve(arguments: Sequence[str], port: int, voice: Voice) -> int:
    """Serve the wizard until Ctrl+C.

    Args:
        arguments: Those of the wizard.
        port: Where, 0 for any that is free.
        voice: The language.

    Returns:
        The exit code: 130 after Ctrl+C, as for every command that is stopped so.
    """
    talk = Conversation(voice, yes=True)

    async def converse() -> int:
        try:
            from ava_setup.web.server import DemoServer, listen  # noqa: PLC0415 - an extra
        except ModuleNotFoundError as missing:
            raise SetupError(
                ErrorCode.WEB_NEEDED, missing=missing.name or "", python=sys.executable
            ) from missing
        try:
            listener = listen(port)
        except OSError as error:
            cause = _CAUSES.get(error.errno or 0) or error.strerror or type(error).__name__
            raise SetupError(ErrorCode.PORT_TAKEN, port=port, cause=cause) from error
        with listener:
            server = DemoServer(_shell_words(arguments), listener, voice)

            def ready() -> None:
                talk.say(_("For a demo, on this computer only. Open this link; it opens once:"))
                talk.say(verbatim(server.link))
                talk.say(_("Ctrl+C ends it."))

            await server.serve(ready)
        talk.say(_STOPPED)
        return ExitCode.INTERRUPTED

    return talk.hold(converse, _STOPPED)


def _shell_words(arguments: Sequence[str]) -> str:
    command = [sys.executable, "-m", "ava_setup", *arguments]
    return subprocess.list2cmdline(command) if sys.platform == "win32" else shlex.join(command)
