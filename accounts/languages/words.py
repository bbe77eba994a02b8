"""Words as a language writes them: days, lists, words of ours inside a sentence; and where scripts find theirs."""

import hashlib
from datetime import date, time
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def find_words() -> str:
    """The address of the words of scripts in the language that is spoken now."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return f"{reverse('words', args=[language])}?v={find_revision(language)}"


@lru_cache
def find_revision(language: str) -> str:
    locale = translation.to_locale(language)
    files = [Path(path) / locale / "LC_MESSAGES/djangojs.mo" for path in settings.LOCALE_PATHS]
    held = b"".join(file.read_bytes() for file in files if file.exists())
    return hashlib.sha256(held).hexdigest()[:12]


def dated(value: date | time | None, form: str) -> str:
    """A day or an hour in a form of Django's date filter for English, as the language that is spoken writes it.

    `make messages` takes the forms from `dated(…, "j F Y")` and `|dated:"j F Y"`; the catalogues say what they are.
    """
    if not value:
        return ""
    theirs = pgettext("form of dates", form)
    return time_format(value, theirs) if isinstance(value, time) else date_format(value, theirs)


def within(words: str) -> str:
    """Words of ours that stand alone elsewhere, for the middle of a sentence: they begin small. German keeps its
    capitals: what stands alone is mostly a noun."""
    is_german = (translation.get_language() or "").startswith("de")
    return words if is_german else f"{words[:1].lower()}{words[1:]}"


def quote_words(words: str) -> str:
    """What somebody wrote, in the language's quotation marks."""
    return pgettext("quotation", "“%(words)s”") % {"words": words}


def colon() -> str:
    """With the space that French puts before it."""
    return pgettext("punctuation", ":")


def join_words(words: list[str]) -> str:
    """ "navy, grey and white"; two of them in the language's way, more with commas before that."""
    if len(words) < 2:
        return "".join(words)
    return _("%(these)s and %(last)s") % {"these": ", ".join(words[:-1]), "last": words[-1]}


def pgettext_noop(context: str, words: str) -> str:
    """Words that are stored, or looked up, in English: marks them for the catalogues, and changes nothing."""
    return words
