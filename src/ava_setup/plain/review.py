"""The review as a numbered list: a number leads to what it shows, a yes makes it true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.conversation import meaning
from ava_setup.front.consents import ENDINGS, READY, question_of_link
from ava_setup.onboarding.errors import Action, ErrorCode
from ava_setup.onboarding.review_rows import Blocks, Creates, Replaces
from ava_setup.onboarding.steps import StepId, as_it_stood
from ava_setup.plain.findings import say_findings
from ava_setup.plain.scene import TRY_AGAIN, Go
from ava_setup.words import NOTHING, Text, _, joined

if TYPE_CHECKING:
    from ava_setup.onboarding.outcome import Consent, LinkResult
    from ava_setup.onboarding.review_rows import Review, Row
    from ava_setup.plain.scene import Scene

_GOING_LIVE = _(
    "Going live does what the rows say, each once. What stood before is kept: !undo puts it back."
)


async def ask_review(scene: Scene) -> None:
    """Show what will be written at the vendors, have it agreed to, and write it.

    Raises:
        Back: `<` was typed.
        Go: Another step is to be asked first.
    """
    if not scene.agreed:
        await _agree(scene, await scene.attempt(scene.setup.review))
    await _go_live(scene, frozenset())


# Before


async def _agree(scene: Scene, review: Review) -> None:
    """Ask until all of it is agreed to.

    Raises:
        Go: A row is to be changed.
    """
    talk = scene.talk
    talk.about = (*talk.about, _GOING_LIVE)
    for place, row in enumerate(review.rows, 1):
        talk.say_beside(f"  {place}. ", _row(row))
    if review.unread is not None:
        talk.complain(review.unread)
    if not review.writes:
        talk.say(_("Nothing has to be changed at Vapi or Twilio."))
    prompt = _(
        "Go live: {choice}, or the number of a row to change [{yes}]",
        choice=talk.choice,
        yes=talk.choice[0],
    )
    while True:
        typed = (await talk.line(prompt)).strip()
        if typed.isdecimal() and 1 <= int(typed) <= len(review.rows):
            raise Go(review.rows[int(typed) - 1].step)
        agreed = meaning(typed) if typed else True
        if agreed:
            return
        if agreed is None:
            talk.say(_("Type a number from 1 to {count}.", count=len(review.rows)))
        else:
            await _restore(scene)
            talk.say(_("Nothing was changed. < goes back, ! leaves and keeps everything."))


def _row(row: Row) -> Text:
    said = _(
        "{setting}: {value}; {source}.",
        setting=row.setting,
        value=row.value,
        source=row.source.words,
    )
    return joined(said, _effect(row))


def _effect(row: Row) -> Text:
    """Say what becomes of a row, without an arrow; nothing when nothing does."""
    match row.effect:
        case Replaces(before, after, loses):
            form = _("Takes over. Today: {before}. Then: {after}.")
            plain = _("Today: {before}. Then: {after}.")
            params = (("before", before), ("after", after))
            return Text((form if loses else plain).msgid, params)
        case Creates(what):
            return _("New: {what}.", what=what)
        case Blocks(why):
            return _("In the way: {why}", why=why)
        case _:
            return NOTHING


# Going live


async def _go_live(scene: Scene, consents: frozenset[Consent]) -> None:
    makes_key = scene.state.saved.own_key
    result = await scene.attempt(lambda: scene.setup.go_live(consents))
    # What was agreed to once is agreed to when only the assistant was missing.
    problem = result.problem
    scene.agreed = problem is not None and problem.code is ErrorCode.ASSISTANT_REQUIRED
    if result.success:
        _celebrate(scene, result, has_own_key=makes_key)
        return
    if problem is None:
        return
    agreed = await _agrees(scene, result)
    if agreed and result.consent is not None:
        await _go_live(scene, consents | {result.consent})
    elif agreed is None:
        refused = problem.code is ErrorCode.TWILIO_KEY_REFUSED
        await scene.mend(problem, _("Go on with the auth token") if refused else TRY_AGAIN)
        await _go_live(scene, consents)
    else:
        await _decline(scene)


async def _agrees(scene: Scene, result: LinkResult) -> bool | None:
    """Ask for what linking needs; None when a yes is not what it lacks."""
    talk, problem = scene.talk, result.problem
    question = question_of_link(result, scene.state)
    if question is not None:
        talk.say(question.heading)
        for text in question.said:
            talk.say(text)
        return await talk.confirm(_("{words}?", words=question.agree))
    if problem is not None and problem.action is Action.CONSENT_TRIAL:
        talk.complain(problem)
        return await talk.confirm(_("{words}?", words=_("Import anyway, though calls will fail")))
    return None


async def _decline(scene: Scene) -> None:
    """Take a no: what stood before this was begun stands again.

    Raises:
        Go: To what stands, or to the review once more.
    """
    scene.talk.say(_("Nothing was changed."))
    await _restore(scene)
    raise Go(StepId.REVIEW)


async def _restore(scene: Scene) -> None:
    """Have stand again what stood before, if it does.

    Raises:
        Go: To its proof.
    """
    stood = scene.stood
    if as_it_stood(stood, scene.state) is not None:
        await scene.setup.store.update(lambda state: as_it_stood(stood, state) or state)
        raise Go(StepId.PROOF)


def _celebrate(scene: Scene, result: LinkResult, *, has_own_key: bool) -> None:
    talk = scene.talk
    say_findings(talk, scene.state.live.checks)
    talk.say(ENDINGS[result.outcome])
    if result.auto_linked:
        talk.say(result.message)
    if has_own_key:
        talk.say(_("Done: a key is in use, and the token is forgotten here."))
    talk.say(READY)
