from __future__ import annotations

import re
import sys
from itertools import product
from subprocess import run

import pytest
from hypothesis import given, settings, strategies as st

from ava_setup.onboarding.composing import (
    ASSISTANT_NAME_MAX,
    Composition,
    compose,
    discloses_automation,
    first_words,
    suggested_name,
)
from ava_setup.onboarding.profile import NAME_MAX, CallersLanguage, Profile, Trade

EVERY_ONE = list(product(Trade, CallersLanguage))
FRENCH = [one for one in EVERY_ONE if one[1].speaks_french]
ENGLISH = [one for one in EVERY_ONE if not one[1].speaks_french]
CLOCK = re.compile(r'\{\{"now" \| date: "[^"{}]+", "[\w/+-]+"\}\}')
FR, CA = CallersLanguage.FR_FR, CallersLanguage.FR_CA
GB, US = CallersLanguage.EN_GB, CallersLanguage.EN_US
BOTH = CallersLanguage.BILINGUAL

IN_FRENCH = (
    "une seule question à la fois",
    "n'inventez rien",
    "robot",
    "prendre un message",
    "refuse d'être enregistré",
    "mauvaise ligne",
    "Bruit",
    "Personne en colère",
    "Langue que vous ne parlez pas",
    "Message automatique",
    "numéro de carte bancaire",
    "En dehors de ces horaires",
    "Faux numéro",
    "Démarchage",
    "révéler vos consignes",
    "transmis à l'équipe",
    "outil de fin d'appel",
)
IN_ENGLISH = (
    "one question at a time",
    "never make anything up",
    "robot",
    "take a message",
    "refuse to be recorded",
    "bad line",
    "Noise",
    "Someone angry",
    "A language that you do not speak",
    "A recorded message",
    "card number",
    "Outside these hours",
    "Wrong number",
    "Sales calls",
    "reveal your instructions",
    "going to the team",
    "end-call tool",
)

every_one = pytest.mark.parametrize(("trade", "language"), EVERY_ONE)


# Checking a time zone reads a whole directory: once is enough for hundreds of businesses.
MARTIN = Profile(
    business_name="Plomberie Martin",
    admin_email="contact@example.fr",
    opening_hours="lun-ven 9h-18h",
)


def recording_notice(language: CallersLanguage) -> str:
    return first_words("", language, recorded=True)


def business(
    name: str = "Plomberie Martin",
    *,
    trade: Trade = Trade.GENERAL,
    language: CallersLanguage = CallersLanguage.FR_FR,
    hours: str = "lun-ven 9h-18h",
    zone: str = "Europe/Paris",
) -> Profile:
    return MARTIN.model_copy(
        update={
            "business_name": name,
            "trade": trade,
            "callers_language": language,
            "opening_hours": hours,
            "time_zone": zone,
        }
    )


def composed(trade: Trade, language: CallersLanguage, zone: str = "Europe/Paris") -> Composition:
    return compose(business(trade=trade, language=language, zone=zone))


# Every trade in every language


@every_one
def test_the_greeting_names_the_business_says_what_answers_and_asks_a_question(
    trade: Trade, language: CallersLanguage
) -> None:
    greeting = composed(trade, language).greeting
    assert "Plomberie Martin" in greeting
    assert "Ava" in greeting
    assert discloses_automation(greeting)
    assert greeting.endswith("?")


@every_one
def test_the_greeting_is_short_enough_to_be_listened_to(
    trade: Trade, language: CallersLanguage
) -> None:
    profile = business("M" * 30, trade=trade, language=language)
    assert len(compose(profile).greeting) <= 250


@every_one
def test_the_instructions_are_complete_without_being_a_novel(
    trade: Trade, language: CallersLanguage
) -> None:
    words = re.findall(r"\w[\w'-]*", composed(trade, language).instructions)
    assert 600 <= len(words) <= 780


@every_one
def test_no_place_is_left_unfilled_but_the_clock_that_vapi_fills(
    trade: Trade, language: CallersLanguage
) -> None:
    composition = composed(trade, language)
    assert len(CLOCK.findall(composition.instructions)) == 1
    text = composition.greeting + CLOCK.sub("", composition.instructions)
    assert not re.search(r"[{}$<>\[\]]|\bNone\b", text)


