"""Showing an outfit to the household, and what the others say of it. None of it teaches the stylist anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, OuterRef, Prefetch, QuerySet, Subquery

from accounts.models import User
from feedback.models import HouseholdOpinion, ShownOutfit
from feedback.services.ratings import NothingToRateError
from styling.models import Suggestion
from wardrobe.models import Member

MOST_SHOWN = 30
"""Outfits of one wearer that are shown at a time; the oldest make room."""


@transaction.atomic
def show_outfit(suggestion: Suggestion) -> ShownOutfit:
    """Everybody in the household may look at it. Raises NothingToRateError."""
    if suggestion.status == Suggestion.Status.OPEN or not suggestion.pieces.exists():
        raise NothingToRateError
    shown, _ = ShownOutfit.objects.get_or_create(
        suggestion=suggestion, defaults={"owner": suggestion.owner}
    )
    old = ShownOutfit.objects.filter(owner=suggestion.owner).values_list("pk", flat=True)
    ShownOutfit.objects.filter(pk__in=list(old[MOST_SHOWN:])).delete()
    return shown


def hide_outfit(suggestion: Suggestion) -> None:
    """What was said of it goes, too."""
    ShownOutfit.objects.filter(suggestion=suggestion).delete()


def list_shown(user: User) -> QuerySet[ShownOutfit]:
    """What others of their household show now, with what the user said of each (`opinions`)."""
    house = Member.objects.filter(user=user).values("household")
    own = HouseholdOpinion.objects.filter(rater=user)
    return (
        ShownOutfit.objects.filter(owner__membership__household__in=house)
        .exclude(owner=user)
        .select_related("suggestion__event", "suggestion__owner", "owner__membership")
        .prefetch_related(Prefetch("opinions", own), "suggestion__pieces__garment__photo")
    )


def say(shown: ShownOutfit, rater: User, *, verdict: str, words: str) -> HouseholdOpinion:
    opinion, _ = HouseholdOpinion.objects.update_or_create(
        shown=shown, rater=rater, defaults={"verdict": verdict, "words": words}
    )
    return opinion


def take_back(shown: ShownOutfit, rater: User) -> None:
    HouseholdOpinion.objects.filter(shown=shown, rater=rater).delete()


@dataclass(frozen=True)
class ShownToHousehold:
    """Whether the household sees an outfit, and what those in it say."""

    is_shown: bool
    opinions: Sequence[HouseholdOpinion]


def read_shown(suggestion: Suggestion) -> ShownToHousehold | None:
    """None for an owner who is in no household."""
    if not Member.objects.filter(user=suggestion.owner_id).exists():
        return None
    if not ShownOutfit.objects.filter(suggestion=suggestion).exists():
        return ShownToHousehold(False, [])
    return ShownToHousehold(True, list_opinions(suggestion))


def list_opinions(suggestion: Suggestion) -> Sequence[HouseholdOpinion]:
    """What those said who are in its owner's household now; of those who left, nothing."""
    house = Member.objects.filter(user=suggestion.owner_id).values("household")
    said = HouseholdOpinion.objects.filter(
        shown=suggestion.pk, rater__membership__household__in=house
    )
    name = Member.objects.filter(user=OuterRef("rater")).values("name")
    return list(said.annotate(by=Subquery(name)).order_by(F("updated_at").asc()))
