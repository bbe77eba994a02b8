from django import template

from accounts.models import CONSENT_TEXTS, Consent, User
from feedback.models import Rating

register = template.Library()


@register.simple_tag
def reject_reasons() -> list[tuple[str, str]]:
    """What a wearer may say against an outfit, as pairs of value and label."""
    return list(Rating.Reason.choices)


@register.simple_tag
def read_consent(user: User) -> Consent | None:
    """A wearer's consent that counts now, if they gave one."""
    return Consent.objects.given().filter(user=user).first()


@register.simple_tag
def consent_text() -> str:
    """What wearers are asked today."""
    return CONSENT_TEXTS[max(CONSENT_TEXTS)]
