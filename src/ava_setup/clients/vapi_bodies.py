"""What is sent to Vapi: pure functions from a draft to a request body."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ava_setup.onboarding.assistant import VoiceId
from ava_setup.onboarding.credentials import ApiKey, AuthToken, TwilioCredentials
from ava_setup.onboarding.profile import CallersLanguage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ava_setup.onboarding.assistant import AssistantDraft
    from ava_setup.onboarding.undo_steps import Holder

Body = dict[str, Any]

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
        "voice": _voice(draft.voice, draft.language),
        "transcriber": {"provider": "deepgram", **_EARS[draft.language]},
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
    number: str, credentials: TwilioCredentials, *, assistant_id: str, name: str
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
    }


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
