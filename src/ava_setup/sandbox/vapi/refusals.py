"""Vapi's refusals (contract: vapi.md, Errors)."""

from __future__ import annotations

from http import HTTPStatus

from ava_setup.sandbox.exchange import Answer, RefusalError

INVALID_KEY = (
    "Invalid Key. Hot tip, you may be using the private key instead of the public key, "
    "or vice versa."
)
NO_HEADER = "Missing Authorization Header."


def _refusal(status: HTTPStatus, message: str | list[str]) -> RefusalError:
    body = {"message": message, "error": status.phrase, "statusCode": status.value}
    return RefusalError(Answer(status.value, body))


def bad_request(message: str | list[str]) -> RefusalError:
    """400: a validator answers with an array, everything else with a sentence."""
    return _refusal(HTTPStatus.BAD_REQUEST, message)


def unauthorized(message: str) -> RefusalError:
    """401, with or without a key."""
    return _refusal(HTTPStatus.UNAUTHORIZED, message)


def too_many_requests() -> RefusalError:
    """429: turned away, and not processed."""
    return _refusal(HTTPStatus.TOO_MANY_REQUESTS, "Rate limit exceeded")


def internal_error() -> RefusalError:
    """500: the contract promises no text."""
    return _refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal server error")


def pinned() -> RefusalError:
    """409: something holds on to the assistant; a form of its own, without `statusCode`."""
    message = "Assistant is pinned and cannot be deleted."
    return RefusalError(Answer(409, {"error": "assistant_pinned", "message": message}))


def not_found(message: str) -> RefusalError:
    """404: an unknown id or path; the contract promises no text."""
    return _refusal(HTTPStatus.NOT_FOUND, message)


def from_the_edge() -> RefusalError:
    """403 in plain text: the edge dislikes the client's `User-Agent`."""
    return RefusalError(Answer(403, "error code: 1010", "text/plain"))