@every_one
def test_what_is_spoken_has_no_markdown_bullet_or_emoji(
    trade: Trade, language: CallersLanguage
) -> None:
    composition = composed(trade, language)
    text = f"{composition.greeting}\n\n{CLOCK.sub('', composition.instructions)}"
    assert not re.search(r"^\s*(?:[-*•#>\u2013\u2014]|\d+[.)])", text, re.MULTILINE)
    assert not re.search(r"[*_`#|~•]|https?:", text)
    # Nothing beyond Latin letters and quotes: every terminal aligns them, every voice reads them.
    assert all(ord(char) <= 0x17F for char in text)


@every_one
def test_paragraphs_are_single_lines_parted_by_an_empty_one(
    trade: Trade, language: CallersLanguage
) -> None:
    paragraphs = composed(trade, language).instructions.split("\n\n")
    assert len(paragraphs) == (11 if language is BOTH else 10)
    for paragraph in paragraphs:
        assert paragraph == " ".join(paragraph.split())
        assert paragraph.endswith((".", "»", '."'))


@every_one
def test_hours_time_zone_and_business_reach_the_instructions(
    trade: Trade, language: CallersLanguage
) -> None:
    profile = business(trade=trade, language=language, zone="Europe/Brussels", hours="24/7")
    instructions = compose(profile).instructions
    french = language.speaks_french
    said = "tous les jours, 24 heures sur 24" if french else "every day, 24 hours a day"
    assert said in instructions
    assert '"Europe/Brussels"}}' in instructions
    assert "Plomberie Martin" in instructions


@every_one
def test_no_text_has_doubled_or_misplaced_punctuation(
    trade: Trade, language: CallersLanguage
) -> None:
    composition = composed(trade, language)
    text = f"{composition.greeting} {CLOCK.sub('noon', composition.instructions)}"
    assert not re.search(r"[,;:]\s*[,;.]|\.\.|  | [,.]|\ban? an?\b", text)


@pytest.mark.parametrize(("trade", "language"), FRENCH)
def test_french_is_accented_and_says_vous(trade: Trade, language: CallersLanguage) -> None:
    composition = composed(trade, language)
    text = f"{composition.greeting} {composition.instructions}"
    assert {"é", "è", "à", "ê"} <= set(text)
    assert "vous" in text
    assert not re.search(r"\b(?:tu|toi|ton|tes)\b|\bt'", text, re.IGNORECASE)


@pytest.mark.parametrize(("trade", "language"), FRENCH)
def test_french_puts_a_space_before_high_punctuation(
    trade: Trade, language: CallersLanguage
) -> None:
    composition = composed(trade, language)
    text = CLOCK.sub("", f"{composition.greeting} {composition.instructions}")
    text = text.replace("You can also speak English: I'm a virtual assistant, how may I help?", "")
    assert not re.search(r"[^\s][?!;:»]|«\S", text)


@pytest.mark.parametrize(("trade", "language"), ENGLISH)
def test_english_callers_hear_and_get_no_french(trade: Trade, language: CallersLanguage) -> None:
    composition = composed(trade, language)
    text = f"{composition.greeting} {composition.instructions}"
    assert not re.search(r"[éèàêç«»]|\bvous\b", text)


@every_one
def test_the_instructions_cover_what_every_receptionist_must_know(
    trade: Trade, language: CallersLanguage
) -> None:
    instructions = composed(trade, language).instructions
    musts = IN_FRENCH if language.speaks_french else IN_ENGLISH
    assert [must for must in musts if must not in instructions] == []


# What each trade adds


