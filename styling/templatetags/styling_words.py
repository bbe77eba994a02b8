"""What pages say about outfits, such as `{{ event.kind|event_name }}`."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import template
from django.utils.formats import date_format, number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from accounts import days
from styling.stylist.saying import in_sentence, say_stored_sky
from styling.weather.kinds import name_kind
from wardrobe import vocabulary
from wardrobe.services.garments import call
from wardrobe.templatetags.wardrobe_words import in_words, number_word

register = template.Library()
register.filter(in_sentence)

NO_FORECAST = {
    "too_far": gettext_lazy("No forecast that far ahead."),
    "past": gettext_lazy("There is no forecast for what is over."),
    "no_place": gettext_lazy("No place was given, so no weather."),
    "unavailable": gettext_lazy("The forecast was out of reach."),
}
PLAIN = {
    "umbrella",
    "shoes",
    "sneakers",
    "derbies",
    "oxfords",
    "loafers",
    "flats",
    "heels",
    "sandals",
    "slippers",
}
"""Of these nobody says how warm they are."""
ENGINES = {"builtin": gettext_lazy("Our built-in stylist"), "vllm": gettext_lazy("Gemma on vLLM")}


@register.filter
def event_name(kind: str) -> str:
    term = vocabulary.terms("event").get(kind)
    return term.said if term else kind.replace("_", " ").capitalize()


@register.simple_tag
def say_day(day: date, today: date, format: str = "l j F") -> str:
    return days.say_day(day, today=today, format=format)


@register.simple_tag
def new_key() -> UUID:
    """Of one form that asks for something: sent twice, it is the same request."""
    return uuid4()


@register.simple_tag
def say_hours(event: Any) -> str:
    """From when to when, such as "09:00 to 17:00"."""
    said = {"start": f"{event.starts_at:%H:%M}", "end": f"{event.ends_at:%H:%M}"}
    return _("%(start)s to %(end)s") % said


@register.filter
def is_in(value: str, known: str) -> bool:
    """Whether a word is one of those in `known`, between spaces."""
    return value in known.split()


@register.filter
def slot_name(slot: str) -> str:
    term = vocabulary.terms("slot").get(slot)
    return term.said if term else slot.capitalize()


@register.filter
def addition_name(addition: Any) -> str:
    """Of a piece that is not owned: "light rain jacket"."""
    term = vocabulary.terms("type").get(addition.type)
    label = in_sentence(term.said) if term else addition.type.replace("-", " ")
    if addition.type in PLAIN:
        return label
    said = {
        "light": pgettext("a piece that is not owned", "light %(type)s"),
        "medium": pgettext("a piece that is not owned", "medium-weight %(type)s"),
        "heavy": pgettext("a piece that is not owned", "warm %(type)s"),
    }
    return said[addition.warmth] % {"type": label}


@register.filter
def and_list(words: Iterable[object]) -> str:
    """ "one, two and three"."""
    return get_text_list([str(word) for word in words], _("and"))


@register.filter
def weekdays(found: Iterable[Any]) -> str:
    """The weekdays of dates, or of what has a date: "Monday, Tuesday and Friday"."""
    dates = [one if isinstance(one, date) else one.date for one in found]
    return and_list([date_format(day, "l") for day in dates])


@register.filter
def row_names(rows: Iterable[Any]) -> str:
    """The pieces of rows of a packing list: "the navy coat and the boots"."""
    said = pgettext("a piece of the wearer's, inside a sentence", "the %(piece)s")
    names = [call(row.piece.garment) for row in rows]
    return and_list([said % {"piece": in_sentence(name)} for name in names])


@register.filter
def gap_names(gaps: Iterable[tuple[str, str]]) -> str:
    """Places of an outfit with an address each, by their names."""
    return ", ".join(slot_name(gap) for gap, _address in gaps)


@register.filter
def gap_sentence(slot: str) -> str:
    """Of a place for which nothing can be worn."""
    said = {
        "top": _("No top that can be worn now."),
        "bottom": _("No bottom that can be worn now."),
        "shoes": _("No shoes that can be worn now."),
    }
    return said[slot]


@register.filter
def sky_words(situation: Any) -> str:
    """ "mild and rainy"."""
    said = {"temperature": name_kind(situation.temperature), "rain": name_kind(situation.rain)}
    return pgettext("weather", "%(temperature)s and %(rain)s") % said


@register.filter
def valid_outfits(count: int, at: Any) -> str:
    """How many outfits a piece would add, in the situation that it widens most."""
    if not count:
        return _("It would make no outfit right that is not right already.")
    return ngettext(
        "It would make %(count)d more outfit valid on a %(temperature)s, %(rain)s day for %(occasion)s.",
        "It would make %(count)d more outfits valid on a %(temperature)s, %(rain)s day for %(occasion)s.",
        count,
    ) % {
        "count": count,
        "temperature": name_kind(read_of(at, "temperature")),
        "rain": name_kind(read_of(at, "rain")),
        "occasion": in_sentence(event_name(read_of(at, "kind"))),
    }


def read_of(situation: Any, name: str) -> str:
    """Of a situation, or of one that was kept as JSON."""
    return str(situation[name] if isinstance(situation, Mapping) else getattr(situation, name))


@register.filter
def count_outfits(counts: Any) -> str:
    """Of a month: "Nine outfits, four worn, two planned."."""
    shown = ngettext("%(count)s outfit", "%(count)s outfits", counts.shown) % {
        "count": in_words(counts.shown)
    }
    worn = ngettext("%(count)s worn", "%(count)s worn", counts.worn)
    planned = ngettext("%(count)s planned", "%(count)s planned", counts.planned)
    said = [
        shown,
        *([worn % {"count": number_word(counts.worn)}] if counts.worn else []),
        *([planned % {"count": number_word(counts.planned)}] if counts.planned else []),
    ]
    return f"{', '.join(said)}."


@register.filter
def no_forecast(code: str) -> str:
    return str(NO_FORECAST.get(code) or _("No weather is known."))


@register.filter
def sky_sentence(stored: Mapping[str, Any]) -> str:
    """The weather that is stored with an outfit, in a sentence."""
    return say_stored_sky(stored)


@register.filter
def engine_name(engine: str) -> str:
    return str(ENGINES.get(engine, engine))


@register.filter
def seconds(milliseconds: float) -> str:
    return _("%(number)s s") % {"number": number_format(milliseconds / 1000, 2)}


@register.filter
def at(found: Mapping[date, object], day: date) -> object:
    """What a mapping has of a day; nothing where it has none."""
    return found.get(day)
