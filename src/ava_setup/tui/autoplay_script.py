"""What the demo plays by itself: the line that answered nobody, then a line from nothing."""

from __future__ import annotations

from ava_setup.onboarding.steps import StepId
from ava_setup.tui.beats import (
    Act,
    AwaitCaller,
    AwaitDoctor,
    AwaitFirstCall,
    AwaitFocus,
    AwaitQuestion,
    AwaitStep,
    Beat,
    Chapter,
    Paste,
    Press,
    Rest,
    Write,
)
from ava_setup.words import Text, _


def _beat(caption: Text, *acts: Act) -> Beat:
    return Beat(caption, acts)


def _press(*keys: str) -> Press:
    return Press(keys)


_THE_BUG = Chapter(
    _("1. The bug"),
    "unlinked",
    (
        _beat(
            _(
                "Martin, a plumber, connected his number to Vapi by hand. The dashboard shows it, "
                "all looks well. Let us ring it."
            ),
            AwaitStep(StepId.WELCOME),
            _press("f2"),
            AwaitCaller(answered=False),
        ),
        _beat(
            _(
                "“Phone Number Not Found”. Nobody told Martin: his callers simply ring another "
                "plumber. Why does it happen?"
            ),
            _press("escape"),
            AwaitStep(StepId.WELCOME),
        ),
        _beat(
            _("ava-setup asks for the business, and for Martin's keys. F2 fills them in, here."),
            _press("enter"),
            AwaitStep(StepId.BUSINESS),
            _press("f2", "enter"),
            AwaitStep(StepId.VAPI),
            _press("f2", "enter"),
            AwaitStep(StepId.ASSISTANT),
        ),
        _beat(
            _("The key opens Martin's Vapi: here is the assistant that he made there."),
            _press("down"),
        ),
        _beat(
            _("He keeps it. Then his Twilio account, which owns the number."),
            _press("enter"),
            AwaitStep(StepId.TWILIO),
            _press("f2", "enter"),
            AwaitStep(StepId.NUMBER),
        ),
        _beat(
            _("And here is his number, at Twilio: its calls do go to Vapi. So what is wrong?"),
            _press("enter"),
            AwaitStep(StepId.REVIEW),
        ),
        _beat(
            _("F9 asks the doctor, who reads both sides: Twilio and Vapi."),
            _press("f9"),
            AwaitDoctor(good=False),
            Rest(2),
        ),
        _beat(
            _(
                "That is why: Vapi has the number, but no assistant is linked to it. It can be "
                "mended: Enter."
            ),
            _press("enter"),
            AwaitDoctor(good=True),
        ),
        _beat(
            _("Linked, and read back on both sides. But does a caller hear it? Back, and ring."),
            _press("escape"),
            AwaitStep(StepId.PROOF),
            _press("f2"),
            AwaitCaller(answered=True),
        ),
        _beat(
            _("The same caller, the same number: Ava answers. Not said to work: heard to work."),
            _press("escape"),
            AwaitFirstCall(),
        ),
    ),
)

_FROM_NOTHING = Chapter(
    _("2. From nothing to Ava"),
    "fresh",
    (
        _beat(
            _(
                "Had Martin begun here: no assistant yet, a number fresh from Twilio. Three things "
                "at hand, three minutes."
            ),
            AwaitStep(StepId.WELCOME),
            _press("enter"),
            AwaitStep(StepId.BUSINESS),
        ),
        _beat(
            _("The name that callers know, and one e-mail address: asked once, never again."),
            Write(_("Martin Plumbing")),
            _press("enter"),
            AwaitFocus("email"),
            Write(_("contact@martin-plumbing.example")),
        ),
        _beat(
            _("His trade chooses what Ava asks callers: the leak, the address, how urgent it is."),
            _press("tab"),
            AwaitFocus("trade"),
            _press("right"),
        ),
        _beat(
            _("Opening hours, language, time zone: good as they are. Enter accepts them all."),
            _press("enter"),
            AwaitStep(StepId.VAPI),
        ),
        _beat(
            _("The Vapi key is pasted, never shown, and proven at once by a real question."),
            Paste("vapi-key"),
            _press("enter"),
            AwaitStep(StepId.ASSISTANT),
        ),
        _beat(
            _("Ava is ready, with words for his trade. What would a call with her be like?"),
            _press("shift+tab", "shift+tab", "shift+tab", "shift+tab"),
            AwaitFocus("example-button"),
            _press("enter"),
            AwaitQuestion("example-call"),
            Rest(6),
        ),
        _beat(
            _("She asks what a plumber would ask, and promises nothing. He could change any word."),
            _press("escape"),
            AwaitStep(StepId.ASSISTANT),
            _press("f2"),
            AwaitFocus("next"),
            _press("enter"),
            AwaitStep(StepId.TWILIO),
        ),
        _beat(
            _("Two values from Twilio's first page. Every part of the account is looked at."),
            Paste("account-sid"),
            AwaitFocus("auth-token"),
            Paste("auth-token"),
            _press("enter"),
            AwaitStep(StepId.NUMBER),
        ),
        _beat(
            _("One number, already picked. What takes its calls today is written beside it."),
            _press("enter"),
            AwaitStep(StepId.REVIEW),
        ),
        _beat(
            _(
                "Nothing has been changed so far. This is all that will be, before and after: one "
                "Enter, and it is live."
            ),
            _press("down", "end"),
            Rest(3),
            _press("f2"),
            AwaitFocus("next"),
            _press("enter"),
            AwaitStep(StepId.PROOF),
        ),
        _beat(
            _("Imported, linked, and read back on both sides. Now the only proof that counts."),
            _press("f2"),
            AwaitCaller(answered=True),
        ),
        _beat(
            _("Ava has answered. Who rang, how long, what about: Martin reads it here."),
            _press("escape"),
            AwaitFirstCall(),
        ),
        _beat(
            _("That is all there is to it. Nothing of this demo is kept: your turn."),
        ),
    ),
)

SCRIPT: tuple[Chapter, ...] = (_THE_BUG, _FROM_NOTHING)