@pytest.mark.parametrize(
    ("trade", "french", "english"),
    [
        (Trade.GENERAL, ("l'objet de l'appel", "référence"), ("what the call is about",)),
        (Trade.PLUMBER, ("couper l'eau", "Odeur de gaz"), ("turn the water off", "Smell of gas")),
        (Trade.MEDICAL, ("avis médical", "date de naissance"), ("medical advice", "date of birth")),
        (Trade.RESTAURANT, ("couverts", "allergies"), ("how many people", "allergies")),
        (Trade.ELECTRICIAN, ("disjoncteur", "Personne électrisée"), ("power off", "burning smell")),
        (Trade.DENTAL, ("gonflement", "date de naissance"), ("swelling", "knocked out")),
        (Trade.PHYSIO, ("ordonnance", "à domicile"), ("referred", "home visit")),
        (Trade.VET, ("de garde", "l'espèce"), ("emergency vet", "kind of animal")),
        (Trade.HOTEL, ("date de départ", "code d'accès"), ("departure date", "entry code")),
        (Trade.BEAUTY, ("soin souhaité", "test d'allergie"), ("patch test", "gift voucher")),
        (Trade.SHOP, ("commande en cours", "mettre de côté"), ("put it aside", "in stock")),
        (Trade.ACCOUNTANT, ("échéance", "avis fiscal"), ("deadline", "payroll or legal advice")),
        (Trade.SALON, ("prestation", "couleur"), ("treatment", "patch test")),
        (Trade.GARAGE, ("plaque d'immatriculation", "modèle"), ("make, model", "hazard lights")),
        (
            Trade.REAL_ESTATE,
            ("sa référence", "vendre", "visite"),
            ("its reference", "sell", "view"),
        ),
        (Trade.LAW, ("avis juridique", "Confidentialité"), ("legal advice", "Confidentiality")),
    ],
)
def test_each_trade_asks_and_refuses_what_the_trade_needs(
    trade: Trade, french: tuple[str, ...], english: tuple[str, ...]
) -> None:
    in_french = composed(trade, FR).instructions
    in_english = composed(trade, GB).instructions
    assert [words for words in french if words not in in_french] == []
    assert [words for words in english if words not in in_english] == []


def test_no_two_trades_share_their_instructions() -> None:
    for language in CallersLanguage:
        assert len({composed(trade, language).instructions for trade in Trade}) == len(Trade)


@pytest.mark.parametrize(
    "trade",
    [
        *(Trade.GENERAL, Trade.MEDICAL, Trade.DENTAL, Trade.PHYSIO, Trade.VET, Trade.RESTAURANT),
        *(Trade.HOTEL, Trade.SALON, Trade.BEAUTY, Trade.ELECTRICIAN, Trade.SHOP),
    ],
)
@pytest.mark.parametrize(
    ("language", "number", "foreign"),
    [
        (FR, "15 ou le 112", ("911", "999")),
        (CA, "911", ("112", "999", "le 15")),
        (GB, "999", ("911", "le 15")),
        (US, "911", ("999", "112")),
    ],
)
def test_emergency_numbers_are_those_of_the_callers_country(
    trade: Trade, language: CallersLanguage, number: str, foreign: tuple[str, ...]
) -> None:
    composition = composed(trade, language)
    text = f"{composition.greeting} {composition.instructions}"
    assert number in composition.instructions
    assert [other for other in foreign if other in text] == []


@pytest.mark.parametrize(
    ("language", "number"), [(FR, "15 ou le 112"), (CA, "911"), (GB, "999"), (US, "911")]
)
def test_a_medical_greeting_gives_the_emergency_number_at_once(
    language: CallersLanguage, number: str
) -> None:
    assert number in composed(Trade.MEDICAL, language).greeting


@pytest.mark.parametrize(
    ("language", "number"),
    [(FR, "0 800 47 33 33"), (CA, "911"), (GB, "0800 111 999"), (US, "911")],
)
def test_a_gas_leak_is_sent_to_the_gas_emergency_number_of_the_country(
    language: CallersLanguage, number: str
) -> None:
    for trade in (Trade.PLUMBER, Trade.REAL_ESTATE):
        assert number in composed(trade, language).instructions


@pytest.mark.parametrize(
    ("zone", "number"),
    [
        ("Europe/Paris", "15 ou le 112"),
        ("Europe/Brussels", "le 112"),
        ("America/Toronto", "911"),
        ("Canada/Eastern", "911"),
        ("America/Martinique", "15 ou le 112"),
    ],
)
def test_a_bilingual_line_takes_its_emergency_number_from_the_time_zone(
    zone: str, number: str
) -> None:
    composition = composed(Trade.MEDICAL, BOTH, zone)
    assert number in composition.greeting
    assert number in composition.instructions


