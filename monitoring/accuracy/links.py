"""Where the figures of the page on accuracy lead: the admin's lists of garments, ratings and corrections."""

from typing import Any

from monitoring.drift.findings import Bar
from monitoring.drift.page import find_address
from monitoring.drift.properties import PROPERTIES
from monitoring.drift.windows import Window
from monitoring.figures.reading import Period
from monitoring.links import link_list
from monitoring.opinions.reading import Swap


def link_garments(period: Period, **chosen: Any) -> str:
    """Garments that a model described in the period."""
    return link_list(
        "wardrobe_garment",
        call__isnull="False",
        created_at__gte=period.since.isoformat(),
        created_at__lt=period.until.isoformat(),
        **{name: str(value) for name, value in chosen.items()},
    )


def link_format(period: Period, name: str) -> str:
    """Of the photos of a format, the garments that were corrected; nothing without a photo."""
    if name == "none":
        return ""
    return link_garments(period, photo__source_format=name, corrections__isnull="False")


def link_worn(period: Period, version_id: int) -> str:
    """Ratings "Worn" of outfits that were rated first in the period."""
    return link_list(
        "feedback_rating",
        version__id__exact=str(version_id),
        verdict__exact="accepted",
        created_at__gte=period.since.isoformat(),
        created_at__lt=period.until.isoformat(),
    )


def link_corrections(period: Period, **chosen: str) -> str:
    return link_list(
        "feedback_correction",
        created_at__gte=period.since.isoformat(),
        created_at__lt=period.until.isoformat(),
        **chosen,
    )


def link_swap(period: Period, swap: Swap) -> str:
    """The corrections of one word to another; of whole lists those of the field."""
    words = {"model_value": swap.said, "user_value": swap.corrected}
    chosen = words if all(isinstance(word, str) for word in words.values()) else {}
    return link_corrections(period, field=swap.field, **chosen)


def link_value(kind: str, value: str, window: Window) -> str:
    """What wearers uploaded with one value of a property; nothing of the traits of questions, which are in no list."""
    one = next((one for one in PROPERTIES if one.name == kind), None)
    return find_address(one, Bar(value, 0, 0), window) if one and not one.bins else ""
