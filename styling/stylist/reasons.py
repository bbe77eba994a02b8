"""Why this outfit: the terms that decided, in words that are true."""

from collections.abc import Callable

from styling.stylist.coherence import is_summery, is_wintry
from styling.stylist.comfort import WALKING_W_M2, Comfort
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.judgement import LIGHT, RIGHT, UNKNOWN, judge_outfit
from styling.stylist.parameters import Parameters
from styling.stylist.search import Outfit
from styling.stylist.seasons import judge_season
from styling.stylist.shortlist import DISLIKED, LIKED, judge_cover, judge_preference
from styling.stylist.unchanged import say_unchanged
from styling.weather.model import format_temperature

MOST_REASONS = 5
NOTICEABLE_CLO = 0.05
POOR_COVER = 0.75
EXHAUSTED = "Every other combination was shown already."
UNREADY = "Nothing is clean and ready."
NEEDED_PLACES = {"top base", "dress base", "bottom base", "shoes base"}
"""What is no layer has no warmth to compare with where another place is filled instead."""


def explain_outfit(outfit: Outfit, context: OutfitContext, comfort: Comfort) -> list[str]:
    """At most five sentences: how warm it is, then what was left out and for which reason."""
    if not outfit.pieces:
        return [EXHAUSTED if context.avoid else UNREADY]
    reasons = [_explain_warmth(outfit, context, comfort), *say_wishes(outfit, context)]
    reasons += [say_unchanged(outfit.unchanged, context)]
    reasons += [
        f"Nothing owned as {group} is closer to the occasion." for group in sorted(outfit.relaxed)
    ]
    if outfit.banned:
        reasons.append(
            f"Left out: {_names(outfit.banned[:2])}, too warm for {_felt(context, comfort.high_c)}."
        )
    for term, explain in EXPLANATIONS.items():
        if left_out := outfit.decided_by.get(term):
            reasons.append(explain(left_out, outfit, context, comfort))
    return [reason for reason in dict.fromkeys(reasons) if reason][:MOST_REASONS]


def say_wishes(outfit: Outfit, context: OutfitContext) -> list[str]:
    """What of the note could not be, what was added to the pieces it names, and what was not understood."""
    wishes = context.wishes
    said = [*wishes.unmet, *wishes.vain]
    added = [piece for piece in outfit.pieces if piece.id not in wishes.asked_for]
    if wishes.is_exact and added:
        said.append(f"Added to what you named, for a whole outfit: {_names(added)}.")
    if wishes.unread:
        parts = " and ".join(f"“{part}”" for part in wishes.unread)
        said.append(f"Not understood, and so not heeded: {parts}.")
    return said


def _explain_warmth(outfit: Outfit, context: OutfitContext, comfort: Comfort) -> str:
    judged = judge_outfit(outfit.pieces, context)
    worth = f"{judged.worth:.1f} clo of warmth"
    if judged.warmth == UNKNOWN and judged.is_for_a_mild_day:
        return f"Layers for a mild day, {worth}, because there is no forecast."
    if judged.warmth == UNKNOWN:
        return f"Worth {worth}; there is no forecast to hold that against."
    if judged.against_rain:
        worth += f" ({judged.against_rain:.1f} of it against the rain)"
    asked = f"{judged.needed:.1f} that feeling {_felt(context, comfort.low_c)} asks for"
    if judged.warmth == RIGHT:
        return f"Worth {worth}, about the {asked}."
    return f"Worth {worth}, {'less' if judged.warmth == LIGHT else 'more'} than the {asked}."


