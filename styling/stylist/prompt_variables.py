"""The wardrobe and the question as a prompt says them: short lines, the stable part first."""

import json
from collections import Counter

from styling.stylist.comfort import read_comfort
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.features import rank_alone
from styling.stylist.parameters import Parameters
from styling.stylist.seasons import judge_season
from styling.stylist.shortlist import SHORTLIST, groups_of, rank_pieces
from styling.weather.model import format_temperature

MOST_OFFERED = 200
TOKEN_BUDGET = 8000
CHARACTERS_PER_TOKEN = 2.6
"""Low on purpose: ids and figures take more tokens a letter than words do."""
FORMALITY = ("very casual", "casual", "smart casual", "business", "formal", "very formal")
ID_LENGTH = 8
LANGUAGES = {"de": "German", "es": "Spanish", "fr": "French"}
"""English is said without being asked for, so a request in it is as it was before there were others."""
USUAL_FIT = "regular"
"""Not said, as what is in season is not: two hundred garments fit into 8,192 tokens without."""


def choose_offered(context: OutfitContext) -> list[Candidate]:
    """The garments to offer a model: all that the wearer does not rule out, or the best of each slot within the
    budget.

    Ordered by slot and id, so that the same wardrobe makes the same text and its prefix is reused;
    for a wearer who has taught something, by what suits them within a slot.
    """
    context = context.narrowed
    ranked = _take_turns(context)
    offered: list[Candidate] = []
    spent = 0.0
    for piece in ranked[:MOST_OFFERED]:
        spent += len(describe_piece(piece, context, "·" * ID_LENGTH)) / CHARACTERS_PER_TOKEN
        if spent > TOKEN_BUDGET:
            break
        offered.append(piece)
    if not context.preferences:
        return sorted(offered, key=lambda piece: (piece.slot, piece.id))
    worth = rank_alone(offered, context).round(6)
    keys = {piece.id: -value for piece, value in zip(offered, worth, strict=True)}
    return sorted(offered, key=lambda piece: (piece.slot, keys[piece.id], piece.id))


def _take_turns(context: OutfitContext) -> list[Candidate]:
    """All garments: what to start from, then the best of every slot, then the second best, …"""
    if len(context.wardrobe) <= MOST_OFFERED:
        return list(context.wardrobe)
    comfort, parameters = read_comfort(context), Parameters()
    turns: list[tuple[int, str, Candidate]] = []
    for slot in sorted({piece.slot for piece in context.wardrobe}):
        pieces = [piece for piece in context.wardrobe if piece.slot == slot]
        for group in SHORTLIST:
            members = [piece for piece in pieces if group == min(groups_of(piece), default="")]
            worth = rank_pieces(members, group, context, comfort, parameters)
            if context.preferences and members:
                worth = worth * rank_alone(members, context)
            order = sorted(range(len(members)), key=lambda index: -worth[index])
            turns += [(turn, group, members[index]) for turn, index in enumerate(order)]
        others = [piece for piece in pieces if not groups_of(piece)]
        turns += [(turn, slot, piece) for turn, piece in enumerate(others)]
    turns.sort(key=lambda turn: (turn[2].id not in context.chosen, turn[0], turn[1]))
    return [piece for _, _, piece in turns]


def describe_wardrobe(context: OutfitContext) -> str:
    """One line a garment, beginning with the first block of its id.

    The schema lists whole ids, so that decoding completes the block: eight characters are read
    where thirty-six would cost three times the tokens.
    """
    offered = choose_offered(context)
    blocks = Counter(piece.id[:ID_LENGTH] for piece in offered)
    return "\n".join(
        describe_piece(
            piece,
            context,
            piece.id[:ID_LENGTH] if blocks[piece.id[:ID_LENGTH]] == 1 else piece.id,
        )
        for piece in offered
    )