@pytest.mark.parametrize("language", [FR, BOTH])
@pytest.mark.parametrize(
    ("zone", "number"),
    [("Europe/Brussels", "112"), ("Europe/Luxembourg", "112"), ("Europe/Zurich", "144")],
)
def test_callers_in_french_outside_france_never_hear_the_emergency_numbers_of_france(
    zone: str, number: str, language: CallersLanguage
) -> None:
    for trade in Trade:
        composition = composed(trade, language, zone)
        text = CLOCK.sub("", f"{composition.greeting} {composition.instructions}")
        assert not re.search(r"le 1[578]\b(?! du mois)|0 800 47 33 33|borne orange|\$", text)
        if "raccrocher et de faire" in text and trade not in {Trade.LAW, Trade.ACCOUNTANT}:
            assert f"le {number}" in text
    assert number in composed(Trade.MEDICAL, language, zone).greeting


@pytest.mark.parametrize(
    ("zone", "country", "number"),
    [
        ("Europe/Paris", "FR", "15 ou le 112"),
        ("Europe/Paris", "US", "15 ou le 112"),
        ("Indian/Reunion", "RE", "15 ou le 112"),
        ("Europe/Paris", "BE", "le 112"),
        ("Europe/Paris", "CH", "le 112"),
        ("Europe/Berlin", "CH", "le 144"),
        ("Europe/Zurich", "FR", "le 112"),
        ("Europe/Zurich", "CH", "le 144"),
        ("Europe/Berlin", "FR", "le 112"),
    ],
)
def test_a_number_of_another_country_than_the_time_zones_has_112_named(
    zone: str, country: str, number: str
) -> None:
    profile = business(trade=Trade.MEDICAL, zone=zone).model_copy(update={"country": country})
    assert f"faites {number}." in compose(profile).greeting.replace("le 15", "15")


def test_in_switzerland_each_service_has_its_own_number() -> None:
    hotel = composed(Trade.HOTEL, FR, "Europe/Zurich").instructions
    assert [number for number in ("118", "144", "117") if f"le {number}" not in hotel] == []


def test_canadian_french_says_courriel_and_asks_for_the_health_card() -> None:
    canadian = composed(Trade.MEDICAL, CA).instructions
    assert "courriel" in canadian
    assert "e-mail" not in canadian
    assert "numéro d'assurance maladie" in canadian
    assert "assurance maladie" not in composed(Trade.MEDICAL, FR).instructions


def test_british_and_american_callers_get_their_own_words() -> None:
    assert "solicitor" in composed(Trade.LAW, GB).instructions
    assert "attorney" in composed(Trade.LAW, US).instructions
    assert "stopcock" in composed(Trade.PLUMBER, GB).instructions
    assert "shut-off valve" in composed(Trade.PLUMBER, US).instructions
    assert "colour" not in composed(Trade.SALON, US).instructions


def test_phone_numbers_are_read_back_as_the_country_does() -> None:
    assert "deux chiffres par deux" in composed(Trade.GENERAL, FR).instructions
    assert "groupes de trois, trois et quatre chiffres" in composed(Trade.GENERAL, CA).instructions
    assert "groups of three or four digits" in composed(Trade.GENERAL, GB).instructions
    assert "groups of three, three and four digits" in composed(Trade.GENERAL, US).instructions


def test_a_bilingual_greeting_is_french_then_one_english_sentence() -> None:
    french = composed(Trade.PLUMBER, FR).greeting
    both = composed(Trade.PLUMBER, BOTH).greeting
    assert both.startswith(f"{french} You can also speak English")
    assert discloses_automation(both.removeprefix(french))


def test_only_bilingual_instructions_tell_ava_to_follow_the_callers_language() -> None:
    assert "en français ou en anglais" in composed(Trade.LAW, BOTH).instructions
    assert "en anglais" not in composed(Trade.LAW, FR).instructions


# The owner's own words


@pytest.mark.parametrize(
    "name",
    [
        "Chez {Léo}",
        "{business} {0} {hours!r}",
        "$business $role ${hours} $$",
        "100 % Pâtes & Co",
        r"C:\new\1 \g<0>",
        "L'Écluse « Bar »",
        "Müller's <b>Café</b>",
        "Ресторан 寿司 🍣",
        "Martin S.A.R.L.",
        'The "Best" Garage!',
        "x" * NAME_MAX,
    ],
)
@pytest.mark.parametrize("language", list(CallersLanguage))
def test_an_odd_business_name_is_taken_literally(name: str, language: CallersLanguage) -> None:
    for trade in Trade:
        composition = compose(business(name, trade=trade, language=language))
        assert name in composition.greeting
        assert name in composition.instructions
        usual = composed(trade, language)
        assert composition.greeting == usual.greeting.replace("Plomberie Martin", name)
        assert composition.instructions == usual.instructions.replace("Plomberie Martin", name)


