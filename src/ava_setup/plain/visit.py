"""The doctor's visit as lines: what is found, what can be mended, and what is left to its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.checks import TABLE
from ava_setup.onboarding.errors import Problem, SetupError
from ava_setup.onboarding.mends import loss
from ava_setup.onboarding.verdicts import Verdict
from ava_setup.words import Text, Voice, _

if TYPE_CHECKING:
    from ava_setup.conversation import Conversation
    from ava_setup.onboarding.doctor import Diagnosis, Doctor
    from ava_setup.onboarding.mends import Mend
    from ava_setup.onboarding.verdicts import CheckId

_MARKS = {
    Verdict.PASSED: "✓",
    Verdict.NOTED: "•",
    Verdict.FAILED: "✗",
    Verdict.CANNOT_TELL: "?",
}


class Chart:
    """Says each finding as it is made, and later only what changed."""

    def __init__(self, talk: Conversation) -> None:
        self._talk = talk
        self._said: dict[CheckId, tuple[Verdict, Text]] = {}

    def tell(self, diagnosis: Diagnosis) -> None:
        """Say what was found since the last time, in columns."""
        for check in diagnosis.checks:
            found = (check.verdict, check.detail)
            if check.verdict is Verdict.WAITING or self._said.get(check.id) == found:
                continue
            self._said[check.id] = found
            width = max(len(self._talk.voice(row.question)) for row in TABLE.values())
            head = f"{_MARKS[check.verdict]} {self._talk.voice(check.question):<{width}}  "
            self._talk.say_beside(head, check.detail)


class Treatment:
    """Mends what can be mended, each once, looking again after each."""

    def __init__(self, talk: Conversation, doctor: Doctor, *, yes: bool) -> None:
        self._talk = talk
        self._doctor = doctor
        self._yes = yes
        self._tried: list[tuple[Mend, Problem | None]] = []

    @property
    def changed(self) -> bool:
        """Whether a vendor did anything."""
        return any(problem is None for _mend, problem in self._tried)

    async def give(self, diagnosis: Diagnosis) -> Diagnosis:
        """Ask about each mend and carry it out; gives what is true in the end."""
        offered: list[Mend] = []
        while mend := next((one for _, one in diagnosis.mends if one not in offered), None):
            offered.append(mend)
            if await self._is_agreed(mend):
                await self._carry_out(mend)
                diagnosis = await self._doctor.examine()
        return diagnosis

    def written_out(self, voice: Voice) -> list[dict[str, object]]:
        """Give what was tried as plain values, for JSON."""
        return [
            {
                "what": voice(mend.words),
                "before": voice(mend.before),
                "after": voice(mend.after),
                "error": problem and problem.code.value,
            }
            for mend, problem in self._tried
        ]

    async def _carry_out(self, mend: Mend) -> None:
        try:
            consents = frozenset({mend.consent} if mend.consent else ())
            problem = await self._doctor.mend(mend, consents)
        except SetupError as error:
            problem = error.problem
        self._tried.append((mend, problem))
        if problem is not None:
            self._talk.complain(problem)

    async def _is_agreed(self, mend: Mend) -> bool:
        self._talk.say()
        self._talk.say_beside("", _("To mend: {words}", words=mend.words))
        self._talk.say_beside("  ", _("before: {before}", before=mend.before))
        self._talk.say_beside("  ", _("after:  {after}", after=mend.after))
        if mend.consent is None:
            return await self._talk.agrees(_("Do this now?"))
        self._talk.say_beside("  ", loss(mend))
        if self._yes:
            left = _("Left as it is: --yes does not decide this; without it you are asked.")
            self._talk.say_beside("  ", left)
            return False
        return await self._talk.agrees(_("Do it all the same?"))


def say_what_to_do(talk: Conversation, diagnosis: Diagnosis, command: str = "") -> None:
    """Say what of the failures can be mended here, and what only their owner can mend.

    Args:
        talk: Where it is said.
        diagnosis: What was found.
        command: What mends it, when nobody offered to yet; else "".
    """
    mends = list(dict.fromkeys(mend.words for _check, mend in diagnosis.mends))
    mended = {check.id for check, _mend in diagnosis.mends}
    hows = [
        check.how
        for check in diagnosis.checks
        if check.verdict is Verdict.FAILED and check.id not in mended
    ]
    if mends and command:
        _list(talk, _("{command} can:", command=command), mends)
    _list(talk, _("Left to you:"), [how for how in dict.fromkeys(hows) if how])


def _list(talk: Conversation, title: Text, lines: list[Text]) -> None:
    if not lines:
        return
    talk.say()
    talk.say(title)
    for line in lines:
        talk.say_beside("  • ", line)
