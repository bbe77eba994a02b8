"""The list "Checked before you saw it": what was judged of an answer, each line with whether it holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from styling.stylist.judgement import DRY, LIGHT, OPEN_SHOES, UNCOVERED, UNMET, WARM

JSON = Mapping[str, Any]


def say_gaps(judged: JSON) -> str:
    return "Something is missing for a whole outfit" if judged["gaps"] else ""


def say_warmth(judged: JSON) -> str:
    utmost = {LIGHT: "the warmest", WARM: "the lightest"}.get(judged["warmth"], "")
    also = f", and {utmost} there is for this" if utmost and judged["is_utmost"] else ""
    if off := judged.get("warmer_off"):
        also = f"; left out as off the occasion: {', '.join(off)}"
    said = {LIGHT: "Lighter than the temperature asks", WARM: "Warmer than the temperature asks"}
    return f"{said[judged['warmth']]}{also}" if utmost else ""


def say_rain(judged: JSON) -> str:
    said = {UNCOVERED: "It does not keep the rain off", OPEN_SHOES: "The shoes let the rain in"}
    return said.get(judged["rain"], "")


def say_formality(judged: JSON) -> str:
    said = [
        f"{how} dressed than the occasion: {', '.join(judged[key])}"
        for key, how in (("underdressed", "Less"), ("overdressed", "More"))
        if judged[key]
    ]
    return "; ".join(said)


def say_note(judged: JSON) -> str:
    return "Your note could not be followed in everything" if judged["note"] == UNMET else ""


def say_nothing(judged: JSON) -> str:
    return ""


@dataclass(frozen=True)
class Check:
    """`codes` are violations that break it, `failed` is what it says then; `say` what the judgement has against
    the outfit, empty for nothing."""

    codes: frozenset[str]
    passed: str
    failed: str
    say: Callable[[JSON], str] = say_nothing
    needs_weather: bool = False


CHECKS = (
    Check(
        frozenset({"unowned_item", "unavailable_item"}),
        "All pieces are yours, clean and at hand",
        "A piece is not yours, or not at hand",
    ),
    Check(
        frozenset({"incomplete_outfit", "duplicate_slot"}),
        "It is a whole outfit, one piece for each place",
        "Something is missing for a whole outfit",
        say_gaps,
    ),
    Check(
        frozenset({"too_warm", "too_cold", "coat_when_hot", "bare_legs"}),
        "Warm enough, and not too warm",
        "It may not suit the temperature",
        say_warmth,
        needs_weather=True,
    ),
    Check(
        frozenset({"rain_unprotected"}),
        "Ready for the rain there is",
        "It does not keep the rain off",
        say_rain,
        needs_weather=True,
    ),
    Check(
        frozenset({"formality_mismatch"}),
        "Dressed for the occasion",
        "It is a little off for the occasion",
        say_formality,
    ),
    Check(
        frozenset({"wish_unheeded"}),
        "Your note is heeded as far as it was understood",
        "It does not follow your note",
        say_note,
    ),
    Check(
        frozenset({"invented_garment", "invented_weather"}),
        "The text speaks only of these pieces and this weather",
        "The text mentions something that is not there",
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
        against = check.say(judged) if judged else ""
        against = against or (check.failed if broken & check.codes else "")
        ticks.append((not against, against or say_passed(check, judged)))
    return ticks


def say_passed(check: Check, judged: JSON) -> str:
    """Where no rain is about, there is none to be ready for."""
    if check.say is say_rain and judged and judged["rain"] == DRY:
        return "No rain to be ready for"
    return check.passed