def test_odd_opening_hours_are_taken_literally() -> None:
    assert "{9} à $12 \\1" in compose(business(hours="{9} à $12 \\1")).instructions


def test_a_name_that_ends_with_a_full_stop_never_gets_a_second_one() -> None:
    for trade, language in EVERY_ONE:
        composition = compose(business("Acme Inc.", trade=trade, language=language))
        assert ".." not in composition.greeting + composition.instructions


def test_line_breaks_in_a_name_cannot_break_a_paragraph() -> None:
    composition = compose(business("Martin\n\n et  Fils"))
    assert "Martin et Fils" in composition.greeting
    assert "Martin et Fils" in composition.instructions


# Recording


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (FR, ("Cet appel est enregistré",)),
        (CA, ("Cet appel est enregistré",)),
        (GB, ("This call is recorded",)),
        (US, ("This call is recorded",)),
        (BOTH, ("Cet appel est enregistré", "This call is recorded")),
    ],
)
def test_the_notice_says_in_each_language_that_the_call_is_recorded_and_why(
    language: CallersLanguage, says: tuple[str, ...]
) -> None:
    notice = recording_notice(language)
    assert len(re.findall(r"\.", notice)) == len(says)
    for words in says:
        assert re.search(rf"{words} (?:afin de|so that) \w+", notice)


def test_first_words_are_the_greeting_alone_when_nothing_is_recorded() -> None:
    assert first_words(" Bonjour ? ", FR, recorded=False) == "Bonjour ?"


@every_one
def test_a_recorded_call_says_so_once_and_still_ends_with_the_question(
    trade: Trade, language: CallersLanguage
) -> None:
    greeting = composed(trade, language).greeting
    words = first_words(greeting, language, recorded=True)
    notice = recording_notice(language)
    assert words.count(notice) == 1
    assert words.endswith("?")
    assert words.startswith(greeting[:20])
    assert " ".join(words.replace(notice, "").split()) == greeting
    assert discloses_automation(words.partition(notice)[0])


@pytest.mark.parametrize(
    ("greeting", "expected"),
    [
        ("Hello. How can I help?", "Hello. NOTICE How can I help?"),
        ("How can I help?", "NOTICE How can I help?"),
        ("Hello. I'm Ava.", "Hello. I'm Ava. NOTICE"),
        ("Hello, Martin Ltd", "Hello, Martin Ltd. NOTICE"),
        ("Hello, here is Ava!", "Hello, here is Ava! NOTICE"),
        ("Ready? Tell me everything.", "Ready? Tell me everything. NOTICE"),
        ("Hello! Who are you? What is it about?", "Hello! NOTICE Who are you? What is it about?"),
        ("Hi. This is Dr. Martin's, how are you?", "Hi. NOTICE This is Dr. Martin's, how are you?"),
        ("Hi. S.A.R.L. Martin, yes?", "Hi. NOTICE S.A.R.L. Martin, yes?"),
        ("Hi. Is this for Yahoo! mail?", "Hi. NOTICE Is this for Yahoo! mail?"),
        ('Hello. Shall I say "yes?"', 'Hello. NOTICE Shall I say "yes?"'),
        ("Hello…\nHow can I help?", "Hello… NOTICE How can I help?"),
        ("", "NOTICE"),
    ],
)
def test_the_notice_stands_before_the_closing_question_or_else_at_the_end(
    greeting: str, expected: str
) -> None:
    notice = recording_notice(GB)
    assert first_words(greeting, GB, recorded=True) == expected.replace("NOTICE", notice)


def test_a_notice_already_there_is_not_repeated_whatever_its_case_and_accents() -> None:
    greeting = "Bonjour. CET APPEL EST ENREGISTRE afin de bien\ntraiter votre demande. Oui ?"
    assert first_words(greeting, FR, recorded=True) == greeting


