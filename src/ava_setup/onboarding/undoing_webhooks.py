"""What took a number's calls at Twilio before this tool came, as far as it can be put back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from ava_setup.onboarding.number import is_vapis
from ava_setup.onboarding.state import ImportNumber, RepointNumber, Undone
from ava_setup.onboarding.undo_steps import Webhooks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ava_setup.onboarding.number import TwilioNumber

Write = ImportNumber | RepointNumber
W = TypeVar("W", bound=Write)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was there before the first of our writes.

    Attributes:
        webhooks: What is to be there again; None is no longer as this tool left it.
        taken: Whether something else takes the calls by now.
    """

    webhooks: Webhooks
    taken: bool


def earlier(writes: Sequence[Write], now: TwilioNumber) -> Earlier:
    """Tell what was there before us.

    Args:
        writes: Ours to this number, oldest first; at least one.
        now: The number as it is.
    """
    imports = [one for one in writes if isinstance(one, ImportNumber)]
    emptied = any(one.undone is Undone.WEBHOOKS for one in writes)

    def ours(is_now: str, was: str) -> str | None:
        # A deletion at Vapi may have emptied what was put back (contract: vapi.md).
        return was if is_vapis(is_now) or is_now == was or (emptied and not is_now) else None

    def of_imports(is_now: str, name: str) -> str | None:
        return ours(is_now, getattr(_before_us(imports, name), name)) if imports else None

    voice = _before_us(writes, "voice_url")
    voice_url = ours(now.voice_url, voice.voice_url)
    voice_method = None if voice_url is None else voice.voice_method
    if voice_url == now.voice_url and not is_vapis(now.voice_url):
        # Somebody put it back, in their own way.
        voice_method = now.voice_method
    owner = _owner(writes, voice)
    # With its webhook, or its owner, the calls went to whoever changed it.
    kept = owner is None or (voice_url is not None and _may_own(owner, now))
    return Earlier(
        Webhooks(
            voice_url=voice_url,
            voice_method=voice_method,
            status_callback=of_imports(now.status_callback, "status_callback"),
            sms_url=of_imports(now.sms_url, "sms_url"),
            # What is not named is emptied by Twilio (spec, `TrunkSid`).
            trunk_sid=owner[0] or None if owner and kept else None,
            application_sid=owner[1] or None if owner and kept else None,
        ),
        taken=voice_url is None or not kept,
    )


def _before_us(writes: Sequence[W], name: str) -> W:
    """Give the latest of our writes that found a webhook of somebody else's, or the first.

    Args:
        writes: Ours, oldest first; at least one.
        name: The webhook's field.
    """
    for place in reversed(range(len(writes))):
        url = getattr(writes[place], name)
        # What was empty after an undo cut short, the deletion at Vapi had emptied.
        emptied = not url and any(one.undone is Undone.WEBHOOKS for one in writes[:place])
        if not is_vapis(url) and not emptied:
            return writes[place]
    return writes[0]


def _owner(writes: Sequence[Write], voice: Write) -> tuple[str, str] | None:
    """Give the trunk or the TwiML app that this tool took a number out of.

    Args:
        writes: Ours, oldest first.
        voice: The write that found the webhook that goes back.
    """
    for place in reversed(range(len(writes))):
        one = writes[place]
        if not isinstance(one, RepointNumber) or not (one.trunk_sid or one.application_sid):
            continue
        # Pointed elsewhere since, its owner was replaced by whoever did that.
        if voice in writes[place + 1 :] and voice.voice_url != one.voice_url:
            return None
        return one.trunk_sid, "" if one.trunk_sid else one.application_sid
    return None


def _may_own(owner: tuple[str, str], now: TwilioNumber) -> bool:
    """Whether nothing, or the wanted owner itself, owns a number."""
    trunk_sid, application_sid = owner
    if now.trunk_sid:
        return now.trunk_sid == trunk_sid
    return now.application_sid in {"", application_sid}


def to_write(now: TwilioNumber, wanted: Webhooks) -> Webhooks:
    """Give those of the wanted webhooks that a number does not have yet."""

    def missing(is_now: str, want: str | None) -> str | None:
        return None if want == is_now else want

    voice_url, voice_method = wanted.voice_url, wanted.voice_method
    # Of an empty address Twilio need not keep the method.
    as_wanted = not voice_url or not voice_method or voice_method == now.voice_method
    if voice_url == now.voice_url and as_wanted:
        voice_url = None
    return Webhooks(
        voice_url=voice_url,
        voice_method=None if voice_url is None else voice_method,
        status_callback=missing(now.status_callback, wanted.status_callback),
        sms_url=missing(now.sms_url, wanted.sms_url),
        trunk_sid=missing(now.trunk_sid, wanted.trunk_sid),
        application_sid=missing(now.application_sid, wanted.application_sid),
    )
