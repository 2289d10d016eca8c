"""The review, few questions before it, and keys that this computer knows already."""

from __future__ import annotations

import asyncio
import json
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from ava_setup.tui.screens import review
from ava_setup.tui.screens.review import ReviewScreen
from ava_setup.words import Language
from tests.canaries import OTHER_VAPI_KEY
from tests.journey.wizard import wizard_on

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from ava_setup.sandbox import Sandbox

MOST_DECISIONS, MOST_PASTES = 9, 3


async def test_the_shortest_journey_takes_nine_decisions_and_three_pastes(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    told = (sandbox := sandbox_of("fresh")).announcement
    decisions = pastes = 0
    async with wizard_on(sandbox, tmp_path, language=Language.EN) as wizard:

        async def decide(screen: str, *typed: str) -> None:
            """Type something into where the focus is, or nothing, and press Enter."""
            nonlocal decisions
            decisions += 1
            await wizard.on(screen)
            for one in typed:
                await wizard.paste(one)
            await wizard.press("enter")

        await wizard.until(wizard.app.ready.is_set, "the world")
        assert "It takes about 3 minutes" in wizard.words
        await decide("welcome")
        # These two are typed, letter by letter.
        await decide("business", "Plomberie Martin")
        await decide("business", "contact@plomberie-martin.example")
        await decide("business")
        for screen, *pasted in (
            ("vapi", told.vapi_key),
            ("assistant",),
            ("twilio", told.twilio_account_sid, told.twilio_auth_token),
            ("number",),
            ("review",),
        ):
            pastes += len(pasted)
            await decide(screen, *pasted)
        await wizard.on("proof")
        assert wizard.call()["answered"]
    assert decisions <= MOST_DECISIONS
    assert pastes <= MOST_PASTES


async def test_nothing_is_written_before_the_review_whose_rows_lead_to_their_steps_and_back(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path, language=Language.EN) as wizard:
        await wizard.up_to_review()
        assert {one["method"] for one in wizard.requests()} == {"GET"}
        rows = wizard.rows()
        assert "Plomberie Martin (General reception) · typed" in rows["business"]
        assert "new: created at Vapi" in rows["assistant"]
        assert "this is Ava, the virtual assistant" in rows["greeting"]
        assert "new: imported into Vapi, Ava - Plomberie Martin answers" in rows["number"]
        assert "changes: Twilio's demo greeting → Vapi" in rows["calls"]
        # The first row is the business: Enter opens it, Continue comes straight back.
        await wizard.press("up", "enter")
        await wizard.on("business")
        await wizard.type("business-name", "Martin & Daughters")
        await wizard.click("next")
        await wizard.on("review")
        assert "Martin & Daughters" in wizard.rows()["business"]
        # What is ready-made follows the business.
        assert "Ava - Martin & Daughters · default" in wizard.rows()["assistant"]
        # Escape comes back as well, from whichever row.
        await wizard.press("up", "end", "enter")
        await wizard.on("number")
        await wizard.press("escape")
        await wizard.on("review")
        assert {one["method"] for one in wizard.requests()} == {"GET"}
        await wizard.press("enter")
        await wizard.on("proof")
        [made] = wizard.vendors()["vapi"]["assistants"]
        assert made["name"] == "Ava - Martin & Daughters"
        # Seen from the proof, nothing is left to be done.
        await wizard.press("escape")
        await wizard.on("review")
        assert wizard.written() == set()
        await wizard.press("enter")
        await wizard.on("proof")


async def test_a_failure_is_shown_in_place_and_tried_again_from_where_it_stopped(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    async with wizard_on(sandbox_of("fresh"), tmp_path, language=Language.EN) as wizard:
        await wizard.up_to_review()
        wizard.spoil("vapi", "POST", "/phone-number", "error", times=None)
        await wizard.press("enter")
        await wizard.until(lambda: wizard.notice, "the failure")
        assert wizard.app.screen.name == "review"
        assert wizard.written() == {"number", "calls"}
        wizard.spoil_no_more()
        again = wizard.app.screen.query_one("#next")
        again.focus()
        # A button takes no second press while it shows the first.
        await wizard.until(lambda: not again.has_class("-active"), "a button that is up")
        await wizard.press("enter")
        await wizard.on("proof")
        assert len(wizard.vendors()["vapi"]["assistants"]) == 1


async def test_keys_of_this_computer_are_offered_never_taken_and_said_to_come_from_it(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    told = (sandbox := sandbox_of("fresh")).announcement
    environ = {
        "VAPI_API_KEY": told.vapi_key,
        "TWILIO_ACCOUNT_SID": told.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": told.twilio_auth_token,
    }
    async with wizard_on(sandbox, tmp_path, language=Language.EN, environ=environ) as wizard:
        await wizard.up_to_vapi()
        assert f"Use the key ending …{told.vapi_key[-4:]}" in wizard.words
        assert wizard.requests() == []
        assert wizard.app.setup.saved.connection is None
        # Another key may be pasted where the offer is.
        await wizard.paste(OTHER_VAPI_KEY)
        assert wizard.value("vapi-key") == OTHER_VAPI_KEY
        await wizard.press("shift+tab", "enter")
        await wizard.on("assistant")
        await wizard.click("next")
        await wizard.on("twilio")
        assert f"Use AC…{told.twilio_account_sid[-4:]}" in wizard.words
        assert told.twilio_auth_token not in wizard.screen_text
        await wizard.press("enter")
        await wizard.on("number")
        await wizard.press("enter")
        await wizard.on("review")
        assert "environment, VAPI_API_KEY" in wizard.rows()["vapi"]
        assert "environment, TWILIO_AUTH_TOKEN" in wizard.rows()["twilio"]


class Late:
    """Has a screen be a while in coming, though it has begun."""

    async def on_mount(self) -> None:
        await asyncio.sleep(0.2)


class LateReview(ReviewScreen, Late):  # type: ignore[misc] # Textual runs both handlers
    """A review that knows all before it is wholly there."""

    CSS_PATH = str(Path(review.__file__).with_name("review.tcss"))


async def test_what_is_known_before_the_review_is_wholly_there_is_shown_all_the_same(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "ReviewScreen", LateReview)
    async with wizard_on(sandbox_of("fresh"), tmp_path) as wizard:
        await wizard.up_to_number()
        await wizard.press("enter")
        await wizard.on("review")
        await wizard.until(wizard.rows, "the rows")
        assert "Plomberie Martin" in wizard.screen_text


def blocks(sid: str, token: str) -> dict[str, str]:
    """Give both values in the ways that people copy them."""
    return {
        "a tab between": f"{sid}\t{token}",
        "the token first": f"{token}\n{sid}",
        "the console": f"Account Info\nAccount SID\n{sid}\n\nAuth Token\n{token}\nLearn more",
        "labels": f"Account SID: {sid} Auth Token: {token}",
        ".env": f"export TWILIO_ACCOUNT_SID={sid}\nTWILIO_AUTH_TOKEN='{token}'\n",
        "JSON": json.dumps({"accountSid": sid, "authToken": token}),
    }


async def test_both_twilio_values_pasted_at_once_fill_both_fields_whichever_is_pasted_into(
    sandbox_of: Callable[..., Sandbox], tmp_path: Path
) -> None:
    told = (sandbox := sandbox_of("fresh")).announcement
    pair = told.twilio_account_sid, told.twilio_auth_token
    async with wizard_on(sandbox, tmp_path) as wizard:
        await wizard.up_to_twilio()
        fields = ("account-sid", "auth-token")
        for field, (how, block) in product(fields, blocks(*pair).items()):
            for name in fields:
                await wizard.type(name, "")
            wizard.app.screen.query_one(f"#{field}").focus()
            await wizard.paste(block)
            await wizard.pilot.pause()
            assert (wizard.value("account-sid"), wizard.value("auth-token")) == pair, how
            assert told.twilio_auth_token not in wizard.screen_text
        # Nothing is left to be filled in: Enter goes on.
        await wizard.press("enter")
        await wizard.on("number")
