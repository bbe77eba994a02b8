"""Why this outfit: the terms that decided, in words that are true."""

from collections.abc import Callable, Sequence

from styling.stylist.coherence import is_summery, is_wintry
from styling.stylist.comfort import WALKING_W_M2, Comfort
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.judgement import LIGHT, RIGHT, UNKNOWN, judge_outfit
from styling.stylist.parameters import Parameters
from styling.stylist.search import Outfit
from styling.stylist.seasons import judge_season
from styling.stylist.shortlist import DISLIKED, LIKED, judge_cover, judge_preference
from styling.stylist.unchanged import say_unchanged
from styling.stylist.voices.choice import voice_of
from styling.stylist.voices.voice import Warmth
from styling.weather.model import format_temperature

MOST_REASONS = 5
NOTICEABLE_CLO = 0.05
POOR_COVER = 0.75
NEEDED_PLACES = {"top base", "dress base", "bottom base", "shoes base"}
"""What is no layer has no warmth to compare with where another place is filled instead."""


def explain_outfit(outfit: Outfit, context: OutfitContext, comfort: Comfort) -> list[str]:
    """At most five sentences: how warm it is, then what was left out and for which reason."""
    if not outfit.pieces:
        return [voice_of(context.language).say_reason("exhausted" if context.avoid else "unready")]
    voice = voice_of(context.language)
    reasons = [_explain_warmth(outfit, context, comfort), *say_wishes(outfit, context)]
    reasons += [say_unchanged(outfit.unchanged, context)]
    reasons += [
        _say(context, "relaxed", group=voice.groups.get(group, group))
        for group in sorted(outfit.relaxed)
    ]
    if outfit.banned:
        felt = _felt(context, comfort.high_c)
        reasons.append(_say(context, "too_hot", outfit.banned[:2], felt=felt))
    for term, explain in EXPLANATIONS.items():
        if left_out := outfit.decided_by.get(term):
            reasons.append(explain(left_out, outfit, context, comfort))
    return [reason for reason in dict.fromkeys(reasons) if reason][:MOST_REASONS]


def say_wishes(outfit: Outfit, context: OutfitContext) -> list[str]:
    """What of the note could not be, what was added to the pieces it names, and what was not understood."""
    wishes, voice = context.wishes, voice_of(context.language)
    said = [
        _say(context, code, said=voice.quote(words))
        for code, words in [*wishes.unmet, *wishes.vain]
    ]
    added = [piece for piece in outfit.pieces if piece.id not in wishes.asked_for]
    if wishes.is_exact and added:
        said.append(_say(context, "added", added))
    if wishes.unread:
        parts = voice.join([voice.quote(part) for part in wishes.unread])
        said.append(_say(context, "unread", said=parts))
    return said


def _explain_warmth(outfit: Outfit, context: OutfitContext, comfort: Comfort) -> str:
    judged = judge_outfit(outfit.pieces, context)
    asked = {UNKNOWN: "", RIGHT: "right", LIGHT: "less"}.get(judged.warmth, "more")
    return voice_of(context.language).explain_warmth(
        Warmth(
            worth=f"{judged.worth:.1f}",
            needed=f"{judged.needed:.1f}",
            against_rain=f"{judged.against_rain:.1f}" if judged.against_rain else "",
            asked=asked,
            felt=_felt(context, comfort.low_c),
            is_mild=judged.is_for_a_mild_day,
        )
    )


def _left_out_for_warmth(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    kept = {piece.place: piece.clo for piece in outfit.pieces}
    rivals = [p for p in left_out if p.place in kept or p.place not in NEEDED_PLACES]
    warmer = [p for p in rivals if p.clo - kept.get(p.place, 0.0) > NOTICEABLE_CLO]
    lighter = [p for p in rivals if kept.get(p.place, 0.0) - p.clo > NOTICEABLE_CLO]
    if warmer:
        return _say(context, "warmer", warmer[:2])
    return _say(context, "lighter", lighter[:2]) if lighter else ""


def _left_out_for_weather(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    covers = judge_cover(left_out, comfort, Parameters())
    worse = [p for p, cover in zip(left_out, covers, strict=True) if cover < POOR_COVER]
    if not worse:
        return ""
    if comfort.is_wet:
        return _say(context, "not_for_wet", worse[:2])
    if comfort.met_w_m2 >= WALKING_W_M2:
        return _say(context, "not_for_moving", worse[:2])
    return _say(context, "not_for_cold", worse[:2], felt=_felt(context, comfort.low_c))


def _left_out_for_formality(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    aim = context.aim
    casual = [piece for piece in left_out if piece.formality < aim]
    smart = [piece for piece in left_out if piece.formality > aim]
    if casual:
        return _say(context, "less_dressed", casual[:2])
    return _say(context, "more_dressed", smart[:2]) if smart else ""


def _left_out_for_colour(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    return _say(context, "colours", left_out[:2])


def _left_out_for_pattern(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    loud = [piece for piece in left_out if piece.loud]
    return _say(context, "patterns", loud[:2]) if loud else ""


def _left_out_for_freshness(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    worn = [piece for piece in left_out if is_recent(piece, context)]
    return _say(context, "recent", worn[:2]) if worn else ""


def _left_out_for_taste(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    if said := _say_disliked(left_out, context):
        return said
    liked = judge_preference(list(outfit.pieces), context) == LIKED
    named = [piece for piece, is_liked in zip(outfit.pieces, liked, strict=True) if is_liked]
    return _say(context, "liked", named[:2]) if named else ""


def _say_disliked(left_out: tuple[Candidate, ...], context: OutfitContext) -> str:
    fits = judge_preference(list(left_out), context)
    disliked = [p for p, fit in zip(left_out, fits, strict=True) if fit == DISLIKED]
    return _say(context, "disliked", disliked[:2]) if disliked else ""


def _left_out_for_sense(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    if said := _say_disliked(left_out, context):
        return said
    season = context.event.season
    unseasonal = [piece for piece in left_out if judge_season(piece.seasons, season) < 1]
    if unseasonal:
        named = voice_of(context.language).seasons.get(season, season)
        return _say(context, "unseasonal", unseasonal[:2], season=named)
    is_summer, is_winter = (any(map(kind, outfit.pieces)) for kind in (is_summery, is_wintry))
    clashing = [
        p for p in left_out if (is_summer and is_wintry(p)) or (is_winter and is_summery(p))
    ]
    return _say(context, "clashing", clashing[:2]) if clashing else ""


def _left_out_for_favourites(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    favourites = [piece for piece in outfit.pieces if piece.favourite]
    return _say(context, "favourite", favourites[:2]) if favourites else ""


def _left_out_for_history(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    return _say(context, "together") if context.worn_together else ""


def _left_out_for_wishes(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    return _say(context, "wishes", left_out[:2])


def _left_out_for_learned(
    left_out: tuple[Candidate, ...], outfit: Outfit, context: OutfitContext, comfort: Comfort
) -> str:
    return _say(context, "learned", left_out[:2])


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


def _say(context: OutfitContext, code: str, pieces: Sequence[Candidate] = (), **said: str) -> str:
    return voice_of(context.language).say_reason(code, pieces, **said)


def _felt(context: OutfitContext, celsius: float) -> str:
    return format_temperature(celsius, context.units)
