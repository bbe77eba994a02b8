"""What the product says has its words in each language: nothing is missing, guessed, or says less than the English."""

import re
from collections import Counter
from gettext import GNUTranslations
from pathlib import Path

import django
import pytest
from babel.messages.catalog import Message
from django.utils import dates, translation

from tests import messages

FILES = [(language, domain) for language in messages.LANGUAGES for domain in messages.DOMAINS]
COMPLETE = [(language, domain) for language, domain in FILES if language in messages.COMPLETE]
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
THEIRS = Path(django.__file__).parent / "conf" / "locale"
SHORTEST = 4
"""No translation has less than a fourth of the letters of its text: such as a form of a plural that lost its words."""
TAGS = re.compile(r"</?[a-z][^>]*>")


def find_faults(message: Message) -> list[str]:
    """What is wrong with one translation."""
    originals = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    faults = [] if all(strings) else ["has no translation"]
    faults += ["is fuzzy"] if message.fuzzy else []
    for place, string in enumerate(strings):
        if not string:
            continue
        if len(string) * SHORTEST < min(map(len, originals)):
            faults.append(f"says next to nothing: {string!r}")
        held = count(PLACEHOLDERS, string)
        # The form for one may leave out the number, as "a day" does.
        is_for_one = place == 0 and len(originals) > 1
        wanted = originals[1:] if place and len(originals) > 1 else originals
        if held not in [count(PLACEHOLDERS, one) for one in wanted] and not (
            is_for_one and held < count(PLACEHOLDERS, originals[-1])
        ):
            faults.append(f"other placeholders in {string!r}")
        if count(TAGS, string) not in [count(TAGS, one) for one in originals]:
            faults.append(f"other tags in {string!r}")
    return faults


def count(pattern: re.Pattern[str], text: str) -> Counter[str]:
    return Counter(pattern.findall(text))


@pytest.mark.parametrize(("language", "domain"), FILES)
def test_what_is_compiled_is_what_is_written(language: str, domain: str) -> None:
    file = messages.find_file(language, domain)
    catalog = messages.read(file, language, domain)
    assert file.with_suffix(".mo").read_bytes() == messages.compile_catalog(catalog)


@pytest.mark.parametrize(("language", "domain"), FILES)
def test_translations_hold_what_the_english_holds(language: str, domain: str) -> None:
    catalog = messages.read(messages.find_file(language, domain), language, domain)
    done = [message for message in catalog if message.id and not messages.misses(message)]
    faults = {message.id: find_faults(message) for message in done}
    assert {text: fault for text, fault in faults.items() if fault} == {}


@pytest.mark.parametrize(("language", "domain"), COMPLETE)
def test_whatever_is_said_is_translated(language: str, domain: str) -> None:
    catalog = messages.read(messages.find_file(language, domain), language, domain)
    said = {(message.id, message.context) for message in messages.collect(domain) if message.id}
    known = {(message.id, message.context): message for message in catalog if message.id}
    assert sorted(map(str, said - known.keys())) == [], "make messages, then translate"
    assert sorted(map(str, known.keys() - said)) == [], "make messages drops what nothing says"
    assert {text: find_faults(known[text]) for text in said if find_faults(known[text])} == {}


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_text_of_ours_takes_the_place_of_a_day_or_a_month(language: str) -> None:
    """Ours come before Django's: "Sun" for the weather would be what Sunday is called."""
    names = ("WEEKDAYS", "WEEKDAYS_ABBR", "MONTHS", "MONTHS_3", "MONTHS_AP", "MONTHS_ALT")
    with translation.override(None):
        days = {str(word) for name in names for word in getattr(dates, name).values()}
    assert {"Sun", "May", "Monday"} <= days
    ours = messages.read(messages.find_file(language, "django"), language, "django")
    with (THEIRS / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        theirs = GNUTranslations(file)
    said = {message.id: message.string for message in ours if not message.context}
    assert {day: said[day] for day in days & said.keys() if said[day] != theirs.gettext(day)} == {}


FORMAL = {
    "de": re.compile(r"\b(Sie|Ihr|Ihre[mnrs]?)\b"),
    "es": re.compile(
        r"\b(usted|[Ss]us?|Asegúrese|Introduzca|Ingrese|Escoja|envíe|Envíe|que ha enviado)\b"
    ),
    "fr": re.compile(r"\b([Vv]ous|[Vv]otre|[Vv]os|\w{2,}ez)\b"),
}
"""How strangers are addressed; our texts say du, tú and tu."""
OF_NO_FORM = re.compile(
    "domain name|slug|protocol|separated by commas|starting from|it is %|Your password"
)
"""No wearer's form has fields that say these, and the help on passwords is our own."""


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_what_djangos_fields_say_is_said_as_to_a_friend(language: str) -> None:
    base = Path(django.__file__).parent
    files = ("core/validators.py", "forms/fields.py", "contrib/auth/password_validation.py")
    said = {
        text
        for file in files
        for text, _ in messages.read_texts((base / file).read_text(), "python")
    }
    assert len(said) > 50
    with translation.override(language):
        found = {
            words
            for text in said
            for words in list_forms(text)
            if FORMAL[language].search(words) and not OF_NO_FORM.search(str(text))
        }
    assert found == set()


def list_forms(text: str | tuple[str, ...]) -> list[str]:
    """A text as the language says it, and each form of one that is counted."""
    if isinstance(text, str):
        return [translation.gettext(text)]
    return [translation.ngettext(*text, number) for number in (1, 2, 1_000_000)]


@pytest.mark.parametrize(
    ("said", "translated", "fault"),
    [
        ("Saved.", "", "no translation"),
        ("%(count)s pieces", "Teile", "placeholders"),
        ("{name} is saved", "{nmae} ist gespeichert", "placeholders"),
        ("<b>One</b> more", "Noch eines", "tags"),
        (("a day", "%(count)s days"), ("ein Tag", ""), "no translation"),
        (("a day", "%(count)s days"), ("ein Tag", "Tage"), "placeholders"),
        (("a day", "%(count)s days"), ("ein Tag", "%(count)s Tage"), "none"),
        (("Worn once.", "Worn %(n)s times."), ("E", "i"), "next to nothing"),
    ],
)
def test_faults_of_translations_are_found(said: str, translated: str, fault: str) -> None:
    faults = find_faults(Message(said, translated))
    assert (fault in " ".join(faults)) or (fault == "none" and not faults)


def test_texts_are_taken_from_python_templates_and_scripts() -> None:
    texts = {message.id for message in messages.collect("django")}
    assert "We do not speak that language yet." in texts
    assert "Of pages, mails and notifications." in texts