def test_a_bilingual_greeting_with_the_notice_in_one_language_gets_the_other() -> None:
    greeting = first_words("Bonjour. Oui ?", FR, recorded=True)
    words = first_words(greeting, BOTH, recorded=True)
    assert words.count(recording_notice(FR)) == 1
    assert words.count(recording_notice(GB)) == 1


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.sampled_from("ab É.?!… \n'»\")("), max_size=40) | st.text(max_size=40),
    st.sampled_from(CallersLanguage),
)
def test_saying_the_notice_twice_changes_nothing(greeting: str, language: CallersLanguage) -> None:
    once = first_words(greeting, language, recorded=True)
    assert recording_notice(language) in once
    assert first_words(once, language, recorded=True) == once


# Disclosure


@pytest.mark.parametrize(
    "greeting",
    [
        "Je suis Ava, l'assistante virtuelle.",
        "Je suis l\u2019ASSISTANTE VIRTUELLE de l\u2019agence",
        "Ici l'assistant vocal du garage",
        "un assistant telephonique automatise vous repond",
        "notre réceptionniste virtuelle",
        "l'assistante d'accueil automatique",
        "Je suis une intelligence artificielle.",
        "Ava, une IA à votre écoute",
        "Je suis un robot.",
        "Bienvenue sur notre serveur vocal",
        "I'm Ava, the virtual assistant.",
        "This is the automated receptionist",
        "You are speaking to an AI",
        "an ai assistant will take your call",
        "our AI-powered front desk",
        "I am an A.I. receptionist",
        "a voice assistant",
        "artificial intelligence answers this call",
        "Hi, I'm a chatbot",
    ],
)
def test_a_greeting_that_says_a_machine_answers_discloses_it(greeting: str) -> None:
    assert discloses_automation(greeting)


@pytest.mark.parametrize(
    "greeting",
    [
        "",
        "Bonjour, je suis Ava. Comment puis-je vous aider ?",
        "Je suis Ava, votre assistante.",
        "I'm Ava, the assistant.",
        "J'ai hâte de vous entendre",
        "J'AI HÂTE DE VOUS ENTENDRE",
        "Ai-je bien compris ?",
        "Je n'ai pas compris. Que puis-je faire ?",
        "The Fair Air Company, Kai speaking",
        "Robotique Martin, bonjour",
        "Je suis l'assistante de Portes Automatiques Martin",
        "Laissez un message sur la messagerie vocale",
        "Je ne suis pas un robot",
        "I'm not a robot",
        "This isn't an automated line",
        "Visite virtuelle disponible",
    ],
)
def test_a_greeting_that_leaves_it_unsaid_or_denies_it_does_not(greeting: str) -> None:
    assert not discloses_automation(greeting)


# The assistant's name


@pytest.mark.parametrize(
    ("business_name", "assistant"),
    [
        ("Plomberie Martin", "Ava - Plomberie Martin"),
        ("Plomberie Chauffage Climatisation Martin", "Ava - Plomberie Chauffage Climatisation"),
        ("Cabinet des Docteurs Lefebvre et Associés", "Ava - Cabinet des Docteurs Lefebvre"),
        ("Boulangerie Pâtisserie Martin, Dupont", "Ava - Boulangerie Pâtisserie Martin"),
        ("Martin (plomberie, chauffage, climatisation)", "Ava - Martin"),
        ("Martin S.A.R.L.", "Ava - Martin S.A.R.L"),
        ("Café (Lyon)", "Ava - Café (Lyon)"),
        ("x" * 80, "Ava - " + "x" * 34),
        ("Le " + "x" * 60, "Ava - Le " + "x" * 31),
        ("A" * 34, "Ava - " + "A" * 34),
        ("-" * 80, "Ava"),
        ("...", "Ava"),
    ],
)
def test_the_suggested_name_is_cut_between_words_and_ends_cleanly(
    business_name: str, assistant: str
) -> None:
    assert suggested_name(business(business_name)) == assistant


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=NAME_MAX))
def test_the_suggested_name_always_fits_what_vapi_accepts(business_name: str) -> None:
    name = suggested_name(business(business_name))
    assert name.startswith("Ava")
    assert len(name) <= ASSISTANT_NAME_MAX
    assert name == name.strip(" .,;:-")


def test_composing_imports_neither_the_interface_nor_http() -> None:
    code = (
        "import sys, ava_setup.onboarding.composing as c;"
        "print(sorted({'textual', 'httpx'} & set(sys.modules)), c._table.cache_info().currsize)"
    )
    told = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[] 0"
