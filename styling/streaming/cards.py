"""What the page shows of a piece, the weather and the finished prose, prepared on the server."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse

from styling.models import Suggestion
from styling.stylist.prose_links import split_prose
from styling.stylist.saying import say_sky
from styling.weather.model import WeatherSnapshot
from wardrobe import vocabulary
from wardrobe.models import Garment
from wardrobe.services.garments import call
from wardrobe.vocabulary import Vocabulary


def describe_piece(garment: Garment, words: Vocabulary) -> dict[str, Any]:
    """A card, to be put into the page as text. Asks no database: `words` are those of the answer."""
    slot = words.terms("slot").get(garment.slot)
    return {
        "garment": str(garment.pk),
        "name": call(garment, words),
        "slot": garment.slot,
        "slot_label": slot.said if slot else garment.slot,
        "photo": find_address("media", garment) if garment.photo_id or garment.image else "",
        "cut_out": find_address("cut-out", garment) if garment.shows_cut_out else "",
        "size": garment.cut_out_size,
        "url": find_address("detail", garment),
    }


STAND_IN = UUID(int=0)


def find_address(page: str, garment: Garment) -> str:
    """As `reverse` finds it, which takes as long as the rest of the card."""
    before, behind = _split_address(page, get_script_prefix())
    return f"{before}{garment.pk}{behind}"


@lru_cache
def _split_address(page: str, prefix: str) -> tuple[str, str]:
    """What stands before and behind a garment's id, where the site is below this prefix."""
    before, _, behind = reverse(f"wardrobe:garment-{page}", args=[STAND_IN]).partition(
        str(STAND_IN)
    )
    return before, behind


def describe_weather(suggestion: Suggestion) -> dict[str, Any]:
    """The weather it dresses for; `source` is "none" when nobody knows, and `why` says why."""
    if not suggestion.weather:
        return {"source": "none", "why": suggestion.no_forecast, "sentence": "", "categories": {}}
    weather = WeatherSnapshot.from_json(suggestion.weather)
    return {
        "source": weather.source,
        "why": suggestion.no_forecast,
        "sentence": say_sky(weather),
        "categories": dict(weather.categories),
    }


def render_prose(prose: str, garments: Sequence[Garment]) -> str:
    """The prose as escaped HTML, with the pieces it names as links."""
    return render_to_string("styling/_prose.html", {"paragraphs": split_prose(prose, garments)})


def label_slots(slots: Sequence[str]) -> list[str]:
    terms = vocabulary.terms("slot")
    return [terms[slot].said if slot in terms else slot for slot in slots]
