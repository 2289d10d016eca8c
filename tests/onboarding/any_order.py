"""A set-up as a state machine: steps, edits, failures, cuts and restarts, in whatever order.

The real engine over the real store and vault, against strict vendors. After each step the `Oracle`
judges; at the end the owner goes the rest of the way, and then takes everything back.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from pydantic import SecretStr

from ava_setup.onboarding import journal, steps
from ava_setup.onboarding.checks import all_passed
from ava_setup.onboarding.credentials import AccountKind, AccountStatus, ApiKey, AuthToken
from ava_setup.onboarding.errors import ErrorCode, StoreError
from ava_setup.onboarding.outcome import Consent
from ava_setup.onboarding.profile import Profile
from ava_setup.onboarding.state import (
    ChosenAssistant,
    CreateAssistant,
    DraftedAssistant,
    NoAssistantYet,
)
from ava_setup.onboarding.steps import StepId
from tests.onboarding.fakes import draft
from tests.onboarding.lives import Cut, Disk, Done, End, Failed, Life, Loop, Short
from tests.onboarding.neighbourhood import (
    ABROAD,
    HOME,
    MAIN,
    NO_KEY,
    NO_TOKEN,
    NUMBERS,
    OTHER,
    SECOND,
    SPARE,
    SPARE_NUMBER,
    neighbourhood,
    number_at,
)
from tests.onboarding.oracle import Oracle, of_kind
from tests.onboarding.strict_clients import Reach
from tests.onboarding.strict_vendors import PBX, Fault, Harm, Quirks

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.number import TwilioNumber
    from ava_setup.onboarding.outcome import LinkResult
    from ava_setup.onboarding.ports import Vendors
    from ava_setup.onboarding.setup import Setup
    from ava_setup.onboarding.state import Saved, State
    from ava_setup.words import Text
    from tests.onboarding.strict_vendors import Caller, World

T = TypeVar("T")


@dataclass(frozen=True)
class Trouble:
    """What befalls one use case.

    Attributes:
        cut: Where it is cut short, if it is.
        fault: What goes wrong with its requests, if anything does.
        room: After how many writes the disk is full for one; None for never.
    """

    cut: Cut | None = None
    fault: Fault | None = None
    room: int | None = None


NONE = Trouble()
_CUTS = st.builds(Cut, st.integers(0, 70), st.booleans(), st.booleans())
_FAULTS = st.builds(
    Fault,
    st.sampled_from(Harm),
    st.sampled_from(["", "write"]),
    st.integers(0, 8),
    st.sampled_from([1, 1, 2, 9]),
)
TROUBLES = st.one_of(
    st.just(NONE),
    st.just(NONE),
    st.builds(Trouble, cut=_CUTS),
    st.builds(Trouble, fault=_FAULTS),
    st.builds(Trouble, cut=st.none() | _CUTS, fault=st.none() | _FAULTS, room=st.integers(0, 6)),
)
QUIRKS = st.builds(
    Quirks, st.booleans(), st.booleans(), st.sampled_from([0, 2]), st.sampled_from([0, 2])
)
CONSENTS = st.sampled_from(
    [
        frozenset(Consent),
        frozenset[Consent](),
        frozenset({Consent.REASSIGN}),
        frozenset({Consent.OVERWRITE}),
    ]
)
TYPED = st.sampled_from(
    ["", "Martin", "Café « L'Été » 🥐", "株式会社", "שלום", "e\u0301\u200d", "x" * 20_000]
) | st.text(max_size=20)
FIELDS = st.sampled_from(["business-name", "email", "opening-hours", "greeting", "number-search"])
FALLBACKS = ["", "+33612345678", NUMBERS["fresh"].number]
PROFILES = st.builds(
    lambda name, email, fallback, webhook: Profile(
        business_name=name,
        admin_email=email,
        opening_hours="24/7 🕘",
        fallback_number=fallback,
        webhook_url=webhook,
    ),
    st.sampled_from(["Martin Plomberie", "Café « L'Été » 🥐", "é" * 80, "株式会社"]),
    st.sampled_from(["contact@example.fr", "owner@example.com"]),
    st.sampled_from(FALLBACKS),
    st.sampled_from(["", "https://hooks.example/ava"]),
)
AVAS = st.sampled_from(["Ava", "Ava 🥐", "é" * 40])

_ALL = frozenset(Consent)
_LINK = frozenset({"linked", "answered"})
_NOTHING = frozenset[str]()
_QUESTIONS_MAX = 6
_PATIENCE = 60


class AnyOrder(RuleBasedStateMachine):
    """One business at one organisation and one account; nobody but this tool changes anything."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(tempfile.mkdtemp(prefix="any-order-"))
        self._disk = Disk(self._folder)
        self._loop = self._make_loop()
        self._settle(neighbourhood(Quirks(), inhabited=False))
        self._life = Life(self._disk, self._reach, self._oracle.watch)
        self._in_doubt: set[StepId] = set()
        self._rotations = 0
        self._undo_cut = False
        self._sound = False

    @initialize(
        quirks=QUIRKS,
        inhabited=st.booleans(),
        begun=st.sampled_from([StepId.WELCOME, StepId.ASSISTANT, StepId.NUMBER, StepId.PROOF]),
    )
    def begins(self, quirks: Quirks, *, inhabited: bool, begun: StepId) -> None:
        """Start the program for the first time, and go as far as a step without trouble."""
        self._settle(neighbourhood(quirks, inhabited=inhabited))
        self._goes_as_far_as(begun)

    def _make_loop(self) -> Loop:
        return Loop()

    def _settle(self, world: World) -> None:
        """Have these vendors, and somebody who knows how they are now."""
        self._world = world
        self._oracle = Oracle(world, self._disk)
        world.witness = self._oracle.witness

    def _goes_as_far_as(self, begun: StepId) -> None:
        self._opens()
        while begun is not StepId.WELCOME and steps.first_open(self._state) is not begun:
            self.goes_on(NONE)
        self._sound = True

    # The owner's steps

    @rule(field=FIELDS, text=TYPED, trouble=TROUBLES)
    def types(self, field: str, text: str, trouble: Trouble) -> None:
        typed = self._oracle.typed
        before = typed.get(field)
        end = self._does(lambda setup: setup.remember({field: text}), {"answers"}, trouble)
        now = self._saved.typed.get(field)
        assert now == text or (now == before and not isinstance(end, Done))
        assert now == before or not isinstance(end, Failed)
        if now is not None:
            typed[field] = now
        self._judge()

    @rule(profile=PROFILES, trouble=TROUBLES)
    def tells_of_the_business(self, profile: Profile, trouble: Trouble) -> None:
        before = self._saved.profile
        end = self._does(
            lambda setup: setup.save_profile(profile), {"profile", "assistant", "linked"}, trouble
        )
        if before is not None:
            profile = profile.model_copy(update={"business_id": before.business_id})
        now, number = self._saved.profile, self._saved.number
        profile = profile.model_copy(update={"country": "FR" if number else ""})
        assert now == profile or (now == before and not isinstance(end, Done))
        self._judge()

    @rule(key=st.sampled_from([HOME, HOME, "nobody"]), trouble=TROUBLES)
    def connects(self, key: str, trouble: Trouble) -> None:
        self._connect(key, trouble)

    def _connect(self, org_id: str, trouble: Trouble = NONE) -> End[Any]:
        org = self._world.orgs.get(org_id)
        key = org.key if org else NO_KEY
        end = self._does(
            lambda setup: setup.connect(SecretStr(key)),
            {"connection", "assistant", "journal", *_LINK},
            trouble,
        )
        self._credentials_given(StepId.VAPI, end)
        if isinstance(end, Done):
            assert org
            assert self._saved.connection
            assert self._saved.connection.region is org.region
        self._judge()
        return end

    def _credentials_given(self, step: StepId, end: End[Any]) -> None:
        """Note whether the owner has reason to be asked for credentials again."""
        match end:
            case Done():
                self._in_doubt.discard(step)
            case Failed(error) if not isinstance(error, StoreError):
                pass
            case _:
                self._in_doubt.add(step)

    @rule(trouble=TROUBLES)
    def lists_assistants(self, trouble: Trouble) -> None:
        self._does(lambda setup: setup.list_assistants(), {"connection", "journal"}, trouble)
        self._judge()

    @rule(which=st.integers(0, 3), trouble=TROUBLES)
    def chooses_an_assistant(self, which: int, trouble: Trouble) -> None:
        listed = self._state.live.assistants
        if not listed:
            return
        wanted = listed[which % len(listed)]
        end = self._does(
            lambda setup: setup.choose_assistant(wanted),
            {"assistant", "journal", *_LINK},
            trouble,
        )
        if isinstance(end, Done):
            chosen = self._saved.assistant
            assert isinstance(chosen, ChosenAssistant)
            assert chosen.id == wanted.id
        self._judge()

    @rule(trouble=TROUBLES)
    def says_later(self, trouble: Trouble) -> None:
        end = self._does(lambda setup: setup.assistant_later(), {"assistant", *_LINK}, trouble)
        assert self._saved.assistant == NoAssistantYet() or not isinstance(end, Done)
        self._judge()

    @rule(name=AVAS, create_id=st.sampled_from(["", "", "c" * 32]), trouble=TROUBLES)
    def creates_an_assistant(self, name: str, create_id: str, trouble: Trouble) -> None:
        if steps.step(StepId.BUSINESS).holds(self._state):
            self._create(name, create_id, trouble)

    def _create(
        self, name: str = "Ava", create_id: str = "", trouble: Trouble = NONE
    ) -> End[Assistant]:
        """Create an assistant; one that may have been made unseen is the one that is meant."""
        profile = self._saved.profile
        assert profile
        wanted = replace(draft(name, create_id), business_id=profile.business_id)
        unseen = self._unseen()
        before = set(self._oracle.marks)
        end = self._does(
            lambda setup: setup.create_assistant(wanted),
            {"assistant", "journal", "connection", *_LINK},
            trouble,
        )
        made = {mark for _org, mark in set(self._oracle.marks) - before}
        assert len(made) <= 1
        assert not unseen or made <= unseen, "a second one is made where one may have been"
        if isinstance(end, Done):
            chosen = self._saved.assistant
            assert isinstance(chosen, ChosenAssistant)
            assert (chosen.id, chosen.name) == (end.value.id, name)
        self._judge()
        return end

    @rule(name=AVAS, create_id=st.sampled_from(["", "", "c" * 32]), trouble=TROUBLES)
    def drafts_an_assistant(self, name: str, create_id: str, trouble: Trouble) -> None:
        if steps.step(StepId.BUSINESS).holds(self._state):
            self._draft(name, create_id, trouble)

    def _draft(self, name: str = "Ava", create_id: str = "", trouble: Trouble = NONE) -> End[None]:
        profile = self._saved.profile
        assert profile
        wanted = replace(draft(name, create_id), business_id=profile.business_id)
        end = self._does(
            lambda setup: setup.draft_assistant(wanted), {"assistant", *_LINK}, trouble
        )
        if isinstance(end, Done):
            choice = self._saved.assistant
            assert isinstance(choice, DraftedAssistant)
            assert (choice.draft.name, bool(choice.draft.create_id)) == (name, True)
        self._judge()
        return end

    def _unseen(self) -> set[str]:
        """Give the marks of creations that may have been made, though nobody saw it."""
        creations = of_kind(journal.standing(self._saved), CreateAssistant)
        return {one.create_id for one in creations if not one.made}

    @rule(which=st.sampled_from(["token", "token", "key", "wrong"]), trouble=TROUBLES)
    def checks_twilio(self, which: str, trouble: Trouble) -> None:
        self._check_twilio(which, trouble)

    def _check_twilio(self, which: str, trouble: Trouble = NONE) -> End[Any]:
        account = self._world.accounts[SPARE if which == "spare" else MAIN]
        sid = account.sid
        token = NO_TOKEN if which == "wrong" else account.token
        secret = SecretStr(account.key_secret)
        credentials: AuthToken | ApiKey = (
            ApiKey(account_sid=sid, key_sid=account.key_sid, key_secret=secret)
            if which == "key"
            else AuthToken(account_sid=sid, auth_token=SecretStr(token))
        )
        end = self._does(
            lambda setup: setup.check_twilio(credentials), {"twilio", "number", *_LINK}, trouble
        )
        self._credentials_given(StepId.TWILIO, end)
        if isinstance(end, Done):
            assert self._saved.twilio
            assert self._saved.twilio.account_sid == sid
        self._judge()
        return end

    @rule(trouble=TROUBLES)
    def lists_numbers(self, trouble: Trouble) -> None:
        self._does(lambda setup: setup.list_numbers(), _NOTHING, trouble)
        self._judge()

    @rule(which=st.sampled_from(sorted(NUMBERS)), trouble=TROUBLES)
    def chooses_a_number(self, which: str, trouble: Trouble) -> None:
        for number in self._state.live.numbers or ():
            if number.sid == NUMBERS[which].sid:
                self._choose_number(number, trouble)
                return

    def _choose_number(self, number: TwilioNumber, trouble: Trouble = NONE) -> None:
        # Whom callers ring in an emergency follows its country.
        changes = {"number", "profile", "assistant", *_LINK}
        end = self._does(lambda setup: setup.choose_number(number), changes, trouble)
        if isinstance(end, Done):
            assert self._saved.number
            assert self._saved.number.number == number.number
        self._judge()

    @rule(trouble=TROUBLES)
    def reviews(self, trouble: Trouble) -> None:
        self._does(lambda setup: setup.review(), _NOTHING, trouble)
        self._judge()

    @rule(consents=CONSENTS, trouble=TROUBLES)
    def goes_live(self, consents: frozenset[Consent], trouble: Trouble) -> None:
        self._go_live(consents, trouble)

    def _go_live(self, consents: frozenset[Consent], trouble: Trouble = NONE) -> End[LinkResult]:
        unseen = self._unseen()
        before = set(self._oracle.marks)
        self._oracle.agreed = consents
        end = self._does(
            lambda setup: setup.go_live(consents),
            {"assistant", "journal", "connection", *_LINK},
            trouble,
        )
        self._oracle.agreed = frozenset()
        made = {mark for _org, mark in set(self._oracle.marks) - before}
        assert len(made) <= 1
        assert not unseen or made <= unseen, "a second one is made where one may have been"
        if isinstance(end, Done):
            result = end.value
            assert result.success is (result.problem is None)
            if result.success:
                self._is_linked_by(result)
        self._judge()
        return end

    def _is_linked_by(self, result: LinkResult) -> None:
        """A success is what is kept, and what is true."""
        linked, number, phone = self._saved.linked, self._saved.number, result.phone
        assert linked
        assert number
        assert phone
        assert (linked.phone_number_id, linked.number) == (phone.id, number.number)
        assert linked.assistant_id == result.assistant_id == phone.assistant_id
        assert self._world.meddled or self._oracle.is_answered(linked)

    @rule(trouble=TROUBLES)
    def verifies(self, trouble: Trouble) -> None:
        self._does(lambda setup: setup.verify(), _LINK, trouble)
        self._judge()

    @rule(rings=st.booleans(), trouble=TROUBLES)
    def waits_for_a_call(self, *, rings: bool, trouble: Trouble) -> None:
        linked = self._saved.linked
        if rings and linked:
            # A call from before the wait proves nothing of a link that was found made.
            self._world.happen(partial(self._world.ring, linked.number), after=2)
        # Nobody waits for ever.
        patient = trouble if trouble.cut else replace(trouble, cut=Cut(_PATIENCE))
        self._does(lambda setup: setup.wait_for_call(), {"answered"}, patient)
        self._judge()

    @rule(trouble=TROUBLES)
    def undoes(self, trouble: Trouble) -> None:
        self._undo(trouble)

    def _undo(self, trouble: Trouble = NONE) -> End[tuple[Text, ...]]:
        async def undo(setup: Setup) -> tuple[Text, ...]:
            return await setup.undoer.carry_out(await setup.undoer.plan())

        self._oracle.undoing = True
        end = self._does(undo, {"journal", "assistant", "number", *_LINK}, trouble)
        self._oracle.undoing = False
        self._undo_cut = not isinstance(end, Done)
        self._judge()
        return end

    @rule(trouble=TROUBLES)
    def goes_on(self, trouble: Trouble) -> None:
        """Take the step that the wizard would ask for now."""
        match steps.first_open(self._state):
            case StepId.BUSINESS:
                profile = Profile(
                    business_name="Martin", admin_email="a@example.fr", opening_hours="8h"
                )
                self.tells_of_the_business(profile, trouble)
            case StepId.VAPI:
                self._connect(HOME, trouble)
            case StepId.ASSISTANT:
                self._draft(trouble=trouble)
            case StepId.TWILIO:
                self._check_twilio("token", trouble)
            case StepId.NUMBER:
                self._choose_number(self._sensible(), trouble)
            case StepId.REVIEW:
                self._go_live(_ALL, trouble)
            case _:
                self.waits_for_a_call(rings=True, trouble=trouble)

    @rule(kills=st.booleans())
    def starts_again(self, *, kills: bool) -> None:
        if not kills:
            self._does(lambda setup: setup.aclose(), _NOTHING)
            assert not self._life.caller.clients
        self._dies()
        self._judge()

    @rule(which=st.sampled_from([HOME, MAIN]))
    def credentials_are_rotated(self, which: str) -> None:
        self._rotations += 1
        fresh = f"made-up-rotated-{self._rotations}"
        self._oracle.secrets.add(fresh)
        if which == HOME:
            self._world.orgs[HOME].key = fresh
            self._in_doubt.add(StepId.VAPI)
        else:
            self._world.accounts[MAIN].token = fresh
            self._in_doubt.add(StepId.TWILIO)

    # One use case

    @property
    def _state(self) -> State:
        return self._life.store.state

    @property
    def _saved(self) -> Saved:
        return self._life.setup.saved

    def _does(
        self,
        act: Callable[[Setup], Coroutine[Any, Any, T]],
        may_change: frozenset[str] | set[str],
        trouble: Trouble = NONE,
    ) -> End[T]:
        """Run a use case; of what is kept, it changes only what it is about."""
        self._sound = False
        self._world.begin()
        if trouble.fault:
            self._world.arm(trouble.fault)
        self._disk.room = trouble.room
        before = self._saved
        end = self._loop.run(self._life, act, trouble.cut)
        self._disk.room = None
        self._world.mend()
        self._world.let_time_pass()
        if isinstance(end, Short) and end.killed:
            self._dies()
        now = self._saved
        changed = {
            name for name in type(now).model_fields if getattr(now, name) != getattr(before, name)
        }
        assert changed <= may_change, f"it also changed {changed - may_change}"
        return end

    def _opens(self) -> None:
        self._life = Life(self._disk, self._reach, self._oracle.watch)
        assert isinstance(self._loop.run(self._life, lambda setup: setup.open()), Done)

    def _reach(self, caller: Caller) -> Vendors:
        return Reach(self._world, caller)

    def _dies(self) -> None:
        """Be killed and started again: what was on disk is there, and nothing else."""
        self._loop.bury(self._life)
        kept = self._disk.kept
        self._opens()
        assert self._saved == kept

    def _judge(self) -> None:
        self._oracle.judge(self._life, self._loop)
        self._sound = True

    # The end

    def teardown(self) -> None:
        """See the set-up through, take it all back, and find the vendors as they were."""
        try:
            if self._sound:
                self._sees_it_through()
                self._takes_it_all_back()
        finally:
            self._loop.bury(self._life)
            self._loop.close()
            shutil.rmtree(self._folder)

    def _sees_it_through(self) -> None:
        """Go the way that the wizard leads, with no more trouble; it asks nothing twice."""
        self._world.mend()
        self._dies()
        asked: Counter[StepId] = Counter()
        number = self._saved.number
        if number and not self._can_be_answered(number.number):
            # The owner is told that it cannot be, and takes another.
            self.lists_numbers(NONE)
            self._choose_number(self._sensible())
        # What was changed, or was being given when it was cut short, the owner gives again.
        if StepId.VAPI in self._in_doubt:
            assert isinstance(self._connect(HOME), Done)
        if StepId.TWILIO in self._in_doubt:
            assert isinstance(self._check_twilio("token"), Done)
        while (step := self._next_question()) is not None:
            asked[step] += 1
            assert asked[step] == 1, f"asked again: {step}"
            match step:
                case StepId.VAPI:
                    assert isinstance(self._connect(HOME), Done)
                case StepId.ASSISTANT:
                    assert isinstance(self._draft(), Done)
                case StepId.TWILIO:
                    assert isinstance(self._check_twilio("token"), Done)
                case StepId.NUMBER:
                    self.lists_numbers(NONE)
                    self._choose_number(self._sensible())
                case _:
                    self.goes_on(NONE)
        linked, chosen = self._saved.linked, self._saved.assistant
        assert self._saved.answered
        assert linked
        # “Later” takes nothing back of what is linked.
        assert not isinstance(chosen, ChosenAssistant) or linked.assistant_id == chosen.id
        assert self._oracle.is_answered(linked)

    def _next_question(self) -> StepId | None:
        """Do what the wizard does by itself; gives what it has to ask, None at the end."""
        step = steps.first_open(self._state)
        if step is StepId.PROOF:
            end = self._does(lambda setup: setup.verify(), _LINK)
            self._judge()
            assert isinstance(end, Done), end
            if all_passed(end.value):
                self.waits_for_a_call(rings=True, trouble=NONE)
                assert self._saved.answered, "the call was not seen"
                return None
            step = steps.first_open(self._state)
        return self._goes_live_by_itself() if step is StepId.REVIEW else step

    def _goes_live_by_itself(self) -> StepId | None:
        consents: frozenset[Consent] = frozenset()
        for _question in range(_QUESTIONS_MAX):
            end = self._go_live(consents)
            assert isinstance(end, Done), end
            result = end.value
            if result.success:
                return self._next_question()
            assert result.problem
            if self._lacks_its_assistant(result.problem.code):
                return StepId.ASSISTANT
            assert result.consent, f"it cannot be finished: {result.problem.code}"
            assert result.consent not in consents, "asked twice"
            consents |= {result.consent}
        raise AssertionError("there is no end of questions")

    def _lacks_its_assistant(self, code: ErrorCode) -> bool:
        """Whether the owner has to be asked who answers: others, or a cut undo, deleted it."""
        may_be_gone = self._undo_cut or not self._oracle.alone
        gone = code is ErrorCode.ASSISTANT_GONE and may_be_gone
        return gone or code is ErrorCode.ASSISTANT_REQUIRED

    def _sensible(self) -> TwilioNumber:
        """Give a number of the account in use that Ava can answer."""
        account = self._world.accounts[self._saved.twilio.account_sid if self._saved.twilio else ""]
        for number in account.numbers.values():
            if self._can_be_answered(number.number):
                return number
        raise AssertionError("no number is left")

    def _can_be_answered(self, number: str) -> bool:
        """Whether linking is enough for the calls of a number to be answered."""
        held = self._world.at_twilio(number)
        if held is None or not held.can_be_called or held.trunk_sid:
            return False
        if number in self._world.used_elsewhere:
            return False
        for org in self._world.orgs.values():
            for record in org.numbers.values():
                if record.number != number:
                    continue
                if org.id != HOME:
                    return False
        return True

    def _takes_it_all_back(self) -> None:
        """Undo, and find everything as it was."""
        self._gives_back(HOME, "token")
        self._oracle.judge_undone(self._state)

    def _gives_back(self, org: str, which: str) -> tuple[Text, ...]:
        """Undo with a key and an account; gives what is told to be left."""
        connected, checked, undone = self._connect(org), self._check_twilio(which), self._undo()
        assert isinstance(connected, Done), connected
        assert isinstance(checked, Done), checked
        assert isinstance(undone, Done), undone
        return undone.value


