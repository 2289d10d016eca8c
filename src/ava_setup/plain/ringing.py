"""Having Ava ring a telephone: asked, as it costs money, and done once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ava_setup.front.proof_words import UNSEEN, placed
from ava_setup.front.telephones import cost_of_call, read_callee
from ava_setup.onboarding.errors import VendorError
from ava_setup.onboarding.number import spaced
from ava_setup.plain.prompts import Asked
from ava_setup.plain.signs import Back
from ava_setup.words import _

if TYPE_CHECKING:
    from ava_setup.plain.scene import Scene


async def have_ava_ring(scene: Scene) -> None:
    """Ask which telephone, and for a yes; what nobody saw the end of is not tried again."""
    linked, profile, talk = scene.state.saved.linked, scene.state.saved.profile, scene.talk
    if linked is None:
        return
    offered = profile.fallback_number if profile else ""
    asked = Asked(
        "callee",
        lambda typed: read_callee(typed, linked.number),
        spaced(offered) if offered else "",
    )
    talk.say(cost_of_call(linked.number))
    try:
        _typed, callee = await talk.ask(asked)
        agreed = await talk.confirm(_("Have Ava ring {number}, once?", number=spaced(callee)))
    except Back:
        agreed = False
    if not agreed:
        talk.say(_("Nobody is rung."))
        return
    try:
        await scene.setup.ring(callee)
        talk.say(placed(callee))
    except VendorError as error:
        if error.may_have_acted:
            talk.say(UNSEEN)
        else:
            talk.complain(error.problem)
    except asyncio.CancelledError:
        talk.say(UNSEEN)
        raise
