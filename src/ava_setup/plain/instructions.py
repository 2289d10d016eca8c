"""The instructions, line by line: heard, added to, written anew, or brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.assistant import read_instructions
from ava_setup.onboarding.credentials import keep_secrets_out
from ava_setup.onboarding.errors import FieldProblem
from ava_setup.plain.signs import Back
from ava_setup.words import Text, _, verbatim

if TYPE_CHECKING:
    from ava_setup.plain.prompts import Prompts

_KEEP, _HEAR, _ADD, _ANEW, _READY = "keep", "hear", "add", "anew", "ready"
_OPTIONS: list[tuple[str, Text]] = [
    (_KEEP, _("Keep them")),
    (_HEAR, _("Hear them")),
    (_ADD, _("Add something")),
    (_ANEW, _("Write them anew")),
    (_READY, _("Ready-made text")),
]
_FIELD = "instructions-text"
_END = "."


async def edit_instructions(talk: Prompts, text: str, ready_made: str) -> str:
    """Have the instructions accepted or changed.

    Args:
        talk: Where it is asked.
        text: As they are.
        ready_made: What the trade's template says, to bring back.

    Returns:
        As they are to be.

    Raises:
        Back: `<` was typed; nothing is changed.
    """
    while True:
        chosen = await talk.choose(_("Instructions"), _OPTIONS, field_id=_FIELD)
        if chosen == _KEEP:
            return text
        if chosen == _HEAR:
            talk.say(verbatim(text))
        elif chosen == _READY:
            text = ready_made
            talk.say(_("The ready-made text is back."))
        else:
            text = await _written(talk, text, adds=chosen == _ADD)


async def _written(talk: Prompts, text: str, *, adds: bool) -> str:
    """Read lines up to a full stop alone; what cannot be used leaves the text as it was."""
    talk.say(_("Type line after line. A full stop alone on a line ends; < leaves all as it was."))
    lines = [text, ""] if adds else []
    try:
        while (line := await talk.line(_("Line"), field_id=_FIELD)).strip() != _END:
            lines.append(line)
        written = read_instructions("\n".join(lines))
        keep_secrets_out(written)
    except Back:
        return text
    except FieldProblem as problem:
        talk.say(problem.text)
        return text
    talk.say(_("{count} characters are kept.", count=len(written)))
    return written