def _left_out_for_warmth(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    kept = {piece.place: piece.clo for piece in outfit.pieces}
    rivals = [p for p in left_out if p.place in kept or p.place not in NEEDED_PLACES]
    warmer = [p for p in rivals if p.clo - kept.get(p.place, 0.0) > NOTICEABLE_CLO]
    lighter = [p for p in rivals if kept.get(p.place, 0.0) - p.clo > NOTICEABLE_CLO]
    if warmer:
        return f"Left out: {_names(warmer[:2])}, warmer than the day needs."
    return f"Left out: {_names(lighter[:2])}, lighter than the day needs." if lighter else ""


def _left_out_for_weather(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    covers = judge_cover(left_out, comfort, Parameters())
    worse = [p for p, cover in zip(left_out, covers, strict=True) if cover < POOR_COVER]
    if not worse:
        return ""
    if comfort.is_wet:
        return f"Left out: {_names(worse[:2])}, not for the wet."
    if comfort.met_w_m2 >= WALKING_W_M2:
        return f"Left out: {_names(worse[:2])}, not made for moving about."
    return f"Left out: {_names(worse[:2])}, not for {_felt(context, comfort.low_c)}."


def _left_out_for_formality(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    aim = context.aim
    casual = [piece for piece in left_out if piece.formality < aim]
    smart = [piece for piece in left_out if piece.formality > aim]
    if casual:
        return f"Left out: {_names(casual[:2])}, less dressed than the occasion."
    return f"Left out: {_names(smart[:2])}, more dressed than the occasion." if smart else ""


def _left_out_for_colour(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    return f"The colours sit better together than with {_names(left_out[:2])}."


def _left_out_for_pattern(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    loud = [piece for piece in left_out if piece.loud]
    return f"Left out: {_names(loud[:2])}, one loud pattern is enough." if loud else ""


def _left_out_for_freshness(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    worn = [piece for piece in left_out if is_recent(piece, context)]
    return f"Left out: {_names(worn[:2])}, worn lately." if worn else ""


def _left_out_for_taste(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    if said := _say_disliked(left_out, context):
        return said
    liked = judge_preference(list(outfit.pieces), context) == LIKED
    names = [piece.name for piece, is_liked in zip(outfit.pieces, liked, strict=True) if is_liked]
    return f"To your taste: {' and '.join(names[:2])}." if names else ""


def _say_disliked(left_out: tuple[Candidate, ...], context: OutfitContext) -> str:
    fits = judge_preference(list(left_out), context)
    disliked = [p for p, fit in zip(left_out, fits, strict=True) if fit == DISLIKED]
    return f"Left out: {_names(disliked[:2])}, which you would rather not wear." if disliked else ""


def _left_out_for_sense(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    if said := _say_disliked(left_out, context):
        return said
    season = context.event.season
    unseasonal = [piece for piece in left_out if judge_season(piece.seasons, season) < 1]
    if unseasonal:
        return f"Left out: {_names(unseasonal[:2])}, tagged for other seasons than this {season}."
    is_summer, is_winter = (any(map(kind, outfit.pieces)) for kind in (is_summery, is_wintry))
    clashing = [
        p for p in left_out if (is_summer and is_wintry(p)) or (is_winter and is_summery(p))
    ]
    return f"Left out: {_names(clashing[:2])}, of another season than the rest." if clashing else ""


def _left_out_for_favourites(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    favourites = [piece for piece in outfit.pieces if piece.favourite]
    return f"A favourite of yours: {_names(favourites[:2])}." if favourites else ""


def _left_out_for_history(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    return "You have worn these together before." if context.worn_together else ""


def _left_out_for_wishes(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    return f"Left out: {_names(left_out[:2])}, because of what you asked for."


def _left_out_for_learned(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    return f"Left out: {_names(left_out[:2])}, going by what you wore and turned down."


Explanation = Callable[[tuple[Candidate, ...], Outfit, OutfitContext, Comfort], str]
EXPLANATIONS: dict[str, Explanation] = {
    "wishes": _left_out_for_wishes,
    "weather": _left_out_for_weather,
    "warmth": _left_out_for_warmth,
    "sense": _left_out_for_sense,
    "freshness": _left_out_for_freshness,
    "preference": _left_out_for_taste,
    "learned": _left_out_for_learned,
    "formality": _left_out_for_formality,
    "patterns": _left_out_for_pattern,
    "harmony": _left_out_for_colour,
    "favourites": _left_out_for_favourites,
    "history": _left_out_for_history,
}


def is_recent(piece: Candidate, context: OutfitContext) -> bool:
    """Whether it was worn within the days in which the wearer will not repeat."""
    worn = piece.last_worn_on
    return worn is not None and (context.today - worn).days < context.repeat_days


def _names(pieces: tuple[Candidate, ...] | list[Candidate]) -> str:
    return " and ".join(piece.name for piece in pieces)


def _felt(context: OutfitContext, celsius: float) -> str:
    return format_temperature(celsius, context.units)
