"""What is sent to Vapi: pure functions from a draft to a request body."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ava_setup.onboarding.assistant import VOICES, VoiceId
from ava_setup.onboarding.credentials import ApiKey, AuthToken, TwilioCredentials
from ava_setup.onboarding.profile import CallersLanguage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ava_setup.onboarding.assistant import AssistantDraft, AssistantMends
    from ava_setup.onboarding.undo_steps import Holder

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a change of an assistant must repeat.

    Attributes:
        metadata: Anybody's notes, ours and other programs' alike.
        server: The webhook's settings; its headers are masked, for they may hold secrets.
        model: What thinks, with what it is told and its tools; secrets of tools are masked.
        last_words: What it says before it hangs up, or "".
    """

    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)
    server: Mapping[str, Any] = field(default_factory=dict, repr=False)
    model: Mapping[str, Any] = field(default_factory=dict, repr=False)
    last_words: str = ""


CREATED_BY = "ava-setup"
_NAME_MAX = 40
_CALL_MAX_S = 600
# Low enough to keep to the instructions, high enough not to sound read out.
_TEMPERATURE = 0.3

_AZURE_NAMES: Mapping[VoiceId, str] = MappingProxyType(
    {
        VoiceId.DENISE: "fr-FR-DeniseNeural",
        VoiceId.HENRI: "fr-FR-HenriNeural",
        VoiceId.SYLVIE: "fr-CA-SylvieNeural",
        VoiceId.ANTOINE: "fr-CA-AntoineNeural",
        VoiceId.SONIA: "en-GB-SoniaNeural",
        VoiceId.RYAN: "en-GB-RyanNeural",
    }
)
_VAPI_NAMES: Mapping[VoiceId, str] = MappingProxyType(
    {
        VoiceId.CLARA: "Clara",
        VoiceId.NICO: "Nico",
        VoiceId.ELLIOT: "Elliot",
        VoiceId.SAVANNAH: "Savannah",
        VoiceId.EMMA: "Emma",
    }
)

_ENGLISH_EARS: Mapping[str, object] = MappingProxyType(
    {"model": "flux-general-en", "language": "en"}
)
# Contract: vapi.md, Assistants (good defaults in 2026).
_EARS: Mapping[CallersLanguage, Mapping[str, object]] = MappingProxyType(
    {
        CallersLanguage.FR_FR: {"model": "nova-3", "language": "fr"},
        CallersLanguage.FR_CA: {"model": "nova-3", "language": "fr-CA"},
        CallersLanguage.EN_GB: _ENGLISH_EARS,
        CallersLanguage.EN_US: _ENGLISH_EARS,
        CallersLanguage.BILINGUAL: {"model": "flux-general-multi", "languages": ["fr", "en"]},
    }
)

# Said to callers, in their language: no catalogue of the wizard's own languages fits.
LAST_WORDS: Mapping[CallersLanguage, str] = MappingProxyType(
    {
        CallersLanguage.FR_FR: "Merci de votre appel. Au revoir.",
        CallersLanguage.FR_CA: "Merci de votre appel. Bonne journée.",
        CallersLanguage.EN_GB: "Thank you for calling. Goodbye.",
        CallersLanguage.EN_US: "Thank you for calling. Goodbye.",
        CallersLanguage.BILINGUAL: "Merci de votre appel, au revoir. Thank you, goodbye.",
    }
)


def new_assistant(draft: AssistantDraft) -> Body:
    """Write the body that creates an assistant (contract: vapi.md, Assistants)."""
    return {
        "name": draft.name[:_NAME_MAX],
        "firstMessage": draft.first_message,
        "firstMessageMode": "assistant-speaks-first",
        "model": {
            "provider": "openai",
            "model": "gpt-4.1",
            "temperature": _TEMPERATURE,
            # `model.systemPrompt` is accepted and ignored.
            "messages": [{"role": "system", "content": draft.instructions}],
            "tools": [{"type": "endCall"}],
        },
        **_speech(draft.language, draft.voice),
        "backgroundSound": "off",
        "artifactPlan": {"recordingEnabled": draft.recorded},
        "maxDurationSeconds": _CALL_MAX_S,
        "endCallMessage": LAST_WORDS[draft.language],
        "metadata": {
            "adminEmail": draft.admin_email,
            "businessId": draft.business_id,
            "createId": draft.create_id,
            "createdBy": CREATED_BY,
        },
        # Left out, it leaves a webhook as it is where there is one.
        **({"server": {"url": draft.webhook_url}} if draft.webhook_url else {}),
    }


def repeats(mends: AssistantMends) -> bool:
    """Tell whether a change must repeat what it leaves alone, which is to be read first.

    It replaces the whole of each field that it names (contract: vapi.md, Assistants).
    """
    repeating = (mends.admin_email, mends.webhook_url, mends.instructions)
    return any(one is not None for one in repeating)


