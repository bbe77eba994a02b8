"""A wearer's language, wherever something is said to them.

A request speaks it by itself (`accounts.languages.middleware`). Whatever is written to a wearer elsewhere speaks it by

    with speaking(user):
        ...

around everything that makes words: jobs, mails, notifications, websockets, and requests of somebody else. Words that are
kept and shown later (an answer's prose) are in the language of when they were made.
"""

from contextlib import AbstractContextManager

from django.conf import settings
from django.utils import translation

from accounts.models import User


def language_of(user: User) -> str:
    """The code of the language that they chose, else the one that their browser last asked for, else English's."""
    codes = dict(settings.LANGUAGES)
    found = (code for code in (user.language, user.browser_language) if code in codes)
    return next(found, settings.LANGUAGE_CODE)


def speaking(user: User) -> AbstractContextManager[None]:
    """Whatever makes words inside makes them in the wearer's language."""
    return translation.override(language_of(user))
