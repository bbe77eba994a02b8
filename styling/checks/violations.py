"""What can be wrong with an outfit, as codes that monitoring counts and the gate forbids.

A wardrobe's limits are not the stylist's fault: too cold, too casual or wet is a violation only
where the wardrobe had better. `invalid_json`, `empty_answer` and `truncated` are the engine's.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from registry.tasks import Violation
from styling.checks.claims import find_false_claims
from styling.stylist.bounds import MARGIN_CLO, is_lightest, is_warmest, keep_proper
from styling.stylist.comfort import TOLERANCE_CLO, Comfort, read_comfort, strip_layers, sum_clo
from styling.stylist.constraints import FROST_C, LEGWEAR, can_cover_legs, sheds_rain
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.judgement import find_off
from styling.stylist.repetition import LEAST_CHANGES, count_changes, list_former
from styling.stylist.search import suggest_outfits
from styling.stylist.shortlist import groups_of

HEAVIER_CLO = 0.3
"""A coat is no substitute for a jacket that is this much lighter."""


def check_outfit(
    context: OutfitContext, pieces: Sequence[tuple[str, str]], missing: Sequence[str], prose: str
) -> list[Violation]:
    """Everything wrong with an answer; `pieces` are pairs of garment id and slot."""
    found = {garment_id: context.find(garment_id) for garment_id, _ in pieces}
    worn = [piece for piece in found.values() if piece is not None]
    comfort = read_comfort(context)
    violations = [
        *check_ownership(context, pieces),
        *_check_completeness(context.narrowed, worn, missing),
        *check_places(pieces, worn),
        *find_repetition(context, worn),
        *find_unheeded(context, worn),
    ]
    words, context = find_false_claims(context, worn, prose), context.narrowed
    if worn:
        violations += _check_warmth(context, worn, comfort)
        violations += find_bare_legs(context, worn, comfort)
        violations += _check_rain(context, worn, comfort)
        violations += _check_formality(context, worn, comfort)
    return violations + words


def find_unheeded(context: OutfitContext, worn: Sequence[Candidate]) -> Iterator[Violation]:
    """What the note, or a word on an outfit that was turned down lately, rules out and is worn."""
    for piece in worn:
        if piece.id in context.wishes.banned and piece.id not in context.chosen:
            yield Violation("wish_unheeded", f"The wearer rules out {piece.name}.")


def check_ownership(
    context: OutfitContext, pieces: Sequence[tuple[str, str]]
) -> Iterator[Violation]:
    offered = {piece.id: piece.slot for piece in context.wardrobe}
    for garment_id, slot in pieces:
        if garment_id in context.unavailable:
            yield Violation("unavailable_item", f"{garment_id} is in the wash or put away.")
        elif garment_id not in offered:
            yield Violation("unowned_item", f"{garment_id} was not offered.")
        elif offered[garment_id] != slot:
            yield Violation("duplicate_slot", f"{garment_id} is not worn as {slot}.")


def _check_completeness(
    context: OutfitContext, worn: list[Candidate], missing: Sequence[str]
) -> Iterator[Violation]:
    slots = {piece.slot for piece in worn}
    if not worn and context.avoid and not suggest_outfits(context, count=1):
        return
    owned = {group for piece in context.wardrobe for group in groups_of(piece)}
    wanted = set() if "dress" in slots else {"top", "bottom"}
    for slot in sorted((wanted | {"shoes"}) - slots):
        if slot in owned or slot not in missing:
            yield Violation("incomplete_outfit", f"No {slot}, and nothing says why.")


def check_places(pieces: Sequence[tuple[str, str]], worn: list[Candidate]) -> Iterator[Violation]:
    places = Counter(piece.place for piece in worn)
    doubled = [place for place, count in places.items() if count > 1]
    if len({garment_id for garment_id, _ in pieces}) < len(pieces):
        doubled.append("the same garment")
    if any(piece.slot == "dress" for piece in worn) and any(
        piece.slot == "bottom" for piece in worn
    ):
        doubled.append("a dress and a bottom")
    for place in doubled:
        yield Violation("duplicate_slot", f"Two pieces in one place: {place}.")


def find_repetition(context: OutfitContext, worn: Sequence[Candidate]) -> Iterator[Violation]:
    """Fewer than two main pieces are newly put on against a former answer, though the built-in stylist finds more."""
    former = list_former(context)
    changes = count_changes(worn, former)
    if not worn or changes >= LEAST_CHANGES:
        return
    best = next(iter(suggest_outfits(context, count=1)), None)
    if best and count_changes(best.pieces, former) > changes:
        yield Violation("repeated_outfit", f"Changes {changes} main pieces of a former answer.")


def _check_warmth(
    context: OutfitContext, worn: list[Candidate], comfort: Comfort
) -> Iterator[Violation]:
    for piece in worn:
        if comfort.bans(piece):
            yield Violation("coat_when_hot", f"{piece.name} at {comfort.high_c:.0f} °C.")
    full = sum_clo(worn)
    against_rain = sum(p.clo for p in worn if p.water_resistant and p.slot == "outerwear")
    dry = full - 0.835 * against_rain if comfort.is_wet else full
    if comfort.needed - full > TOLERANCE_CLO and not is_warmest(full, context):
        yield Violation("too_cold", f"{full:.1f} clo, {comfort.needed:.1f} needed.")
    stuffy = sum_clo(strip_layers(worn)) - max(comfort.stripped, comfort.needed)
    is_too_warm = dry - comfort.needed > TOLERANCE_CLO or stuffy > TOLERANCE_CLO
    if is_too_warm and not is_lightest(dry, context):
        yield Violation("too_warm", f"{full:.1f} clo, {comfort.needed:.1f} needed.")


def _check_rain(
    context: OutfitContext, worn: list[Candidate], comfort: Comfort
) -> Iterator[Violation]:
    if not comfort.is_wet:
        return
    fitting = keep_proper(context)
    if lacks_cover(context, worn, comfort):
        yield Violation("rain_unprotected", "Nothing against the rain, though it is owned.")
    is_open = any(piece.slot == "shoes" and not piece.closed for piece in worn)
    if is_open and any(piece.slot == "shoes" and piece.closed for piece in fitting):
        yield Violation("rain_unprotected", "Open shoes in the rain.")


def lacks_cover(context: OutfitContext, worn: list[Candidate], comfort: Comfort) -> bool:
    """Whether nothing keeps the rain off, though something proper could."""
    if not comfort.is_wet or any(sheds_rain(piece) for piece in worn):
        return False
    return any(sheds_rain(p) and not comfort.bans(p) for p in keep_proper(context))


def find_bare_legs(
    context: OutfitContext, worn: list[Candidate], comfort: Comfort
) -> Iterator[Violation]:
    """Shorts in frost, or a skirt without tights, where there is something to cover the legs."""
    if comfort.low_c > FROST_C or any(piece.type in LEGWEAR for piece in worn):
        return
    bare = [piece for piece in worn if piece.bares_legs and piece.id not in context.chosen]
    if bare and can_cover_legs(keep_proper(context)):
        yield Violation("bare_legs", f"{bare[0].name} at {comfort.low_c:.0f} °C.")


def _check_formality(
    context: OutfitContext, worn: list[Candidate], comfort: Comfort
) -> Iterator[Violation]:
    proper = keep_proper(context)
    for piece in find_off(worn, context, comfort):
        rivals = [other for other in proper if other.id != piece.id]
        if any(_could_replace(other, piece) for other in rivals):
            yield Violation("formality_mismatch", f"{piece.name} is off the occasion.")


def _could_replace(other: Candidate, piece: Candidate) -> bool:
    """Whether `other` does the same job, about as warm and as dry."""
    if not (groups_of(other) & groups_of(piece)) - {"mid"}:
        return False
    if piece.slot != "outerwear":
        return True
    is_about_as_warm = -MARGIN_CLO <= other.clo - piece.clo <= HEAVIER_CLO
    return is_about_as_warm and other.water_resistant >= piece.water_resistant
