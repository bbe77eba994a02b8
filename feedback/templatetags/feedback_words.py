from django import template

from feedback.models import Rating

register = template.Library()


@register.simple_tag
def reject_reasons() -> list[tuple[str, str]]:
    """What a wearer may say against an outfit, as pairs of value and label."""
    return list(Rating.Reason.choices)
