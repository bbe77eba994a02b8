from django import template
from django.conf import settings
from django.utils.translation import gettext

from accounts.languages.forms import LanguageForm
from accounts.languages.words import dated, find_words, within
from accounts.models import User

register = template.Library()
register.simple_tag(find_words, name="words_address")


@register.simple_tag
def list_languages() -> list[tuple[str, str]]:
    """Codes of the languages, with their own names."""
    return list(settings.LANGUAGES)


@register.simple_tag
def language_form(user: User) -> LanguageForm:
    return LanguageForm(initial={"language": user.language})


register.filter("dated", dated, expects_localtime=True)
register.filter("within", within)


@register.filter
def translated(words: str) -> str:
    """What is stored in English and is one of the sentences that we say."""
    return gettext(words) if words else ""
