"""Writes the answer file of a business: `apply` makes the same of it elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tomli_w

from ava_setup.headless.answer_file import VERSION
from ava_setup.onboarding import surrounding_keys as variables
from ava_setup.onboarding.assistant import VOICES
from ava_setup.onboarding.composing import compose, suggested_name
from ava_setup.onboarding.credentials import TwilioRegion
from ava_setup.onboarding.errors import ErrorCode, SetupError
from ava_setup.onboarding.journal import standing
from ava_setup.onboarding.state import ChosenAssistant, DraftedAssistant, MakeKey, Region
from ava_setup.words import Voice, _

if TYPE_CHECKING:
    from ava_setup.onboarding.assistant import AssistantDraft
    from ava_setup.onboarding.profile import Profile
    from ava_setup.onboarding.state import Saved, TwilioAccess

Table = dict[str, Any]

_HEAD = (
    _("Answer file of ava-setup. To set the same up elsewhere: ava-setup apply FILE"),
    _("It holds no secret: the environment variables named here do, or whatever you name instead."),
)


def exported(saved: Saved, name: str, voice: Voice) -> str:
    """Write the file.

    Args:
        saved: What is kept of the business.
        name: Its profile's name.
        voice: Speaks the comments.

    Raises:
        SetupError: Something that the file needs was never answered.
    """
    comments = "".join(f"# {voice(line)}\n" for line in _HEAD)
    whole = {"version": VERSION, "business": [_business(saved, name)]}
    return f"{comments}\n{tomli_w.dumps(whole, multiline_strings=True)}"


def _business(saved: Saved, name: str) -> Table:
    profile, connection = saved.profile, saved.connection
    if profile is None:
        raise SetupError(ErrorCode.PROFILE_NEEDED)
    if connection is None:
        raise SetupError(ErrorCode.VAPI_KEY_NEEDED)
    if saved.twilio is None:
        raise SetupError(ErrorCode.TWILIO_NEEDED)
    if saved.number is None:
        raise SetupError(ErrorCode.NUMBER_NEEDED)
    vapi: Table = {"key": {"env": variables.VAPI_API_KEY}}
    if connection.region is not Region.CUSTOM:
        vapi["region"] = connection.region.value
    if profile.webhook_url:
        vapi["webhook_url"] = profile.webhook_url
    phone: Table = {"number": saved.number.number}
    if profile.fallback_number:
        phone["fallback"] = profile.fallback_number
    return {
        "name": name,
        "id": profile.business_id,
        "profile": {
            "business_name": profile.business_name,
            "email": profile.admin_email,
            "trade": profile.trade.value,
            "opening_hours": profile.opening_hours,
            "callers_language": profile.callers_language.value,
            "time_zone": profile.time_zone,
        },
        "vapi": vapi,
        "assistant": _assistant(saved, profile),
        "twilio": _twilio(saved, saved.twilio),
        "phone": phone,
    }


def _assistant(saved: Saved, profile: Profile) -> Table:
    match saved.assistant:
        case DraftedAssistant(draft=draft):
            return _new(draft, profile)
        case ChosenAssistant(draft=draft) if draft is not None:
            return _new(draft, profile)
        case ChosenAssistant(auto_linked=True):
            return {"choose": "first-available"}
        case ChosenAssistant(id=assistant_id):
            return {"id": assistant_id}
        case _:
            return {"choose": "first-available"}


def _new(draft: AssistantDraft, profile: Profile) -> Table:
    """Write an assistant that is made here; what the template says stays the template's to say."""
    ready = compose(profile)
    own: Table = {}
    if draft.name != suggested_name(profile):
        own["name"] = draft.name
    if draft.voice is not VOICES[profile.callers_language][0]:
        own["voice"] = draft.voice.value
    if draft.recorded:
        own["recorded"] = True
    if draft.greeting != ready.greeting:
        own["greeting"] = draft.greeting
    if draft.instructions != ready.instructions:
        own["instructions"] = draft.instructions
    return own


def _twilio(saved: Saved, access: TwilioAccess) -> Table:
    table: Table = {"account_sid": access.account_sid}
    made = {one.made for one in standing(saved) if isinstance(one, MakeKey)}
    if access.key_sid and access.key_sid not in made:
        table["key_sid"] = access.key_sid
        table["key_secret"] = {"env": variables.TWILIO_API_SECRET}
    else:
        table["auth_token"] = {"env": variables.TWILIO_AUTH_TOKEN}
    if access.key_sid in made or saved.own_key:
        table["own_key"] = True
    if access.region is not TwilioRegion.CUSTOM:
        table["region"] = access.region.value
    return table