def mended_assistant(mends: AssistantMends, kept: Kept | None = None) -> Body:
    """Write the body that changes some of an assistant.

    Args:
        mends: What is to change.
        kept: What is there now of the fields that `repeats`, or None when none of them changes.
    """
    body: Body = {}
    kept = kept or Kept()
    if mends.quiet is not None:
        body["backgroundSound"] = "off" if mends.quiet else "office"
    if mends.opening_words is not None:
        body |= {
            "firstMessage": mends.opening_words,
            "firstMessageMode": "assistant-speaks-first",
        }
    if mends.language is not None:
        body |= _speech(mends.language, mends.voice or VOICES[mends.language][0])
    if mends.name is not None:
        body["name"] = mends.name[:_NAME_MAX]
    if mends.instructions is not None:
        body["model"] = _told(kept.model, mends.instructions)
        if mends.language is not None and kept.last_words in LAST_WORDS.values():
            body["endCallMessage"] = LAST_WORDS[mends.language]
    if mends.webhook_url is not None:
        others = {name: value for name, value in kept.server.items() if name != "url"}
        body["server"] = {**others, **({"url": mends.webhook_url} if mends.webhook_url else {})}
    if mends.admin_email is not None:
        body["metadata"] = {**kept.metadata, "adminEmail": mends.admin_email}
    return body


def _told(model: Mapping[str, Any], instructions: str) -> Body:
    """Write a model that is told something else; all else that it has stays."""
    messages = model.get("messages")
    said = list(messages) if isinstance(messages, list) else []
    system = {"role": "system", "content": instructions}
    at = next((at for at, one in enumerate(said) if is_system(one)), None)
    said[slice(0, 0) if at is None else slice(at, at + 1)] = [system]
    return {**model, "messages": said}


def is_system(message: object) -> bool:
    """Whether a message of a model is one that it is told beforehand."""
    return isinstance(message, dict) and message.get("role") == "system"


# What Vapi does when a setting is absent, where that can be written (spec; contract: vapi.md,
# Assistants); of the others nothing can.
_UNSET: Mapping[str, object] = MappingProxyType(
    {
        "backgroundSound": "office",
        "firstMessage": "",
        "firstMessageMode": "assistant-speaks-first",
    }
)


def earlier_settings(settings: Mapping[str, Any], mends: AssistantMends) -> str:
    """Write down what a change will replace, as JSON; null is what was not set.

    What names somebody's own server is left out: its settings may hold that server's secret.
    """
    replaced = set(mended_assistant(mends)) - {"metadata", "server"}
    earlier = {name: _without_own_fallback(settings.get(name)) for name in sorted(replaced)}
    return json.dumps({name: one for name, one in earlier.items() if not _names_a_server(one)})


def _without_own_fallback(setting: object) -> object:
    if isinstance(setting, dict) and _names_a_server(setting.get("fallbackPlan")):
        return {name: one for name, one in setting.items() if name != "fallbackPlan"}
    return setting


def _names_a_server(setting: object) -> bool:
    match setting:
        case dict():
            return "server" in setting or any(map(_names_a_server, setting.values()))
        case list():
            return any(map(_names_a_server, setting))
        case _:
            return False


def put_back(settings: str) -> Body:
    """Write the body that puts settings back."""
    earlier: Body = json.loads(settings)
    filled = {name: _UNSET.get(name) if value is None else value for name, value in earlier.items()}
    return {name: value for name, value in filled.items() if value is not None}


def _speech(language: CallersLanguage, voice: VoiceId) -> Body:
    return {
        "voice": _voice(voice, language),
        "transcriber": {"provider": "deepgram", **_EARS[language]},
    }


def _voice(voice: VoiceId, language: CallersLanguage) -> Body:
    if voice in _AZURE_NAMES:
        return {"provider": "azure", "voiceId": _AZURE_NAMES[voice]}
    return {
        "provider": "vapi",
        "voiceId": _VAPI_NAMES[voice],
        "version": "2",
        "language": "auto" if language is CallersLanguage.BILINGUAL else language.value,
    }


def new_number(
    number: str,
    credentials: TwilioCredentials,
    *,
    assistant_id: str,
    name: str,
    fallback: str = "",
) -> Body:
    """Write the body that imports a Twilio number, linked; its secrets are still masked."""
    match credentials:
        case AuthToken(auth_token=token):
            signature: Body = {"twilioAuthToken": token}
        case ApiKey(key_sid=sid, key_secret=secret):
            signature = {"twilioApiKey": sid, "twilioApiSecret": secret}
    return {
        "provider": "twilio",
        "number": number,
        "twilioAccountSid": credentials.account_sid,
        **signature,
        "assistantId": assistant_id,
        "name": name[:_NAME_MAX],
        # Else Vapi takes the number's messages over (contract: vapi.md, Phone numbers).
        "smsEnabled": False,
        **(with_fallback(fallback) if fallback else {}),
    }


def with_fallback(number: str) -> Body:
    """Write the body that has a telephone ring when no assistant can be had; "" for none."""
    if not number:
        return {"fallbackDestination": None}
    if number.startswith("sip"):
        return {"fallbackDestination": {"type": "sip", "sipUri": number}}
    return {"fallbackDestination": {"type": "number", "number": number}}


def linked_number(assistant_id: str, clears: tuple[str, ...]) -> Body:
    """Write the body that links a number and empties the fields of `clears`."""
    return {"assistantId": assistant_id, **dict.fromkeys(clears)}


def handed_back_number(holder: Holder) -> Body:
    """Write the body that links a number, now linked to an assistant, to what it was before."""
    others = {"squadId": holder.squad_id, "workflowId": holder.workflow_id}
    return {
        "assistantId": holder.assistant_id or None,
        # A link that never was is not named: bodies are whitelisted (contract: vapi.md, Errors).
        **{name: value for name, value in others.items() if value},
    }


def new_call(assistant_id: str, phone_number_id: str, callee: str) -> Body:
    """Write the body that rings a telephone (contract: vapi.md, Calls)."""
    return {
        "assistantId": assistant_id,
        "phoneNumberId": phone_number_id,
        "customer": {"number": callee},
    }
