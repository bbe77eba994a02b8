"""What pages say about garments: `{{ garment.type|term:"type" }}`, `{{ colour.name|hex }}`."""

import re

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.languages.words import join_words, within
from wardrobe import vocabulary
from wardrobe.forms.garments import GarmentForm
from wardrobe.forms.photos import PhotoAnswerForm
from wardrobe.models import Garment, Photo
from wardrobe.prices.currencies import say_money
from wardrobe.services import basics, garments

register = template.Library()

NUMBERS = [
    pgettext_lazy("number", "one"),
    pgettext_lazy("number", "two"),
    pgettext_lazy("number", "three"),
    pgettext_lazy("number", "four"),
    pgettext_lazy("number", "five"),
    pgettext_lazy("number", "six"),
    pgettext_lazy("number", "seven"),
    pgettext_lazy("number", "eight"),
    pgettext_lazy("number", "nine"),
]
HEX = re.compile(r"#[0-9a-fA-F]{6}")


@register.filter
def term(value: str, kind: str) -> str:
    """The label of a vocabulary value; a value that was retired still reads well."""
    found = vocabulary.terms(kind).get(value)
    return found.said if found else value.replace("_", " ").replace("-", " ").capitalize()


register.filter("called", garments.call)
register.filter("is_as_it_came", basics.is_as_it_came)


@register.filter
def hex(value: object) -> str:
    """A colour for an SVG fill: as it was measured, else as its name looks, else mid grey; empty for what is many."""
    if isinstance(value, dict):
        measured = str(value.get("hex", ""))
        return measured if HEX.fullmatch(measured) else hex(value.get("name", ""))
    return vocabulary.hex_of(str(value))


SEVERAL = ("#b5473c", "#e0b13f", "#3f7f5c", "#35609c")
"""How a colour looks that is many."""


@register.filter
def stripes(value: object) -> list[tuple[str, int, int]]:
    """Fills of a swatch twelve wide, each with where it begins and its width; several for what is many colours."""
    fill = hex(value)
    fills = (fill,) if fill else SEVERAL
    width = 12 // len(fills)
    return [(one, at * width, width) for at, one in enumerate(fills)]


@register.filter
def colour_words(garment: Garment) -> str:
    """ "navy and white", for those who cannot see the swatches."""
    names = [within(term(str(colour.get("name", "")), "colour")) for colour in garment.colours]
    return join_words(names)


@register.filter
def type_question(garment: Garment) -> str:
    """ "Sandals or sneakers?"; empty where the type is not doubted, or one of them was retired."""
    choices, known = garment.type_choices, vocabulary.terms("type")
    if not choices or not known.keys() >= {*choices}:
        return ""
    first, second = (known[type_].said for type_ in choices)
    return _("%(first)s or %(second)s?") % {"first": first, "second": within(second)}


@register.filter
def doubts(garment: Garment) -> str:
    """ "kind, colour and 2 more": what the model was unsure of, in the order of the page."""
    labels = [
        within(str(field.label))
        for name, field in GarmentForm.base_fields.items()
        if name in garment.guesses
    ]
    if len(labels) > 3:
        rest = len(labels) - 2
        return _("%(first)s, %(second)s and %(rest)s more") % {
            "first": labels[0],
            "second": labels[1],
            "rest": rest,
        }
    return join_words(labels)


@register.filter
def answers(photo: Photo) -> list[tuple[str, str]]:
    """What can be said of a photo and the one it is alike, but for what was said: value and words."""
    return [(value, str(words)) for value, words in PhotoAnswerForm(photo=photo).choices]


@register.filter
def shown_garments(photo: Photo) -> list[Garment]:
    """As `Garment.objects.shown_by`, of what was prefetched where it was."""
    if photo.view_of:
        return [photo.view_of]
    return list((photo.duplicate_of or photo).garments.all())


@register.filter
def alike_garments(photo: Photo) -> list[Garment]:
    return list(Garment.objects.alike(photo))


@register.filter
def in_words(number: int) -> str:
    """Small numbers as words, with a capital: for the start of a sentence."""
    return number_word(number).capitalize()


@register.filter
def number_word(number: int) -> str:
    """Small numbers as words, for the middle of a sentence."""
    return str(NUMBERS[number - 1] if 0 < number <= len(NUMBERS) else number)


@register.simple_tag
def away_reasons() -> list[tuple[str, str]]:
    """Why a garment may be put away: value and words."""
    return [(str(value), str(label)) for value, label in Garment.Away.choices]


@register.filter
def cost_figures(garment: Garment) -> dict[str, str]:
    """The price of all of it, and what a wear of it comes to, empty before the first; nothing without a price."""
    if garment.price is None:
        return {}
    cost = garment.price * garment.quantity
    worn = garment.wear_count
    return {
        "price": say_money(cost, garment.currency),
        "per_wear": say_money(cost / worn, garment.currency) if worn else "",
    }
