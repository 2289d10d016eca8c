"""The Vapi key as a question: typed unseen, and proven at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.front.regions import region_of_key
from ava_setup.front.storage import kept_where
from ava_setup.onboarding.credentials import read_vapi_key
from ava_setup.onboarding.steps import StepId, step
from ava_setup.plain.offers import Offers
from ava_setup.plain.prompts import Asked
from ava_setup.plain.scene import in_turn
from ava_setup.words import NOTHING, _

if TYPE_CHECKING:
    from pydantic import SecretStr

    from ava_setup.plain.scene import Scene


async def ask_vapi(scene: Scene) -> None:
    """Ask for the key, unless it is known and kept, and prove it.

    Raises:
        Back: `<` was typed.
    """
    is_known = step(StepId.VAPI).holds(scene.state)
    offers = Offers(scene, vapi=True, wanted=not is_known)

    def read(typed: str) -> SecretStr | None:
        return None if not typed and is_known else read_vapi_key(typed)

    async def ask_key() -> bool:
        if offers.taken:
            _say_region(scene)
            return False
        scene.talk.say(kept_where(scene.state.live.vault))
        kept = _("the one that works") if is_known else NOTHING
        key = await scene.ask(Asked("vapi-key", read, kept=kept, secret=True))
        if key is not None:
            await scene.attempt(lambda: scene.setup.connect(key))
            _say_region(scene)
        return True

    await in_turn(offers.ask, ask_key)


def _say_region(scene: Scene) -> None:
    scene.talk.say(_("Vapi accepts the key."))
    connection = scene.state.saved.connection
    if connection is not None and (region := region_of_key(connection.region)):
        scene.talk.say(region)