def describe_piece(piece: Candidate, context: OutfitContext, name: str) -> str:
    colours = "/".join(colour.name for colour in piece.colours[:2])
    facts = [
        name,
        piece.slot if piece.layer == "base" else f"{piece.slot} {piece.layer}",
        json.dumps(piece.name, ensure_ascii=False),
        piece.type,
        f"{colours} {piece.pattern}",
        piece.material,
        *_describe_reach(piece, context),
        f"{piece.clo:.2f} clo",
        FORMALITY[piece.formality] if piece.formality < len(FORMALITY) else "",
        f"{piece.fit} fit" if piece.fit not in {"", USUAL_FIT} else "",
        "out of season" if judge_season(piece.seasons, context.event.season) < 1 else "",
        "rainproof" if piece.water_resistant else "",
        "favourite" if piece.favourite else "",
        _describe_wear(piece, context),
    ]
    return ", ".join(fact for fact in facts if fact.strip())


def _describe_reach(piece: Candidate, context: OutfitContext) -> list[str]:
    """How far sleeves and hem reach, where it is told."""
    told = [("sleeve", piece.sleeve), ("length", piece.length)]
    terms = [context.words.terms(kind).get(value) for kind, value in told]
    return [term.label.lower() for term in terms if term]


def _describe_wear(piece: Candidate, context: OutfitContext) -> str:
    if piece.last_worn_on is None:
        return ""
    days = (context.today - piece.last_worn_on).days
    return f"worn {days}d ago" if days < context.repeat_days else ""


def describe_event(context: OutfitContext) -> str:
    event = context.event
    aim = FORMALITY[context.aim] if context.aim < len(FORMALITY) else event.label
    where = "mostly indoors" if event.indoors else "mostly outdoors"
    season = f"; it is {event.season}" if event.season else ""
    hours = f"{event.starts:%H:%M} to {event.ends:%H:%M}"
    lines = [f"{event.label}, {hours}, {where}; aim at {aim}{season}."]
    if event.note:
        lines.append(f"The wearer's note: {json.dumps(event.note, ensure_ascii=False)}")
    return "\n".join(lines)


def describe_weather(context: OutfitContext) -> str:
    """The snapshot in words and figures, with the insulation that it asks for."""
    comfort, weather, units = read_comfort(context), context.weather, context.units
    if weather is None:
        return "Unknown. Say so, claim nothing about the weather, and choose layers for a mild day."
    target = f"All layers together should be worth about {comfort.needed:.1f} clo."
    if weather.is_stated:
        return f"The wearer says: {weather.sentence} {target}"
    felt = (
        f"{format_temperature(comfort.low_c, units)} to {format_temperature(comfort.high_c, units)}"
    )
    percent = weather.precipitation_probability
    rain = f"rain {percent}%" if percent is not None else "chance of rain unknown"
    fallen = weather.precipitation_mm
    amount = f"{fallen} mm" if fallen is not None else "amount unknown"
    wind = weather.format_wind(units) or "unknown"
    return (
        f"{weather.sentence} {weather.format_temperatures(units)}, feels like {felt} to this wearer, "
        f"{rain}, {amount}, wind {wind}. {target}"
    )


def quote(said: str) -> str:
    """A wearer's own words as one JSON string: they end where they say."""
    return json.dumps(said, ensure_ascii=False)


def describe_wearer(context: OutfitContext) -> str:
    quoted = {"Likes": context.likes, "Dislikes": context.dislikes}
    lines = [f"{what}: {quote(said)}" for what, said in quoted.items() if said]
    lines += [f"Learned: {sentence}" for sentence in context.preferences.sentences]
    lines += [
        f"Turned an outfit down lately: {said}"
        for rejection in context.preferences.rejections
        if (said := rejection.describe(quote))
    ]
    if asked := LANGUAGES.get(context.language):
        lines.append(
            f"Write reasons and prose in {asked}; names of pieces stay as they are spelled."
        )
    return "\n".join(lines) or "Nothing special."


def describe_wishes(context: OutfitContext) -> str:
    """The piece to start from, and the combinations not to repeat."""
    piece = context.find(context.start_from) if context.start_from else None
    lines = [f"Start from {piece.id[:ID_LENGTH]} if it can be worn."] if piece else []
    former = context.avoid | context.earlier
    for outfit in sorted(sorted(seen) for seen in former | context.rejected):
        lines.append(f"Seen already: {' '.join(garment[:ID_LENGTH] for garment in outfit)}")
    if former:
        lines.append("Change at least two main pieces against each of these.")
    return "\n".join(lines) or "None."
