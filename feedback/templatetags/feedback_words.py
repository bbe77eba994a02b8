from urllib.parse import urlsplit
from uuid import UUID

from django import template
from django.urls import resolve
from django.utils.html import format_html

from accounts.models import CONSENT_TEXTS, Consent, User
from feedback.forms.ratings import RatingForm
from feedback.lineage.outcomes import Outcome, list_outcomes
from feedback.models import ReviewItem
from feedback.services.household import ShownToHousehold, read_shown
from feedback.values import KINDS, show_word
from styling.models import Suggestion
from wardrobe.forms.garments import GarmentForm
from wardrobe.models import Garment, Photo

register = template.Library()


OPENED_WITH = {
    "registry_dataset_change": "registry.view_dataset",
    "registry_promptversion_change": "registry.view_promptversion",
    "training-run": "feedback.retrain",
}
"""Permissions by the pages that they open."""


@register.simple_tag(takes_context=True)
def lead_to(context: template.RequestContext, address: str, text: object) -> str:
    """A link to an operators' page; the text alone for whoever may not open it."""
    right = OPENED_WITH.get(resolve(urlsplit(address).path).url_name or "")
    if right and not context["request"].user.has_perm(right):
        return str(text)
    return format_html('<a href="{}">{}</a>', address, text)


@register.simple_tag
def rating_form(rating: RatingForm | None) -> RatingForm:
    """What a wearer may say against an outfit: as they said it, where that was not understood."""
    return rating or RatingForm(auto_id="%s")


@register.simple_tag
def household_of(suggestion: Suggestion) -> ShownToHousehold | None:
    """What an outfit's owner sees of it beside the outfit; None where they are in no household."""
    return read_shown(suggestion)


@register.simple_tag
def read_consent(user: User) -> Consent | None:
    """A wearer's consent that counts now, if they gave one."""
    return Consent.objects.given(by=user).first()


@register.simple_tag
def consent_text() -> str:
    """What wearers are asked today."""
    return str(CONSENT_TEXTS[max(CONSENT_TEXTS)])


@register.simple_tag
def asks_consent(user: User, batch: UUID) -> bool:
    """Whether a wearer is asked now: their first photos are read, and they have never answered."""
    others = Photo.objects.for_owner(user).exclude(batch=batch)
    return not Consent.objects.filter(user=user).exists() and not others.exists()


QUESTIONS = {
    "type": "What kind of garment is this?",
    "pattern": "What pattern has it?",
    "material": "What is it made of?",
    "warmth": "How warm is it?",
    "formality": "How dressed up is it?",
    "sleeve": "How long are its sleeves?",
    "length": "How long is it?",
    "colours": "What is its main colour?",
}


FIELD_NAMES = {"type": "kind", "style_tags": "style", "water_resistant": "rain"}


@register.filter
def ask(item: ReviewItem) -> str:
    """What a reviewer is asked."""
    return QUESTIONS[item.field]


@register.filter
def word(value: object, kind: str) -> str:
    """A value of the vocabulary as people call it."""
    return show_word(value, KINDS.get(kind, kind))


@register.simple_tag
def corrections_of(user: User, garment: Garment | None = None) -> list[Outcome]:
    """What became of a wearer's newest corrections, or of those of one garment."""
    return list_outcomes(user, garment=garment)


@register.filter
def field_name(field: str) -> str:
    """An attribute as its wearer knows it."""
    return FIELD_NAMES.get(field, field.replace("_", " "))


@register.filter
def label_of(field: str) -> str:
    """An attribute as its row on a garment's page is called, in the wearer's language."""
    row = GarmentForm.base_fields.get(field)
    return str(row.label) if row else field_name(field).capitalize()


@register.filter
def percent(share: float) -> str:
    return f"{100 * share:.0f}\u00a0%"
