"""Keys that were found on this computer: offered, never taken unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.front.offers import offer_words
from ava_setup.words import Text, _

if TYPE_CHECKING:
    from ava_setup.onboarding.sources import OfferedKey
    from ava_setup.plain.scene import Scene


class Offers:
    """The keys for a vendor that were found, as a question.

    Args:
        scene: Where it is asked.
        vapi: Whether keys of Vapi are wanted; else Twilio's.
        wanted: Whether any are wanted at all.

    Attributes:
        taken: Whether one was taken and works.
    """

    def __init__(self, scene: Scene, *, vapi: bool, wanted: bool) -> None:
        self.taken = False
        self._scene = scene
        self._field_id = "vapi-key" if vapi else "auth-token"
        offered = scene.state.live.offered if wanted else ()
        self._offered = [one for one in offered if one.is_vapi == vapi]

    async def ask(self) -> bool:
        """Offer them, and prove the one that is taken; tells whether there were any.

        Raises:
            Back: `<` was typed.
        """
        self.taken = False
        if not self._offered:
            return False
        options: list[tuple[OfferedKey | None, Text]] = [
            (one, offer_words(one)) for one in self._offered
        ]
        options.append((None, _("Type another")))
        title = _("Keys found on this computer")
        taken = await self._scene.talk.choose(title, options, field_id=self._field_id)
        if taken is not None:
            await self._scene.attempt(lambda: self._scene.setup.use_offered(taken))
            self.taken = True
        return True
