"""The list "Checked before you saw it": what was judged of an answer, each line with whether it holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from styling.checks.languages.choice import ENGLISH, is_checked
from styling.stylist.judgement import DRY, LIGHT, OPEN_SHOES, UNCOVERED, UNMET, WARM

JSON = Mapping[str, Any]


def say_gaps(judged: JSON) -> str:
    return _("Something is missing for a whole outfit") if judged["gaps"] else ""


def say_warmth(judged: JSON) -> str:
    """With why nothing else was chosen: names of what is off the occasion, or that the wardrobe has no better."""
    warmth = judged["warmth"]
    if warmth not in {LIGHT, WARM}:
        return ""
    is_light = warmth == LIGHT
    if off := judged.get("warmer_off"):
        said = (
            _("Lighter than the temperature asks; left out as off the occasion: %(pieces)s")
            if is_light
            else _("Warmer than the temperature asks; left out as off the occasion: %(pieces)s")
        )
        return said % {"pieces": ", ".join(off)}
    if judged["is_utmost"]:
        return (
            _("Lighter than the temperature asks, and the warmest there is for this")
            if is_light
            else _("Warmer than the temperature asks, and the lightest there is for this")
        )
    return (
        _("Lighter than the temperature asks")
        if is_light
        else _("Warmer than the temperature asks")
    )


def say_rain(judged: JSON) -> str:
    said = {
        UNCOVERED: _("It does not keep the rain off"),
        OPEN_SHOES: _("The shoes let the rain in"),
    }
    return said.get(judged["rain"], "")


def say_formality(judged: JSON) -> str:
    less = _("Less dressed than the occasion: %(pieces)s")
    more = _("More dressed than the occasion: %(pieces)s")
    said = [
        words % {"pieces": ", ".join(judged[key])}
        for key, words in (("underdressed", less), ("overdressed", more))
        if judged[key]
    ]
    return "; ".join(said)


def say_note(judged: JSON) -> str:
    return _("Your note could not be followed in everything") if judged["note"] == UNMET else ""


def say_nothing(judged: JSON) -> str:
    return ""


@dataclass(frozen=True)
class Check:
    """`codes` are violations that break it, `failed` is what it says then; `say` what the judgement has against
    the outfit, empty for nothing."""

    codes: frozenset[str]
    passed: Promise
    failed: Promise
    say: Callable[[JSON], str] = say_nothing
    needs_weather: bool = False
    is_of_words: bool = False


CHECKS = (
    Check(
        frozenset({"unowned_item", "unavailable_item"}),
        gettext_lazy("All pieces are yours, clean and at hand"),
        gettext_lazy("A piece is not yours, or not at hand"),
    ),
    Check(
        frozenset({"incomplete_outfit", "duplicate_slot"}),
        gettext_lazy("It is a whole outfit, one piece for each place"),
        gettext_lazy("Something is missing for a whole outfit"),
        say_gaps,
    ),
    Check(
        frozenset({"too_warm", "too_cold", "coat_when_hot", "bare_legs"}),
        gettext_lazy("Warm enough, and not too warm"),
        gettext_lazy("It may not suit the temperature"),
        say_warmth,
        needs_weather=True,
    ),
    Check(
        frozenset({"rain_unprotected"}),
        gettext_lazy("Ready for the rain there is"),
        gettext_lazy("It does not keep the rain off"),
        say_rain,
        needs_weather=True,
    ),
    Check(
        frozenset({"formality_mismatch"}),
        gettext_lazy("Dressed for the occasion"),
        gettext_lazy("It is a little off for the occasion"),
        say_formality,
    ),
    Check(
        frozenset({"wish_unheeded"}),
        gettext_lazy("Your note is heeded as far as it was understood"),
        gettext_lazy("It does not follow your note"),
        say_note,
    ),
    Check(
        frozenset({"invented_garment", "invented_weather"}),
        gettext_lazy("The text speaks only of these pieces and this weather"),
        gettext_lazy("The text mentions something that is not there"),
        is_of_words=True,
    ),
)


def list_ticks(checked: JSON, *, has_weather: bool) -> list[tuple[bool, str]]:
    """Each check of what is shown with whether it held; without weather none is claimed of it. None of an
    answer that was not judged."""
    if not checked:
        return []
    broken, judged = set(checked["faults"]), checked.get("judged") or {}
    ticks = []
    for check in CHECKS:
        if check.needs_weather and not has_weather:
            continue
        if check.say is say_note and not judged.get("note"):
            continue
        if check.is_of_words and not is_checked(checked.get("language", ENGLISH)):
            ticks.append(
                (False, _("The text was not checked: we have no word lists of its language"))
            )
            continue
        against = check.say(judged) if judged else ""
        against = against or (str(check.failed) if broken & check.codes else "")
        ticks.append((not against, against or say_passed(check, judged)))
    return ticks


def say_passed(check: Check, judged: JSON) -> str:
    """Where no rain is about, there is none to be ready for."""
    if check.say is say_rain and judged and judged["rain"] == DRY:
        return _("No rain to be ready for")
    return str(check.passed)