class AnyOrderAcross(AnyOrder):
    """The owner has two more organisations and one more account, and mixes them up."""

    @rule(org=st.sampled_from([SECOND, ABROAD]), trouble=TROUBLES)
    def connects_elsewhere(self, org: str, trouble: Trouble) -> None:
        self._connect(org, trouble)

    @rule(trouble=TROUBLES)
    def checks_the_spare_account(self, trouble: Trouble) -> None:
        self._check_twilio("spare", trouble)

    @rule(trouble=TROUBLES)
    def chooses_the_spare_number(self, trouble: Trouble) -> None:
        if SPARE_NUMBER.sid in {one.sid for one in self._state.live.numbers or ()}:
            self._choose_number(SPARE_NUMBER, trouble)

    def _unseen(self) -> set[str]:
        """Give none: it may have been in another organisation."""
        return set()

    def _sees_it_through(self) -> None:
        self._world.mend()
        # In the end the owner settles for one of each.
        assert isinstance(self._connect(HOME), Done)
        assert isinstance(self._check_twilio("token"), Done)
        super()._sees_it_through()

    def _takes_it_all_back(self) -> None:
        """Undo with every key there is; what one pair cannot reach, another one does."""
        for org in self._world.orgs:
            for which in ("token", "spare"):
                self._gives_back(org, which)
        # An organisation that has nothing any more does not tell which one it is.
        self._oracle.judge_as_before()


