"""What is said in a call that an assistant answers, as Vapi writes it down afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.sandbox.caller_at_vapi import first_words

if TYPE_CHECKING:
    from ava_setup.sandbox.world import Document

# Who speaks is named as Vapi names them; a caller of ours always has the same to say.
_FRENCH = """\
User: Bonjour, pouvez-vous demander qu'on me rappelle demain matin ?
AI: Bien sûr. À quel nom, et est-ce bien le numéro d'où vous appelez ?
User: Claire Petit. Oui, c'est ce numéro. Merci, au revoir.
AI: C'est noté, Madame Petit. Bonne journée, au revoir.
"""
_ENGLISH = """\
User: Hello, could you have someone ring me back tomorrow morning?
AI: Of course. What name is it, and is the number you are ringing from the right one?
User: Claire Petit. Yes, this number. Thank you, goodbye.
AI: I have noted that. Have a good day, goodbye.
"""
_FRENCH_SUMMARY = "Claire Petit demande à être rappelée demain matin, au numéro d'où elle appelle."
_ENGLISH_SUMMARY = (
    "Claire Petit asks to be rung back tomorrow morning, on the number she rings from."
)


def _hears_french(assistant: Document) -> bool:
    transcriber = assistant.get("transcriber") or {}
    languages = transcriber.get("languages") or [transcriber.get("language") or ""]
    return str(languages[0]).startswith("fr")


def written_down(assistant: Document) -> Document:
    """Give a finished call's `artifact` and `analysis` (spec: Call), in the callers' language."""
    french = _hears_french(assistant)
    talk = _FRENCH if french else _ENGLISH
    return {
        "artifact": {"transcript": f"AI: {first_words(assistant)}\n{talk}"},
        "analysis": {"summary": _FRENCH_SUMMARY if french else _ENGLISH_SUMMARY},
    }
