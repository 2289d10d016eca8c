"""Twilio's records, in the snake_case form of the API. Unset is `None` for a SID, else `""`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ava_setup.sandbox.world import Document

VERSION = "2010-04-01"
_SUBRESOURCES = {
    "available_phone_numbers": "AvailablePhoneNumbers",
    "calls": "Calls",
    "incoming_phone_numbers": "IncomingPhoneNumbers",
    "notifications": "Notifications",
    "outgoing_caller_ids": "OutgoingCallerIds",
    "addresses": "Addresses",
    "keys": "Keys",
    "applications": "Applications",
    "balance": "Balance",
}


def uri_of(account_sid: str, *parts: str) -> str:
    """Build the path of a resource of an account."""
    return "/".join([f"/{VERSION}/Accounts/{account_sid}", *parts]) + ".json"


def account(
    sid: str, auth_token: str, *, name: str, kind: str, status: str, owner: str, dates: Document
) -> Document:
    """Build an account; the live token is part of it (contract: twilio.md, Auth)."""
    return {
        "sid": sid,
        "auth_token": auth_token,
        "friendly_name": name,
        "owner_account_sid": owner,
        "status": status,
        "type": kind,
        **dates,
        "subresource_uris": {key: uri_of(sid, part) for key, part in _SUBRESOURCES.items()},
        "uri": uri_of(sid),
    }


def incoming_number(
    account_sid: str,
    sid: str,
    phone_number: str,
    *,
    kind: str,
    capabilities: Mapping[str, bool],
    dates: Document,
) -> Document:
    """Build a number that points nowhere."""
    return {
        "sid": sid,
        "account_sid": account_sid,
        "phone_number": phone_number,
        "friendly_name": phone_number,
        "address_sid": None,
        "address_requirements": "none",
        "api_version": VERSION,
        "beta": False,
        "bundle_sid": None,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False, **capabilities},
        **dates,
        "emergency_status": "Inactive",
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "identity_sid": None,
        "origin": "twilio",
        "sms_application_sid": None,
        "sms_fallback_method": "POST",
        "sms_fallback_url": "",
        "sms_method": "POST",
        "sms_url": "",
        "status": "in-use",
        "status_callback": "",
        "status_callback_method": "POST",
        "trunk_sid": None,
        "type": kind,
        "uri": uri_of(account_sid, "IncomingPhoneNumbers", sid),
        "voice_application_sid": None,
        "voice_caller_id_lookup": False,
        "voice_fallback_method": "POST",
        "voice_fallback_url": "",
        "voice_method": "POST",
        "voice_receive_mode": "voice",
        "voice_url": "",
    }


def application(account_sid: str, sid: str, name: str, voice_url: str, dates: Document) -> Document:
    """Build a TwiML application."""
    return {
        "sid": sid,
        "account_sid": account_sid,
        "api_version": VERSION,
        **dates,
        "friendly_name": name,
        "message_status_callback": "",
        "sms_fallback_method": "POST",
        "sms_fallback_url": "",
        "sms_method": "POST",
        "sms_status_callback": "",
        "sms_url": "",
        "status_callback": "",
        "status_callback_method": "POST",
        "uri": uri_of(account_sid, "Applications", sid),
        "voice_caller_id_lookup": False,
        "voice_fallback_method": "POST",
        "voice_fallback_url": "",
        "voice_method": "POST",
        "voice_url": voice_url,
        "public_application_connect_enabled": False,
    }


def call(
    account_sid: str,
    sid: str,
    *,
    caller: str,
    called: str,
    phone_number_sid: str,
    direction: str,
    dates: Document,
) -> Document:
    """Build a call that has just begun."""
    return {
        "sid": sid,
        "account_sid": account_sid,
        "api_version": VERSION,
        **dates,
        "parent_call_sid": None,
        "to": called,
        "to_formatted": called,
        "from": caller,
        "from_formatted": caller,
        "phone_number_sid": phone_number_sid,
        "status": "in-progress",
        "start_time": dates["date_created"],
        "end_time": None,
        "duration": None,
        "price": None,
        "price_unit": "USD",
        "direction": direction,
        "answered_by": None,
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": "0",
        "trunk_sid": None,
        "uri": uri_of(account_sid, "Calls", sid),
        "subresource_uris": {"notifications": uri_of(account_sid, "Calls", sid, "Notifications")},
    }


def notification(
    account_sid: str,
    sid: str,
    call_sid: str,
    *,
    code: str,
    text: str,
    url: str,
    method: str,
    dates: Document,
) -> Document:
    """Build an entry of the debugger about a webhook that failed."""
    return {
        "sid": sid,
        "account_sid": account_sid,
        "api_version": VERSION,
        "call_sid": call_sid,
        **dates,
        "error_code": code,
        "log": "0",
        "message_date": dates["date_created"],
        "message_text": text,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "request_method": method,
        "request_url": url,
        "uri": uri_of(account_sid, "Notifications", sid),
    }
