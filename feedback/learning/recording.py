"""Keeping what a wearer did with an outfit, with its features as they were when it was suggested."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist

from feedback.models import PreferenceSignal, Rating, WornInstead
from styling.models import Suggestion
from styling.services.contexts import build_context
from styling.stylist.context import Candidate, OutfitContext
from styling.stylist.features import describe_outfit
from styling.stylist.parameters import Parameters
from styling.stylist.repetition import main_ids
from styling.stylist.search import suggest_outfits
from styling.tasks import SuggestOutfit
from wardrobe.models import Garment

Kind = PreferenceSignal.Kind


def record_outfit_signal(suggestion: Suggestion) -> None:
    """Keep what its wearer says of a suggestion now, one row a suggestion; nothing said leaves none, nor
    does that it was not all theirs, which is no matter of taste. A piece that was swapped says something, too.

    Other words than before are a new signal with a new number: what was forgotten stays forgotten.
    """
    stored = PreferenceSignal.objects.filter(suggestion=suggestion)
    rating = Rating.objects.filter(suggestion=suggestion).first()
    is_said = rating is not None or bool(suggestion.swaps)
    if not is_said or (rating and rating.reasons == [Rating.Reason.NOT_MINE]):
        stored.delete()
        return
    instead = WornInstead.objects.filter(suggestion=suggestion).first()
    worn = list(instead.garments.all()) if instead else []
    context, is_kept = read_context(suggestion)
    shown = describe_outfit(find_pieces(suggestion.garments.all(), context), context)
    said: dict[str, Any] = {"kind": Kind(rating.verdict) if rating else Kind.SWAPPED}
    if worn:
        chosen = describe_outfit(find_pieces(worn, context), context)
        said |= {"kind": Kind.INSTEAD, "features": chosen, "against": shown, "reasons": []}
    else:
        against = describe_unswapped(suggestion, context, stored.first())
        reasons = list(rating.reasons) if rating else []
        said |= {"features": shown, "against": against, "reasons": reasons}
    if stored.filter(**said).exists():
        return
    stored.delete()
    if said["kind"] == Kind.SWAPPED and not said["against"]:
        return
    PreferenceSignal.objects.create(
        owner=suggestion.owner,
        suggestion=suggestion,
        day=suggestion.event.date,
        about=context.event.label,
        propensity=find_propensity(suggestion, context) if is_kept else None,
        **said,
    )


def describe_unswapped(
    suggestion: Suggestion, context: OutfitContext, stored: PreferenceSignal | None
) -> dict[str, float]:
    """The outfit as it was before its wearer swapped pieces; empty where it is the same. Once one of its pieces is
    deleted, as it was kept before."""
    now = {*suggestion.garments.values_list("pk", flat=True)}
    before = set(now)
    for swap in reversed(suggestion.swaps):
        before = before - {UUID(swap["in"])} | {UUID(swap["out"])}
    if before == now:
        return {}
    garments = Garment.objects.for_owner(suggestion.owner).filter(pk__in=before)
    if len(garments) < len(before):
        return stored.against if stored and stored.kind != Kind.INSTEAD else {}
    return describe_outfit(find_pieces(garments, context), context)


def read_context(suggestion: Suggestion) -> tuple[OutfitContext, bool]:
    """What the stylist knew, as it was kept with the call (and True); else as far as it can be told now."""
    task, call = SuggestOutfit(), suggestion.call
    try:
        if call is not None:
            context = task.load_context(call.request.context, ())
            return task.pin_context(context, call.version.bundle), True
    except (ObjectDoesNotExist, LookupError, ValueError):
        pass
    return build_context(suggestion, list(suggestion.garments.all())), False


def find_pieces(garments: Any, context: OutfitContext) -> list[Candidate]:
    """The garments as they were in the context, or as they are where it does not have them."""
    found = {garment.pk: context.find(str(garment.pk)) for garment in garments}
    return [found[garment.pk] or as_before(garment, context) for garment in garments]


def as_before(garment: Garment, context: OutfitContext) -> Candidate:
    """The garment without what was worn since: that came after the answer."""
    piece = Candidate.from_garment(garment, context.words)
    came_later = piece.last_worn_on is not None and piece.last_worn_on >= context.today
    return replace(piece, last_worn_on=None) if came_later else piece


def find_propensity(suggestion: Suggestion, context: OutfitContext) -> float | None:
    """With which chance the built-in stylist drew this outfit among near ties: it is asked again."""
    call = suggestion.call
    if call is None or call.engine != "builtin" or not context.preferences:
        return None
    parameters = Parameters.of(call.version.bundle["parameters"])
    again = next(iter(suggest_outfits(context, parameters, count=1)), None)
    pieces = find_pieces(suggestion.garments.all(), context)
    is_same = again is not None and again.main == main_ids(pieces)
    return again.propensity if again and is_same else None