class AnyOrderAmongOthers(AnyOrder):
    """Other people change things at the vendors, at any moment."""

    @rule(
        what=st.sampled_from(
            [
                "assistant deleted",
                "assistant renamed",
                "assistant made",
                "record linked to another",
                "record unlinked",
                "record removed",
                "number pointed elsewhere",
                "number given to a trunk",
                "number gone",
                "account suspended",
                "account on trial",
                "account in order",
            ]
        ),
        which=st.integers(0, 12),
        after=st.sampled_from([0, 0, 1, 4, 7, 9]),
    )
    def others_meddle(self, what: str, which: int, after: int) -> None:
        """Change something now, or in the midst of the next use case."""
        self._oracle.alone = False
        self._world.meddle(partial(self._meddle, what, which), after=after)

    def _meddle(self, what: str, which: int) -> None:
        org, account = self._world.orgs[HOME], self._world.accounts[MAIN]
        subject, _blank, change = what.partition(" ")
        match subject:
            case "assistant" if change == "made":
                made = replace(OTHER, id=self._world.new_id("stranger"))
                org.assistants[made.id] = replace(made, created_at=self._world.moment())
            case "assistant":
                change_one(org.assistants, which, _OTHERS[what])
            case "record" if change == "linked to another":
                others = sorted(org.assistants) or ["nobody"]
                linked_to = others[which % len(others)]
                change_one(org.numbers, which, lambda one: replace(one, assistant_id=linked_to))
            case "record":
                change_one(org.numbers, which, _OTHERS[what])
            case "number":
                change_one(account.numbers, which, _OTHERS[what])
            case _:
                account.status, account.kind = _CONDITIONS[what]

    def _sees_it_through(self) -> None:
        account = self._world.accounts[MAIN]
        account.status, account.kind = _CONDITIONS["account in order"]
        super()._sees_it_through()

    def _sensible(self) -> TwilioNumber:
        account = self._world.accounts[MAIN]
        for number in account.numbers.values():
            if self._can_be_answered(number.number):
                return number
        # The owner buys one.
        bought = number_at(len(account.numbers) + 20)
        account.numbers[bought.sid] = bought
        return bought

    def _takes_it_all_back(self) -> None:
        """Undo what is still as this tool left it."""
        assert isinstance(self._connect(HOME), Done)
        end = self._undo()
        assert isinstance(end, Done)
        # Whatever is left is told.
        assert end.value or not journal.standing(self._saved)


def change_one(things: dict[str, Any], which: int, change: Callable[[Any], Any]) -> None:
    """Change one of some things, or remove it when nothing is made of it."""
    if not things:
        return
    key = sorted(things)[which % len(things)]
    made = change(things.pop(key))
    if made is not None:
        things[key] = made


_OTHERS: dict[str, Callable[[Any], Any]] = {
    "assistant deleted": lambda _one: None,
    "assistant renamed": lambda one: replace(one, name="Accueil"),
    "record unlinked": lambda one: replace(one, assistant_id=None),
    "record removed": lambda _one: None,
    "number pointed elsewhere": lambda one: replace(one, voice_url=PBX, voice_method="POST"),
    "number given to a trunk": lambda one: replace(one, trunk_sid="TK9"),
    "number gone": lambda _one: None,
}
_CONDITIONS = {
    "account suspended": (AccountStatus.SUSPENDED, AccountKind.FULL),
    "account on trial": (AccountStatus.ACTIVE, AccountKind.TRIAL),
    "account in order": (AccountStatus.ACTIVE, AccountKind.FULL),
}
