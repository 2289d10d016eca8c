"""Twilio's refusals: `{code, message, more_info, status}` (contract: twilio.md, Errors)."""

from __future__ import annotations

from ava_setup.sandbox.exchange import Answer, RefusalError


def refused(status: int, code: int, message: str) -> RefusalError:
    """Refuse with one of the vendor's codes."""
    body = {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return RefusalError(Answer(status, body))


def not_authenticated() -> RefusalError:
    """401 20003: wrong, rotated or deleted credentials, or a key that may not do this."""
    return refused(401, 20003, "Authenticate")


def invalid_username() -> RefusalError:
    """401 20003: what was sent as a user name is no SID."""
    return refused(401, 20003, "Authentication Error - invalid username")


def policy_failed() -> RefusalError:
    """401 20003: this account may make no keys."""
    return refused(401, 20003, "Policy evaluation failed")


def no_permission(status: int) -> RefusalError:
    """401 or 403 70051: a restricted key lacks a permission."""
    return refused(status, 70051, "Authorization Failed")


def not_active() -> RefusalError:
    """403 20005: the account is suspended."""
    return refused(403, 20005, "Account not active")


def test_credentials() -> RefusalError:
    """403 20008: the pair for tests opens nothing here."""
    return refused(403, 20008, "Resource not accessible with Test Account Credentials")


def too_many_requests() -> RefusalError:
    """429 20429: too many requests at once; this one was not processed."""
    return refused(429, 20429, "Too Many Requests")


def not_found(path: str) -> RefusalError:
    """404 20404: no such thing, or nothing of the kind is offered."""
    return refused(404, 20404, f"The requested resource {path} was not found")


def invalid(message: str, code: int = 20001) -> RefusalError:
    """400: a parameter is unknown or ill-formed (codes: the vendor's public list, inferred)."""
    return refused(400, code, message)
