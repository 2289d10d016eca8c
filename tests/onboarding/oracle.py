"""What must hold in whatever order things come: judged at each write, and after each use case."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from ava_setup.onboarding import journal, steps
from ava_setup.onboarding.number import is_vapis
from ava_setup.onboarding.outcome import Consent
from ava_setup.onboarding.state import (
    ChangeAssistant,
    ChangeFallback,
    CreateAssistant,
    ImportNumber,
    RelinkNumber,
    RepointNumber,
    Undone,
)
from ava_setup.onboarding.steps import StepId
from ava_setup.store.state_file import StateFile
from ava_setup.words import NOTHING
from tests.onboarding import lives
from tests.onboarding.neighbourhood import SECRETS
from tests.onboarding.strict_vendors import holder_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ava_setup.onboarding.journal import Entry
    from ava_setup.onboarding.number import TwilioNumber, VapiNumber
    from ava_setup.onboarding.state import Linked, State
    from ava_setup.onboarding.undo_steps import Webhooks
    from tests.onboarding.lives import Disk, Life, Loop
    from tests.onboarding.strict_vendors import World, Write

T = TypeVar("T")
Entries = tuple["Entry", ...]


def of_kind(entries: Entries, kind: type[T]) -> list[T]:
    """Give the entries of one kind."""
    return [one for one in entries if isinstance(one, kind)]


class Oracle:
    """Knows what was typed and agreed to, and what is true at the vendors.

    Attributes:
        alone: Whether nobody but this tool ever changed anything.
        typed: What was last typed, by field.
        secrets: All that must never be in the state file.
        agreed: What the owner has agreed to in the use case under way.
        undoing: Whether an undo is under way.
    """

    def __init__(self, world: World, disk: Disk) -> None:
        self._world = world
        self._disk = disk
        self._before = world.everything()
        orgs, accounts = world.orgs.values(), world.accounts.values()
        self._assistants = {key: one for org in orgs for key, one in org.assistants.items()}
        self._records = {key: one for org in orgs for key, one in org.numbers.items()}
        self._numbers = {key: one for held in accounts for key, one in held.numbers.items()}
        self._wrong: list[str] = []
        self._seen: Linked | None = None
        self.alone = True
        self.typed: dict[str, str] = {}
        self.secrets = set(SECRETS)
        self.agreed: frozenset[Consent] = frozenset()
        self.undoing = False

    @property
    def marks(self) -> Counter[tuple[str, str]]:
        """Count the assistants by organisation and by the creation that made them."""
        return Counter(
            (org.id, one.create_id)
            for org in self._world.orgs.values()
            for one in org.assistants.values()
            if one.id in org.made
        )

    def is_answered(self, linked: Linked) -> bool:
        """Whether a caller of a linked number hears the assistant that it is linked to."""
        return any(
            self._world.is_answered(org, linked.phone_number_id, linked.assistant_id)
            for org in self._world.orgs.values()
        )

    # In the moment

    def watch(self, state: State) -> None:
        """Hold a new link against the truth, in the moment in which it is called one."""
        linked = state.saved.linked
        earlier, self._seen = self._seen, linked
        if linked is None or linked == earlier or self._world.meddled:
            return
        if not self.is_answered(linked):
            self._wrong.append(f"it is called linked, and it is not: {linked}")

    def witness(self, write: Write) -> None:
        """Judge a write by what is on disk and was agreed to, before it is carried out."""
        judges: dict[str, Callable[[Write, Entries], Iterator[str]]] = {
            "create_assistant": self._creation,
            "update_assistant": self._change,
            "mend_assistant": self._change,
            "import_number": self._import,
            "link_number": self._link,
            "set_fallback": self._fallback,
            "point_number": self._pointing,
        }
        judge = judges.get(write.name)
        entries = self._disk.kept.journal
        complaints = (
            judge(write, entries)
            if judge and not self.undoing
            else self._taking_back(write, entries)
        )
        self._wrong += [f"{complaint}: {write}" for complaint in complaints]

    def _creation(self, write: Write, entries: Entries) -> Iterator[str]:
        if write.subject not in {one.create_id for one in of_kind(entries, CreateAssistant)}:
            yield "no intent is on disk"
        if (write.org, write.subject) in self.marks:
            yield "it is made twice"

    def _change(self, write: Write, entries: Entries) -> Iterator[str]:
        assert write.assistant
        if write.assistant.create_id in {
            one.create_id for one in of_kind(entries, CreateAssistant)
        }:
            return
        if write.subject not in {one.assistant_id for one in of_kind(entries, ChangeAssistant)}:
            yield "no intent is on disk"
        if Consent.CHANGE_ASSISTANT not in self.agreed:
            yield "somebody else's assistant is changed unasked"

    def _import(self, write: Write, entries: Entries) -> Iterator[str]:
        now = write.at_twilio
        assert now
        if not write.assistant_id:
            yield "it is imported unlinked"
        wanted = (write.subject, write.assistant_id)
        intents = [
            one
            for one in of_kind(entries, ImportNumber)
            if (one.number, one.assistant_id) == wanted
        ]
        if not intents:
            yield "no intent is on disk"
        if self._world.meddled or not intents:
            return
        if now.target.is_somebodys and Consent.OVERWRITE not in self.agreed:
            yield "calls are taken over unasked"
        noted = intents[-1]
        pairs = (
            (now.voice_url, noted.voice_url),
            (now.status_callback, noted.status_callback),
            (now.sms_url, noted.sms_url),
        )
        for url, kept in pairs:
            if url != kept and not is_vapis(url):
                yield f"the journal does not know of {url}"

    def _link(self, write: Write, entries: Entries) -> Iterator[str]:
        record = write.record
        assert record
        wanted = (record.id, write.assistant_id)
        intents = of_kind(entries, RelinkNumber)
        if wanted not in {(one.phone_number_id, one.assistant_id) for one in intents}:
            yield "no intent is on disk"
        lives_on = record.assistant_id in self._world.orgs[write.org].assistants
        taken = lives_on or record.squad_id or record.workflow_id
        if taken and not self._world.meddled and Consent.REASSIGN not in self.agreed:
            yield "it is taken from somebody unasked"

    def _fallback(self, write: Write, entries: Entries) -> Iterator[str]:
        assert write.record
        wanted = (write.subject, write.wanted)
        intents = [
            one
            for one in of_kind(entries, ChangeFallback)
            if (one.phone_number_id, one.wanted) == wanted
        ]
        if not intents:
            yield "no intent is on disk"
        elif not self._world.meddled and intents[-1].earlier != write.record.fallback_number:
            yield "the journal does not know what rang before"

    def _pointing(self, write: Write, entries: Entries) -> Iterator[str]:
        now = write.at_twilio
        assert now
        intents = [one for one in of_kind(entries, RepointNumber) if one.sid == now.sid]
        if not intents:
            yield "no intent is on disk"
        elif not self._world.meddled:
            noted = intents[-1]
            if (noted.voice_url, noted.trunk_sid) != (now.voice_url, now.trunk_sid):
                yield "the journal does not know where the calls went"
            if now.target.is_somebodys and Consent.OVERWRITE not in self.agreed:
                yield "calls are taken over unasked"

    def _taking_back(self, write: Write, entries: Entries) -> Iterator[str]:
        """Judge a write that undoes: only what is ours, and as far as it is as it was left."""
        made = self._world.orgs[write.org].made if write.org else set[str]()
        begun = any(one.undone is Undone.WEBHOOKS for one in entries)
        if not self.undoing and not begun:
            yield "nobody asked for this"
        if write.name.startswith("delete_") and write.subject not in made:
            yield "not ours to delete"
        if self._world.meddled:
            return
        if write.record and not self._is_as_left(write.record, entries):
            yield "somebody else linked it meanwhile"
        if write.at_twilio and write.webhooks:
            yield from self._webhooks_of_others(write.at_twilio, write.webhooks)

    @staticmethod
    def _is_as_left(record: VapiNumber, entries: Entries) -> bool:
        ours = {one.assistant_id for one in of_kind(entries, RelinkNumber)}
        ours |= {one.assistant_id for one in of_kind(entries, ImportNumber)}
        earlier = {one.earlier_assistant_id for one in of_kind(entries, RelinkNumber)}
        holder = holder_of(record)
        changed = {one.phone_number_id for one in of_kind(entries, ChangeFallback)}
        by_us = holder.assistant_id in ours | earlier | {""}
        return record.id in changed or (by_us and not (holder.squad_id or holder.workflow_id))

    @staticmethod
    def _webhooks_of_others(now: TwilioNumber, wanted: Webhooks) -> Iterator[str]:
        for url, want in (
            (now.voice_url, wanted.voice_url),
            (now.status_callback, wanted.status_callback),
            (now.sms_url, wanted.sms_url),
        ):
            if want is not None and url not in {want, ""} and not is_vapis(url):
                yield f"somebody else's webhook is overwritten: {url}"

    # After each use case

    def judge(self, life: Life, loop: Loop) -> None:
        """Judge what is on disk, at the vendors and in the program."""
        assert self._wrong == [], self._wrong
        self._judge_disk(life.store.state)
        self._judge_vendors(life.store.state)
        self._judge_program(life.store.state)
        assert loop.left_running() == 0, "something still runs"
        assert loop.complaints == []
        assert len(life.caller.clients) <= 2, "a client was left open"

    def _judge_disk(self, state: State) -> None:
        """The file parses, is what is in memory, and holds no secret."""
        assert self._disk.kept == state.saved
        path = self._disk.folder / lives.STATE
        loaded = StateFile(path).load()
        assert (loaded.problem, loaded.saved) == (None, state.saved)
        content = path.read_text(encoding="utf-8") if path.exists() else ""
        assert [one for one in self.secrets if one in content] == []
        files = {one.name for one in self._disk.folder.iterdir()}
        assert files <= {lives.STATE, lives.SECRETS}
        assert dict(state.saved.typed) == self.typed

    def _judge_vendors(self, state: State) -> None:
        """Nothing is there twice, and the journal knows of all that undoing has to take back."""
        assert set(self.marks.values()) <= {1}, f"made twice: {self.marks}"
        held = [one.number for org in self._world.orgs.values() for one in org.numbers.values()]
        assert len(held) == len(set(held)), "a number is at Vapi twice"
        standing = journal.standing(state.saved)
        creations = {one.create_id for one in of_kind(standing, CreateAssistant)}
        imports = of_kind(standing, ImportNumber)
        for org in self._world.orgs.values():
            for assistant in org.assistants.values():
                ours = assistant.id in org.made
                assert not ours or assistant.create_id in creations, f"forgotten: {assistant}"
            for record in org.numbers.values():
                if record.id in org.made:
                    known = {(one.made or record.id, one.number) for one in imports}
                    assert (record.id, record.number) in known, f"forgotten: {record}"
        if self.alone:
            self._judge_changes(standing)
            linked = state.saved.linked
            assert linked is None or self.is_answered(linked), "it is still called linked"

    def _judge_changes(self, standing: Entries) -> None:
        """What was there before is as it was, or the journal knows."""
        relinked = {one.phone_number_id for one in of_kind(standing, RelinkNumber)}
        backed_up = {one.phone_number_id for one in of_kind(standing, ChangeFallback)}
        changed = {one.assistant_id for one in of_kind(standing, ChangeAssistant)}
        pointed = {one.number for one in of_kind(standing, ImportNumber)}
        pointed |= {one.number for one in of_kind(standing, RepointNumber)}
        for org in self._world.orgs.values():
            for key, record in org.numbers.items():
                if key in self._records:
                    was = self._records[key]
                    same_holder = holder_of(record) == holder_of(was)
                    assert same_holder or key in relinked, f"lost: {was}"
                    same_fallback = record.fallback_number == was.fallback_number
                    assert same_fallback or key in backed_up, f"lost: {was}"
            for key, assistant in org.assistants.items():
                as_before = assistant == self._assistants.get(key, assistant)
                assert as_before or key in changed, f"lost: {self._assistants[key]}"
        for account in self._world.accounts.values():
            for key, number in account.numbers.items():
                as_before = number == self._numbers[key]
                assert as_before or number.number in pointed, f"lost: {self._numbers[key]}"

    @staticmethod
    def _judge_program(state: State) -> None:
        """Nothing is said to be under way, and the wizard knows where to go."""
        assert state.live.activity == NOTHING
        assert state.saved.linked or not state.saved.answered
        for here in StepId:
            there = steps.step(steps.after(here, state))
            within_reach = all(steps.step(need).holds(state) for need in there.needs)
            assert within_reach or there.id is StepId.PROOF, (here, there.id)

    def judge_undone(self, state: State) -> None:
        """All that this tool did is taken back, and it knows."""
        self.judge_as_before()
        assert journal.standing(state.saved) == ()

    def judge_as_before(self) -> None:
        """The vendors hold what they held before the first write."""
        assert self._world.everything() == self._before
