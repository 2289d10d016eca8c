"""A list of thousands of numbers is there at once, and whole for whoever goes through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App

from ava_setup.onboarding.number import TwilioNumber
from ava_setup.tui.widgets.number_list import NumberList
from ava_setup.words import Language, Voice

if TYPE_CHECKING:
    from textual.app import ComposeResult

NUMBERS = tuple(
    TwilioNumber(f"PN{place:032x}", f"+331991{place:05d}", voice_url="") for place in range(700)
)


class Listing(App[None]):
    voice = Voice(Language.EN)

    def compose(self) -> ComposeResult:
        yield NumberList(id="numbers")


async def test_a_long_list_is_made_as_it_is_gone_through_and_any_number_can_be_picked() -> None:
    app = Listing()
    async with app.run_test(size=(80, 24)) as pilot:
        listed = app.query_one(NumberList)
        listed.focus()
        listed.show(NUMBERS)
        await pilot.pause()
        assert listed.option_count < len(NUMBERS) / 2
        seen: list[TwilioNumber] = []
        while len(seen) < 100 and (not seen or seen[-1] != NUMBERS[-1]):
            await pilot.press("pagedown")
            assert listed.picked is not None
            seen.append(listed.picked)
        assert listed.option_count == len(NUMBERS)
        assert seen == sorted(seen, key=NUMBERS.index)

        listed.show(NUMBERS[1:])
        listed.pick(NUMBERS[350])
        assert listed.picked == NUMBERS[350]
        listed.move(100)
        assert listed.picked == NUMBERS[450]
