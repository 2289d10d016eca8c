"""What a scenario's file says of Vapi."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ava_setup.sandbox.world import Org

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ava_setup.sandbox.beginnings import Beginnings
    from ava_setup.sandbox.scenarios.format import AssistantSeed, VapiNumberSeed, VapiSeed
    from ava_setup.sandbox.world import Credentials, Document

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


def organisation(begin: Beginnings, seed: VapiSeed, credentials: Credentials) -> Org:
    """Build the organisation.

    Args:
        begin: What ids and dates come from.
        seed: What the file says.
        credentials: With which its numbers were imported from Twilio.
    """
    ids = begin.ids
    org = Org(
        region=seed.region,
        org_id=ids.uuid("org"),
        private_key=ids.key("private" if seed.key == "good" else "private-rotated"),
        public_key=ids.key("public"),
        squads={ids.uuid(f"squad/{name}"): words for name, words in seed.squads.items()},
        workflows={ids.uuid(f"workflow/{n}"): words for n, words in seed.workflows.items()},
        used_elsewhere=frozenset(seed.used_elsewhere),
    )
    refs = {name: ids.uuid(f"assistant/{name}") for name in seed.deleted}
    for assistant in seed.assistants:
        for record in _assistants(begin, assistant, org.org_id):
            refs.setdefault(assistant.ref, record["id"])
            org.assistants[record["id"]] = record
    for number in seed.numbers:
        record = {"orgId": org.org_id, **_number(begin, number, refs, credentials)}
        org.numbers[record["id"]] = record
    return org


def _assistants(begin: Beginnings, seed: AssistantSeed, org_id: str) -> Iterator[Document]:
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
            "id": begin.ids.uuid(f"assistant/{ref}"),
            "orgId": org_id,
            **{name: value for name, value in fields.items() if value is not None},
            **begin.stamps(seed.days_ago + n - 1),
        }


def _number(
    begin: Beginnings, seed: VapiNumberSeed, refs: dict[str, str], credentials: Credentials
) -> Document:
    ids = begin.ids
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
        "twilioAccountSid": credentials.account_sid,
        "twilioAuthToken": credentials.auth_token,
        "smsEnabled": seed.sms,
    }
    return {
        "id": ids.uuid(f"number/{seed.number or seed.sip}"),
        **({"provider": "vapi", "sipUri": seed.sip} if seed.sip else of_twilio),
        **{name: value for name, value in fields.items() if value is not None},
        "status": seed.status,
        **begin.stamps(seed.days_ago),
    }
