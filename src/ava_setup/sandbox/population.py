"""From a scenario's file to a world with people's things in it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ava_setup.sandbox.ids import Clock, Ids, iso, rfc2822
from ava_setup.sandbox.scenarios.format import AccountSeed, AssistantSeed, VapiNumberSeed, load
from ava_setup.sandbox.twilio import records
from ava_setup.sandbox.world import Account, Credentials, Org, World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ava_setup.sandbox.scenarios.format import Scenario, TwilioNumberSeed, VapiSeed
    from ava_setup.sandbox.world import Document

DEMO_URL = "https://demo.twilio.com/welcome/voice/"
_CALL_SECONDS = 4.0
_MAIN = "main"

_SPEECH: dict[str, Document] = {
    "fr": {
        "voice": {"provider": "vapi", "voiceId": "Clara", "version": "2", "language": "fr"},
        "transcriber": {"provider": "deepgram", "model": "nova-3", "language": "fr"},
    },
    "en": {
        "voice": {"provider": "vapi", "voiceId": "Elliot", "version": "2", "language": "en"},
        "transcriber": {"provider": "deepgram", "model": "flux-general-en", "language": "en"},
    },
}
_MODEL = {"provider": "openai", "model": "gpt-4.1-mini", "temperature": 0.3}


class _Builder:
    """Builds one world: ids come from names, dates from how long ago a thing was made."""

    def __init__(self, name: str, scenario: Scenario) -> None:
        self._name = name
        self._scenario = scenario
        self._ids = Ids(name)
        self._clock = Clock()
        self._start = self._clock.tick()
        self._made = 0

    def world(self, call_seconds: float) -> World:
        scenario, ids = self._scenario, self._ids
        main = self._account(_MAIN, scenario.twilio, None)
        accounts = [main]
        for i, seed in enumerate(scenario.twilio.subaccounts, 1):
            accounts.append(self._account(f"sub{i}", seed, main.sid))
        rotated = scenario.twilio.token == "rotated"  # noqa: S105 - no token, but its state
        return World(
            scenario=self._name,
            summary=scenario.summary,
            clock=self._clock,
            ids=ids,
            credentials=Credentials(
                vapi_key=ids.key("private"),
                account_sid=main.sid,
                auth_token=ids.token("before") if rotated else str(main.record["auth_token"]),
                test_account_sid=ids.sid("AC", "test"),
                test_auth_token=ids.token("test"),
            ),
            org=self._org(scenario.vapi, main),
            accounts={account.sid: account for account in accounts},
            quirks=scenario.quirks,
            elsewhere={
                ids.sid("TK", where.removeprefix("trunk:")) if "trunk:" in where else where: words
                for where, words in scenario.elsewhere.items()
            },
            call_seconds=call_seconds,
        )

    def _stamps(self, days_ago: int) -> Document:
        # A millisecond apart at least: dates are what lists are paged by.
        self._made += 1
        moment = iso(self._start - timedelta(days=days_ago, milliseconds=self._made))
        return {"createdAt": moment, "updatedAt": moment}

    def _dates(self, days_ago: int) -> Document:
        moment = rfc2822(self._start - timedelta(days=days_ago))
        return {"date_created": moment, "date_updated": moment}

    def _org(self, seed: VapiSeed, main: Account) -> Org:
        ids = self._ids
        org = Org(
            host=seed.host,
            org_id=ids.uuid("org"),
            private_key=ids.key("private" if seed.key == "good" else "private-rotated"),
            public_key=ids.key("public"),
            squads={ids.uuid(f"squad/{name}"): words for name, words in seed.squads.items()},
            workflows={ids.uuid(f"workflow/{n}"): words for n, words in seed.workflows.items()},
            used_elsewhere=frozenset(seed.used_elsewhere),
        )
        refs = {name: ids.uuid(f"assistant/{name}") for name in seed.deleted}
        for assistant in seed.assistants:
            for record in self._assistants(assistant, org.org_id):
                refs.setdefault(assistant.ref, record["id"])
                org.assistants[record["id"]] = record
        for number in seed.numbers:
            record = self._vapi_number(number, refs, org.org_id, main)
            org.numbers[record["id"]] = record
        return org

    def _assistants(self, seed: AssistantSeed, org_id: str) -> Iterator[Document]:
        for n in range(1, seed.count + 1):
            ref = seed.ref if seed.count == 1 else f"{seed.ref}{n}"
            prompt = [{"role": "system", "content": f"You are the receptionist {ref}."}]
            fields: dict[str, Any] = {
                "name": seed.name and seed.name.format(n=n),
                "firstMessage": seed.greeting and seed.greeting.format(n=n),
                "model": {**_MODEL, "messages": prompt},
                **_SPEECH[seed.language],
                "backgroundSound": "off",
                **seed.body,
            }
            yield {
                "id": self._ids.uuid(f"assistant/{ref}"),
                "orgId": org_id,
                **{name: value for name, value in fields.items() if value is not None},
                **self._stamps(seed.days_ago + n - 1),
            }

    def _vapi_number(
        self, seed: VapiNumberSeed, refs: dict[str, str], org_id: str, main: Account
    ) -> Document:
        ids = self._ids
        fields = {
            "name": seed.name,
            "assistantId": seed.assistant and refs[seed.assistant],
            "squadId": seed.squad and ids.uuid(f"squad/{seed.squad}"),
            "workflowId": seed.workflow and ids.uuid(f"workflow/{seed.workflow}"),
            "fallbackDestination": seed.fallback and {"type": "number", "number": seed.fallback},
        }
        of_twilio = {
            "provider": "twilio",
            "number": seed.number,
            "twilioAccountSid": main.sid,
            "twilioAuthToken": main.record["auth_token"],
            "smsEnabled": seed.sms,
        }
        return {
            "id": ids.uuid(f"number/{seed.number or seed.sip}"),
            "orgId": org_id,
            **({"provider": "vapi", "sipUri": seed.sip} if seed.sip else of_twilio),
            **{name: value for name, value in fields.items() if value is not None},
            "status": seed.status,
            **self._stamps(seed.days_ago),
        }

    def _account(self, name: str, seed: AccountSeed, owner: str | None) -> Account:
        ids = self._ids
        sid = ids.sid("AC", name)
        account = Account(
            record=records.account(
                sid,
                ids.token(name),
                name=seed.name,
                kind=seed.type,
                status=seed.status,
                owner=owner or sid,
                dates=self._dates(100),
            ),
            balance=None if owner else seed.balance,
            currency=seed.currency,
            suspension=seed.suspension,
            trunks=frozenset(ids.sid("TK", n.trunk) for n in seed.numbers if n.trunk),
        )
        for label, where in seed.applications.items():
            app = ids.sid("AP", label)
            account.applications[app] = records.application(
                sid, app, label, self._url(where), self._dates(50)
            )
        for number in seed.numbers:
            for record in self._twilio_numbers(sid, number):
                account.numbers[record["sid"]] = record
        return account

    def _url(self, where: str) -> str:
        vapi = f"https://{self._scenario.vapi.host}/twilio/inbound_call"
        return {"demo": DEMO_URL, "vapi": vapi, "nothing": ""}.get(where, where)

    def _twilio_numbers(self, account_sid: str, seed: TwilioNumberSeed) -> Iterator[Document]:
        ids = self._ids
        base = f"https://{self._scenario.vapi.host}/twilio"
        for i in range(seed.count):
            number = f"+{int(seed.number) + i}"
            record = records.incoming_number(
                account_sid,
                ids.sid("PN", number),
                number,
                kind=seed.kind,
                capabilities={"voice": seed.voice, "fax": seed.fax},
                dates=self._dates(40),
            )
            record.update(
                voice_url=self._url(seed.points_at),
                voice_method=seed.method,
                voice_receive_mode="fax" if seed.fax else "voice",
                voice_application_sid=seed.application and ids.sid("AP", seed.application),
                trunk_sid=seed.trunk and ids.sid("TK", seed.trunk),
                sms_url=seed.sms_url,
                status_callback=f"{base}/status" if seed.points_at == "vapi" else "",
            )
            yield record


def populate(name: str, call_seconds: float = _CALL_SECONDS) -> World:
    """Build the world of a scenario.

    Args:
        name: The scenario's name.
        call_seconds: How long an answered call lasts.

    Raises:
        UnknownScenarioError: There is no scenario of this name.
    """
    return _Builder(name, load(name)).world(call_seconds)
