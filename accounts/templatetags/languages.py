from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from accounts.languages.forms import LanguageForm
from accounts.languages.words import colon, dated, find_words, quote_words, within
from accounts.models import User

register = template.Library()
register.simple_tag(find_words, name="words_address")
register.simple_tag(colon)


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
def quoted(words: str) -> SafeString:
    """What a wearer wrote, in quotation marks and in its own direction."""
    before, after = quote_words("\0").split("\0")
    return format_html("{}<bdi>{}</bdi>{}", before, words, after)


@register.filter
def translated(words: str) -> str:
    """What is stored in English and is one of the sentences that we say."""
    return gettext(words) if words else ""
