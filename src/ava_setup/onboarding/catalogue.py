"""The catalogue of errors: every code, with its sentences and what a screen can offer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ava_setup.words import NOTHING, Text, _


class Action(StrEnum):
    """What a screen can offer to do about an error."""

    NONE = "none"
    RETRY = "retry"
    MAKE_ASSISTANT = "make_assistant"
    CHOOSE_ASSISTANT = "choose_assistant"
    ENTER_VAPI_KEY = "enter_vapi_key"
    ENTER_TWILIO = "enter_twilio"
    CHOOSE_NUMBER = "choose_number"
    CONSENT_REASSIGN = "consent_reassign"
    CONSENT_OVERWRITE = "consent_overwrite"
    CONSENT_TRIAL = "consent_trial"
    # What the doctor can do by itself.
    LINK = "link"
    POINT = "point"
    GREET = "greet"
    CHANGE_LANGUAGE = "change_language"
    SILENCE_BACKGROUND = "silence_background"
    SET_FALLBACK = "set_fallback"
    # What only its owner can do there.
    SEE_TWILIO = "see_twilio"


class ErrorCode(StrEnum):
    """Every way in which something can go wrong."""

    # Between us and a vendor.
    UNREACHABLE = "unreachable"
    INTERRUPTED = "interrupted"
    TIMED_OUT = "timed_out"
    RATE_LIMITED = "rate_limited"
    VENDOR_DOWN = "vendor_down"
    UNINTELLIGIBLE = "unintelligible"
    REDIRECTED = "redirected"
    NOT_FOUND = "not_found"
    REJECTED = "rejected"
    FORBIDDEN = "forbidden"
    ADDRESS_REFUSED = "address_refused"
    # Vapi.
    VAPI_KEY_REFUSED = "vapi_key_refused"
    VAPI_KEY_NEEDED = "vapi_key_needed"
    NUMBER_IN_OTHER_ORG = "number_in_other_org"
    NUMBER_EXISTS = "number_exists"
    VOICE_UNAVAILABLE = "voice_unavailable"
    CALL_REFUSED = "call_refused"
    # Twilio.
    TWILIO_REFUSED = "twilio_refused"
    TWILIO_USERNAME_INVALID = "twilio_username_invalid"
    TWILIO_TEST_CREDENTIALS = "twilio_test_credentials"
    TWILIO_KEY_LIMITED = "twilio_key_limited"
    TWILIO_KEY_REFUSED = "twilio_key_refused"
    TWILIO_KEY_STAYS = "twilio_key_stays"
    TWILIO_HIDDEN = "twilio_hidden"
    TWILIO_SUSPENDED = "twilio_suspended"
    TWILIO_CLOSED = "twilio_closed"
    TWILIO_TRIAL = "twilio_trial"
    TWILIO_NEEDED = "twilio_needed"
    NUMBER_NOT_IN_ACCOUNT = "number_not_in_account"
    NUMBER_WITHOUT_VOICE = "number_without_voice"
    NUMBER_NEEDED = "number_needed"
    TRUNK_OWNS_VOICE = "trunk_owns_voice"
    APPLICATION_OWNS_VOICE = "application_owns_voice"
    POINTS_ELSEWHERE = "points_elsewhere"
    # The link.
    ASSISTANT_REQUIRED = "assistant_required"
    ASSISTANT_GONE = "assistant_gone"
    LINKED_ELSEWHERE = "linked_elsewhere"
    ASSISTANT_UNTOLD = "assistant_untold"
    LINK_UNPROVEN = "link_unproven"
    LINK_LOST = "link_lost"
    LINK_UNCHECKED = "link_unchecked"
    ASSISTANT_PINNED = "assistant_pinned"
    CONSENT_NEEDED = "consent_needed"
    WEBHOOKS_NOT_BACK = "webhooks_not_back"
    # This computer.
    FIELD_INVALID = "field_invalid"
    PROFILE_NEEDED = "profile_needed"
    LINE_NEEDED = "line_needed"
    KEYS_NOT_SET = "keys_not_set"
    STATE_UNREADABLE = "state_unreadable"
    STATE_FROM_THE_FUTURE = "state_from_the_future"
    STATE_UNWRITABLE = "state_unwritable"
    STATE_INACCESSIBLE = "state_inaccessible"
    VAULT_UNREADABLE = "vault_unreadable"
    VAULT_UNWRITABLE = "vault_unwritable"
    NOT_FORGOTTEN = "not_forgotten"
    REPORT_UNWRITABLE = "report_unwritable"
    SHEET_UNWRITABLE = "sheet_unwritable"
    WEB_NEEDED = "web_needed"
    PORT_TAKEN = "port_taken"
    BUSY = "busy"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True)
class Entry:
    """A catalogue entry: the sentences of one error code."""

    what: Text
    why: Text
    next: Text
    action: Action = Action.NONE


CATALOGUE: dict[ErrorCode, Entry] = {
    ErrorCode.UNREACHABLE: Entry(
        _("{vendor} cannot be reached."),
        _("No connection could be made from this computer."),
        _("Check the internet connection (a firewall or proxy may stand in the way), then retry."),
        Action.RETRY,
    ),
    ErrorCode.INTERRUPTED: Entry(
        _("The connection to {vendor} broke before the answer came."),
        _("The network was lost for a moment."),
        _("Retry: what was already done is recognised and not done twice."),
        Action.RETRY,
    ),
    ErrorCode.TIMED_OUT: Entry(
        _("{vendor} did not answer in time."),
        _("The service is slow, or the network lost the answer."),
        _("Retry: what was already done is recognised and not done twice."),
        Action.RETRY,
    ),
    ErrorCode.RATE_LIMITED: Entry(
        _("{vendor} asks to slow down."),
        _("Too many requests reached this account at once."),
        _("Wait a minute, then retry."),
        Action.RETRY,
    ),
    ErrorCode.VENDOR_DOWN: Entry(
        _("{vendor} has a fault on its side."),
        _("Its servers answered with an error."),
        _("Retry in a few minutes: what was already done is recognised and not done twice."),
        Action.RETRY,
    ),
    ErrorCode.UNINTELLIGIBLE: Entry(
        _("{vendor} gave an answer that makes no sense."),
        _("A proxy or a sign-in page may have answered in its place."),
        _("Open a web page in a browser to check the connection, then retry."),
        Action.RETRY,
    ),
    ErrorCode.REDIRECTED: Entry(
        _("{vendor} sent us to another address; we did not follow."),
        _("Your credentials go to {vendor} only. A network sign-in page may stand in the way."),
        _("Open a web page in a browser to check the connection, then retry."),
        Action.RETRY,
    ),
    ErrorCode.NOT_FOUND: Entry(
        _("{vendor} no longer has what was asked for."),
        _("It was deleted, or belongs to another account."),
        _("Go back one step and choose again."),
        Action.RETRY,
    ),
    ErrorCode.REJECTED: Entry(
        _("{vendor} refused the request."),
        _("{words}"),
        _("Correct what it names, then retry."),
        Action.RETRY,
    ),
    ErrorCode.FORBIDDEN: Entry(
        _("{vendor} turned us away at the door."),
        _("Its protection blocked this computer or network, not your key."),
        _("Retry from another network, or wait a few minutes."),
        Action.RETRY,
    ),
    ErrorCode.ADDRESS_REFUSED: Entry(
        _("{variable} is not an address that may receive credentials."),
        _("Only https is allowed, or http on this computer itself (127.0.0.1, localhost)."),
        _("Correct or remove {variable}, then start again."),
    ),
    ErrorCode.VAPI_KEY_REFUSED: Entry(
        _("Vapi refuses this key."),
        _("It may be the public key, a deleted key, or cut short when copied."),
        _("Copy the private key again: dashboard.vapi.ai, Organization, API Keys, Private."),
        Action.ENTER_VAPI_KEY,
    ),
    ErrorCode.VAPI_KEY_NEEDED: Entry(
        _("The Vapi key is missing."),
        _("It was not kept on this computer."),
        _("Paste it again: everything else is kept."),
        Action.ENTER_VAPI_KEY,
    ),
    ErrorCode.NUMBER_IN_OTHER_ORG: Entry(
        _("Another Vapi organisation already holds this number."),
        _("A number can be in one Vapi organisation at a time."),
        _("Delete it in the other organisation (dashboard, Phone Numbers), then retry."),
        Action.RETRY,
    ),
    ErrorCode.NUMBER_EXISTS: Entry(
        _("Vapi already holds this number."),
        _("It was imported before."),
        _("Retry: it will be linked where it is."),
        Action.RETRY,
    ),
    ErrorCode.VOICE_UNAVAILABLE: Entry(
        _("Vapi cannot use this voice."),
        _("The voice's provider does not know it, or is down."),
        _("Choose another voice, then retry."),
        Action.MAKE_ASSISTANT,
    ),
    ErrorCode.CALL_REFUSED: Entry(
        _("Vapi did not place the call."),
        _("{words}"),
        _("No telephone rang. Mend what it names, or ring the number yourself."),
    ),
    ErrorCode.TWILIO_REFUSED: Entry(
        _("Twilio refuses these credentials."),
        _("They do not match, were rotated, are of another region, or the account is suspended."),
        _("Copy both again from console.twilio.com, Account Info."),
        Action.ENTER_TWILIO,
    ),
    ErrorCode.TWILIO_USERNAME_INVALID: Entry(
        _("Twilio does not recognise the Account SID."),
        _("A stray character was copied with it, or it is not a SID."),
        _("Copy it again: AC followed by 32 characters."),
        Action.ENTER_TWILIO,
    ),
    ErrorCode.TWILIO_TEST_CREDENTIALS: Entry(
        _("These are Twilio's test credentials."),
        _("They cannot see your numbers or receive calls."),
        _("Copy the live pair: console.twilio.com, Account Info (not Test credentials)."),
        Action.ENTER_TWILIO,
    ),
    ErrorCode.TWILIO_KEY_LIMITED: Entry(
        _("This Twilio API key lacks a permission."),
        _("A restricted key must be allowed to read and update phone numbers."),
        _("Allow it in the Twilio console, or use the auth token."),
        Action.ENTER_TWILIO,
    ),
    ErrorCode.TWILIO_KEY_REFUSED: Entry(
        _("Twilio will not make an API key here."),
        _("This account's rules forbid it, or you use an API key, which cannot make another."),
        _("Go on with the credentials you have, or make a key at console.twilio.com, API keys."),
    ),
    ErrorCode.TWILIO_KEY_STAYS: Entry(
        _("Twilio will not delete the API key."),
        _("An API key like yours cannot delete keys; the auth token can."),
        _("Delete it at console.twilio.com, API keys, or enter the auth token and retry."),
        Action.ENTER_TWILIO,
    ),
    ErrorCode.TWILIO_HIDDEN: Entry(
        _("This is not visible with your Twilio API key."),
        _("The key is good, but Twilio shows this only to the auth token."),
        _("Nothing is wrong. To have it checked too, use the auth token."),
    ),
    ErrorCode.TWILIO_SUSPENDED: Entry(
        _("The Twilio account is suspended."),
        _("Usually the balance has run out: no call gets through."),
        _("Top up at console.twilio.com, Billing, then retry."),
        Action.RETRY,
    ),
    ErrorCode.TWILIO_CLOSED: Entry(
        _("The Twilio account is closed."),
        _("A closed account cannot receive calls."),
        _("Use the credentials of another Twilio account."),
        Action.ENTER_TWILIO,
    ),
    ErrorCode.TWILIO_TRIAL: Entry(
        _("This is a Twilio trial account: callers would not reach Ava."),
        _("Trial accounts block the live audio that an assistant needs."),
        _("Upgrade at console.twilio.com (Upgrade), then retry."),
        Action.CONSENT_TRIAL,
    ),
    ErrorCode.TWILIO_NEEDED: Entry(
        _("The Twilio credentials are missing."),
        _("They were not kept on this computer."),
        _("Paste them again: everything else is kept."),
        Action.ENTER_TWILIO,
    ),
    ErrorCode.NUMBER_NOT_IN_ACCOUNT: Entry(
        _("{number} is not in this Twilio account."),
        _("It may belong to a sub-account, to another account, or have been released."),
        _("Choose a number of the list, or enter the credentials of its own account."),
        Action.CHOOSE_NUMBER,
    ),
    ErrorCode.NUMBER_WITHOUT_VOICE: Entry(
        _("{number} cannot take voice calls."),
        _("Twilio lists it without voice: it only does messages or fax."),
        _("Choose a number with voice, or buy one at console.twilio.com, Phone Numbers."),
        Action.CHOOSE_NUMBER,
    ),
    ErrorCode.NUMBER_NEEDED: Entry(
        _("No number is chosen yet."),
        NOTHING,
        _("Choose the number that Ava will answer."),
        Action.CHOOSE_NUMBER,
    ),
    ErrorCode.TRUNK_OWNS_VOICE: Entry(
        _("A SIP trunk takes the calls of {number}: Ava would never hear them."),
        _("At Twilio a trunk goes before everything else on a number."),
        _("Take the number out of the trunk (console.twilio.com, Elastic SIP Trunking), retry."),
        Action.RETRY,
    ),
    ErrorCode.APPLICATION_OWNS_VOICE: Entry(
        _("A TwiML app takes the calls of {number}: Ava would never hear them."),
        _("At Twilio an application goes before the webhook that Vapi sets."),
        _("In the number's voice settings choose Webhook in place of TwiML App, then retry."),
        Action.RETRY,
    ),
    ErrorCode.POINTS_ELSEWHERE: Entry(
        _("{number} is in use: its calls go to {target} today."),
        _("Linking it to Ava takes them away from there."),
        _("Nothing has been changed. Agree to the change, or choose another number."),
        Action.CONSENT_OVERWRITE,
    ),
    ErrorCode.ASSISTANT_REQUIRED: Entry(
        _("An assistant must exist before a number can be linked."),
        _("Without one, callers would hear “Phone Number Not Found”. Nothing has been changed."),
        _("Create your assistant: the number is then linked by itself."),
        Action.MAKE_ASSISTANT,
    ),
    ErrorCode.ASSISTANT_GONE: Entry(
        _("The assistant you chose no longer exists at Vapi."),
        _("It was deleted since. Nothing has been changed."),
        _("Choose or create another: the number is then linked by itself."),
        Action.CHOOSE_ASSISTANT,
    ),
    ErrorCode.LINKED_ELSEWHERE: Entry(
        _("{number} is already answered by {holder}."),
        _("A number has one answer. Nothing has been changed."),
        _("Agree to hand it to {assistant}, or choose another number."),
        Action.CONSENT_REASSIGN,
    ),
    ErrorCode.ASSISTANT_UNTOLD: Entry(
        _("The assistant at Vapi still tells callers what it told them before."),
        _("Vapi took the change, but it is not there when the assistant is read again."),
        _("Retry. If it stays so, look at dashboard.vapi.ai, Assistants."),
        Action.RETRY,
    ),
    ErrorCode.LINK_UNPROVEN: Entry(
        _("The link was made, but a caller would not reach Ava yet."),
        _("{failed}"),
        _("Mend what the failed line says, then retry."),
        Action.RETRY,
    ),
    ErrorCode.LINK_LOST: Entry(
        _("The link no longer holds: a caller would not reach Ava."),
        _("{failed}"),
        _("Link again: nothing is asked twice. Or change something first."),
        Action.RETRY,
    ),
    ErrorCode.LINK_UNCHECKED: Entry(
        _("Whether callers reach Ava could not be checked just now."),
        _("{failed}"),
        _("Retry, or change what it names."),
        Action.RETRY,
    ),
    ErrorCode.CONSENT_NEEDED: Entry(
        _("Nothing was changed: somebody else would notice it."),
        _("It belongs to another set-up, and nobody has agreed to it."),
        _("Agree to it when you are asked."),
    ),
    ErrorCode.ASSISTANT_PINNED: Entry(
        _("Vapi will not delete this assistant: it is still pinned there."),
        _("Something else at Vapi depends on it."),
        _("Release it at dashboard.vapi.ai, Assistants, then undo again."),
        Action.RETRY,
    ),
    ErrorCode.WEBHOOKS_NOT_BACK: Entry(
        _("Twilio still sends the calls of {number} to Vapi."),
        _("It took the earlier settings, but does not show them."),
        _("Retry: what is already undone is recognised."),
        Action.RETRY,
    ),
    ErrorCode.FIELD_INVALID: Entry(_("{problem}"), NOTHING, NOTHING),
    ErrorCode.PROFILE_NEEDED: Entry(
        _("The business is not filled in yet."),
        NOTHING,
        _("Fill in the first step."),
    ),
    ErrorCode.LINE_NEEDED: Entry(
        _("The business “{name}” has no number to examine yet."),
        _("{others}"),
        _("Set it up with: ava-setup. Or name any number: ava-setup doctor --number +33…"),
    ),
    ErrorCode.KEYS_NOT_SET: Entry(
        _("Not set: {variables}."),
        _("With --number, the keys come from the environment."),
        _("Set them and try again, or leave --number out for a business that is set up here."),
    ),
    ErrorCode.STATE_UNREADABLE: Entry(
        _("The saved set-up cannot be read."),
        _("The file is damaged. It was set aside as {backup}."),
        _("Go on: what is already at Vapi and Twilio will be recognised."),
    ),
    ErrorCode.STATE_FROM_THE_FUTURE: Entry(
        _("The saved set-up was written by a newer ava-setup."),
        _("This version cannot read it and leaves it as it is: {path}"),
        _("Update ava-setup, then start again."),
    ),
    ErrorCode.STATE_UNWRITABLE: Entry(
        _("Your answers cannot be saved."),
        _("Nothing can be written to {path}: {cause}"),
        _("Free some space or set AVA_SETUP_HOME to a folder that can be written, then retry."),
        Action.RETRY,
    ),
    ErrorCode.STATE_INACCESSIBLE: Entry(
        _("The saved set-up cannot be opened."),
        _("{path}: {cause}. It may belong to another user of this computer."),
        _("Make the file yours, or set AVA_SETUP_HOME to another folder, then start again."),
    ),
    ErrorCode.VAULT_UNWRITABLE: Entry(
        _("The secret was accepted, but cannot be kept."),
        _("Nothing can be written to {path}: {cause}"),
        _("Unlock the keyring or free some space, then retry."),
        Action.RETRY,
    ),
    ErrorCode.VAULT_UNREADABLE: Entry(
        _("The saved keys cannot be read."),
        _("Their file is damaged or belongs to someone else: {path}"),
        _("Move that file away, start again and paste the keys once more."),
    ),
    ErrorCode.NOT_FORGOTTEN: Entry(
        _("Not everything could be removed from this computer."),
        _("{path}: {cause}"),
        _("Unlock the keyring, or make the file yours, then forget again."),
    ),
    ErrorCode.REPORT_UNWRITABLE: Entry(
        _("The report cannot be written."),
        _("{path}: {cause}"),
        _("Name another file with --output, then try again."),
    ),
    ErrorCode.SHEET_UNWRITABLE: Entry(
        _("The hand-over sheet cannot be written."),
        _("{path}: {cause}"),
        _("Name a file in another folder, then try again."),
    ),
    ErrorCode.WEB_NEEDED: Entry(
        _("The wizard cannot be shown in a browser yet."),
        _("What draws it there is not installed ({missing})."),
        _("Run: {python} -m pip install textual-serve"),
    ),
    ErrorCode.PORT_TAKEN: Entry(
        _("Port {port} cannot be had."),
        _("The reason: {cause}"),
        _("Name another port with --port, or leave it out."),
    ),
    ErrorCode.BUSY: Entry(
        _("ava-setup is already open for this business."),
        _("Another window holds it (process {pid})."),
        _("Use that window, or close it and start again."),
    ),
    ErrorCode.UNEXPECTED: Entry(
        _("Something unexpected went wrong ({kind})."),
        _("This is a fault of ava-setup, not yours. Everything so far is kept."),
        _("Retry; if it happens again, start ava-setup anew: it carries on where it was."),
        Action.RETRY,
    ),
}

REPORT_HINT = _("To write down what support needs to know: ava-setup report")
