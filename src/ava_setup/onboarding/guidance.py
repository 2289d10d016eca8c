"""What each field is, where its value is found, an example, and what is done with it.

One table for every face of the set-up: F1 in the wizard, `?` in the plain prompts. The places at
the vendors are those of the contracts (vapi.md, Hosts and keys; twilio.md, Auth).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.words import NOTHING, Text, _

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Guidance:
    """What help says about one field, page or check.

    Attributes:
        title: Its name, as its label says it.
        what: What it is.
        where: Where to find it, or how to enter it.
        example: An example, as it would be typed or seen.
        use: What is done with it.
    """

    title: Text
    what: Text
    where: Text = NOTHING
    example: Text = NOTHING
    use: Text = NOTHING

    def lines(self) -> Iterator[Text]:
        """Give what there is to say below the title, a paragraph each."""
        yield self.what
        if self.where:
            yield _("Where: {where}", where=self.where)
        if self.example:
            yield _("Example: {example}", example=self.example)
        if self.use:
            yield _("What for: {use}", use=self.use)


_ACCOUNT_INFO = _(
    "console.twilio.com, Account Info, on the first page. Calls handled in Ireland or Australia: "
    "Account, API keys & tokens, and choose the region in the menu at the top right."
)
_API_KEYS = _(
    "console.twilio.com, Account, API keys & tokens, Create API key, type Standard. Choose your "
    "region there (United States, Ireland or Australia)."
)

FIELDS: dict[str, Guidance] = {
    # The welcome
    "businesses": Guidance(
        _("Which business?"),
        _("The businesses that are set up on this computer, each with its own answers and keys."),
        _("By the name that callers know it by; the last line begins another one."),
        _("Plomberie Martin"),
        _("The wizard carries on where that business stopped. Nothing of another is touched."),
    ),
    # The business
    "business-name": Guidance(
        _("Business name"),
        _("The name that Ava says when she answers."),
        _("Your shop sign, your invoices."),
        _("Plomberie Martin"),
        _("It goes into the greeting, the instructions and the assistant's name at Vapi."),
    ),
    "email": Guidance(
        _("E-mail"),
        _("Your address, for everything: asked once, never again."),
        _("The mailbox that you read every day."),
        _("contact@plomberie-martin.fr"),
        _("It is kept with the assistant, for AVA's own services. We send nothing to it now."),
    ),
    "trade": Guidance(
        _("Trade"),
        _("What you do. It chooses a ready-made greeting and instructions for Ava."),
        _("The nearest one of the list; the first fits any business."),
        _("Plumber: Ava asks where the leak is, and whether the water is cut off."),
        _("You can change every word of the ready-made text, two steps further."),
    ),
    "callers-language": Guidance(
        _("Callers' language"),
        _("The language in which Ava answers. Bilingual follows each caller."),
        _("The one that most of your callers speak."),
        _("French (France): an accent from France, and times such as 14 h 30."),
        _("It chooses Ava's voice, what she understands, and the language of her words."),
    ),
    "opening-hours": Guidance(
        _("Opening hours"),
        _("When you are open. Ava tells callers, and says when you will ring back."),
        _("Write them as on your door, in French or English; what is understood stands below."),
        _("Mon-Fri 9am-6pm, Sat 9am-12pm"),
        _("They go into Ava's instructions."),
    ),
    "time-zone": Guidance(
        _("Time zone"),
        _("So that Ava knows whether you are open now."),
        _("Taken from this computer. Another is written Region/City."),
        _("Europe/Paris"),
        _("It goes into Ava's instructions, beside the opening hours."),
    ),
    "fallback-number": Guidance(
        _("Your phone (optional)"),
        _("It rings when Ava cannot answer, so that no caller is lost."),
        _("A phone that somebody answers, other than the line itself. It can stay empty."),
        _("06 39 98 12 34, or +33 6 39 98 12 34"),
        _("Vapi keeps it with the number, and rings it only when no assistant can be had."),
    ),
    "webhook-url": Guidance(
        _("Web address for calls (installers only)"),
        _("Where Vapi tells AVA's own services about each call."),
        _("From AVA, if you were given one. Else leave it empty."),
        _("https://calls.example.com/vapi"),
        _("It becomes the assistant's server address at Vapi."),
    ),
    # Vapi and the assistant
    "vapi-key": Guidance(
        _("Vapi private key"),
        _("The secret by which Vapi knows you. We use it only with Vapi."),
        _(
            "dashboard.vapi.ai (Europe: dashboard.eu.vapi.ai), your organisation, API "
            "Keys. Take the private one, not the public one."
        ),
        _("A long line of letters, digits and dashes."),
        _("It is tried at once, in both regions, and kept apart from everything else."),
    ),
    "assistants": Guidance(
        _("Assistants"),
        _("Who answers: the assistants at Vapi, and first a ready-made one to create."),
        _("Those that exist: dashboard.vapi.ai (Europe: dashboard.eu.vapi.ai), Assistants."),
        _("Ava - Plomberie Martin"),
        _("The one that you take is linked to your number. It is not changed by that."),
    ),
    "assistant-name": Guidance(
        _("Name"),
        _("The assistant's name in Vapi's dashboard; callers do not hear it."),
        _("At most 40 characters."),
        _("Ava - Plomberie Martin"),
        _("By it, you find her again in Vapi's dashboard, Assistants."),
    ),
    "voice": Guidance(
        _("Voice"),
        _("The voice that callers hear."),
        _("Your taste decides: all that are offered speak your callers' language."),
        _("{name} (woman)", name="Clara"),
        _("It is the assistant's voice at Vapi, on every call."),
    ),
    "greeting": Guidance(
        _("First words"),
        _("What Ava says when she picks up."),
        _("Ready-made for your trade. Callers have a right to know that an assistant answers."),
        _("Hello, Plomberie Martin, this is Ava, the virtual assistant. How can I help you?"),
        _("It becomes the assistant's first message at Vapi, word for word."),
    ),
    "recorded": Guidance(
        _("Record calls"),
        _("Whether Vapi keeps the sound of each call."),
        _("Yours to decide; the law asks you to tell callers, and Ava then does."),
        _("Ticked, the greeting says that the call is recorded."),
        _("Unticked, Vapi is told not to record: else it would."),
    ),
    "instructions-text": Guidance(
        _("Instructions"),
        _("What Ava is told to do. Change what you like."),
        _("Ready-made for your trade; that text can always be brought back."),
        _("Ask for the name, the address and a phone number. Never promise a time."),
        _("It becomes the assistant's instructions at Vapi. No key or password belongs in it."),
    ),
    "offers": Guidance(
        _("Found on this computer"),
        _("Keys that this computer holds already: in its environment, or kept by twilio-cli."),
        _("VAPI_API_KEY, TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or a profile of twilio-cli."),
        _("Of a key, only its last four characters are shown."),
        _("The one that you take is tried, as if you had pasted it. None is taken by itself."),
    ),
    # Twilio
    "twilio-kind": Guidance(
        _("Connect with"),
        _("Which pair of Twilio's you use. The first is the usual one."),
        _("Both are at console.twilio.com. Take the one that you have at hand."),
        _("An API key where somebody else sets the line up for you: you can withdraw it."),
        _("Only the fields of that pair are asked for."),
    ),
    "account-sid": Guidance(
        _("Account SID"),
        _("Your Twilio account's number: not a secret."),
        _ACCOUNT_INFO,
        _("AC and 32 characters"),
        _("It says whose numbers to list. A copied block with the token in it may be pasted."),
    ),
    "auth-token": Guidance(
        _("Auth Token"),
        _("Your Twilio account's secret. It goes to Twilio, and to Vapi for the number."),
        _ACCOUNT_INFO,
        _("32 characters"),
        _("It lists your numbers, and lets Vapi take the calls of the one that you choose."),
    ),
    "key-sid": Guidance(
        _("API key SID"),
        _("The name of an API key: it can be withdrawn without changing the token."),
        _API_KEYS,
        _("SK and 32 characters"),
        _("With its secret, it stands for the Auth Token, which then stays with you."),
    ),
    "key-secret": Guidance(
        _("API key secret"),
        _("The key's secret. It goes to Twilio, and to Vapi for the number."),
        _("Shown once, when the key is made. Lost it? Make another key."),
        _("32 characters"),
        _("It lists your numbers, and lets Vapi take the calls of the one that you choose."),
    ),
    "own-key": Guidance(
        _("A key of Vapi's own"),
        _("Whether Twilio is to make a key for this line, in the token's place."),
        _("It is then listed at console.twilio.com, Account, API keys & tokens."),
        _("ava-setup for {business}", business=_("Plomberie Martin")),
        _("Vapi gets that key, the token is forgotten here, and you can withdraw the key."),
    ),
    # The number
    "number-search": Guidance(
        _("Search, or type your number"),
        _("The number that Ava is to answer. It must be in your Twilio account."),
        _("Pick it in the list, or type it as you would dial it."),
        _("01 99 00 12 34, or +33 1 99 00 12 34"),
        _("It is imported into Vapi, linked to the assistant, and read back on both sides."),
    ),
    "numbers": Guidance(
        _("Numbers"),
        _("The numbers of your Twilio account, each with where its calls go today."),
        _("console.twilio.com, Phone Numbers, Manage, Active numbers. None yet? Buy one there."),
        _("01 99 00 12 34, or +33 1 99 00 12 34"),
        _("It is imported into Vapi, linked to the assistant, and read back on both sides."),
    ),
    # The proof
    "callee": Guidance(
        _("Telephone to ring"),
        _("The telephone that Ava rings, once, so that you hear her."),
        _("Yours, at hand now; not the line itself."),
        _("06 39 98 12 34, or +33 6 39 98 12 34"),
        _("One real call: it costs a few cents, at Vapi and at Twilio."),
    ),
}


def guidance(field_id: str) -> Guidance | None:
    """Give what help says about a field; None when the table does not know it."""
    return FIELDS.get(field_id)
