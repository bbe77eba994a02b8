from django import template
from django.conf import settings

from accounts.languages.forms import LanguageForm
from accounts.languages.words import find_words
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
