"""The log of what was worn. Whoever changes it derives the counts of the garments anew."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from wardrobe.models import Garment, Wear


@dataclass(frozen=True)
class WearCounts:
    """What follows from a garment's wears whose day has come."""

    wear_count: int = 0
    wears_since_wash: int = 0
    last_worn_on: date | None = None


def count_wears(
    wears: Iterable[Wear], *, today: date, by_others: Iterable[Wear] = ()
) -> WearCounts:
    """Days count, however many outfits of a day had the garment; plans do not. What others of the household wore has to
    be washed, and is no wear of its owner's.
    """
    lent = {wear.day for wear in by_others if wear.day and wear.day <= today and not wear.is_washed}
    come = [wear for wear in wears if wear.day is None or wear.day <= today]
    earlier = [wear for wear in come if wear.source == Wear.Source.EARLIER]
    logged = [wear for wear in come if wear.source != Wear.Source.EARLIER]
    known = {wear.day for wear in earlier}
    days = {wear.day for wear in logged} - known
    unwashed = {wear.day for wear in logged if not wear.is_washed} - known | lent
    return WearCounts(
        wear_count=len(days) + sum(wear.times for wear in earlier),
        wears_since_wash=len(unwashed) + sum(wear.times for wear in earlier if not wear.is_washed),
        last_worn_on=max((wear.day for wear in come if wear.day), default=None),
    )


@transaction.atomic
def log_wear(garment: Garment, *, day: date) -> Wear | None:
    """The wearer says that it was worn on a day; None where the log knows of that day already."""
    lock_garments([garment.pk])
    if garment.wears.filter(day=day, owner=garment.owner).exists():
        return None
    wear = Wear.objects.create(
        owner=garment.owner,
        garment=garment,
        day=day,
        source=Wear.Source.SAID,
        is_washed=is_before_wash(garment, day),
    )
    derive_counts([garment.pk], today=garment.owner.today)
    garment.refresh_from_db(fields=["wear_count", "wears_since_wash", "last_worn_on"])
    return wear


@transaction.atomic
def undo_wear(wear: Wear) -> None:
    """Take one entry back: as if it had never been made."""
    lock_garments([wear.garment_id])
    Wear.objects.filter(pk=wear.pk).delete()
    derive_counts([wear.garment_id], today=wear.owner.today)


@transaction.atomic
def replace_outfit(
    *,
    owner: User,
    origin: UUID,
    day: date,
    before: Collection[UUID],
    after: Collection[UUID],
    source: Wear.Source,
) -> None:
    """Of one outfit other garments are worn now than `before`: log these and forget those that are not.

    What the wearer took back by hand of those that stay is not logged again.
    """
    before, after = {*before}, {*after}
    lock_garments(before | after)
    logged = Wear.objects.of_outfit(origin)
    logged.filter(garment__in=before - after).delete()
    logged.update(source=source)
    garments = Garment.objects.filter(pk__in=after - before)
    Wear.objects.bulk_create(
        [
            Wear(
                owner=owner,
                garment=garment,
                day=day,
                source=source,
                origin=origin,
                is_washed=is_before_wash(garment, day),
            )
            for garment in garments
        ],
        ignore_conflicts=True,
    )
    derive_counts(before | after, today=owner.today)


@transaction.atomic
def move_outfit(*, owner: User, origin: UUID, day: date) -> None:
    """What was logged of an outfit was, or will be, worn on another day."""
    keys = {*Wear.objects.of_outfit(origin).values_list("garment", flat=True)}
    lock_garments(keys)
    for wear in Wear.objects.of_outfit(origin).select_related("garment"):
        wear.day, wear.is_washed = day, is_before_wash(wear.garment, day)
        wear.save(update_fields=["day", "is_washed"])
    derive_counts(keys, today=owner.today)


def is_before_wash(garment: Garment, day: date) -> bool:
    """Whether it was washed after that day, as far as it is told when."""
    return garment.washed_on is not None and day < garment.washed_on


@transaction.atomic
def wash(garment: Garment) -> None:
    """All of them clean again: no wear until now counts towards the next wash."""
    lock_garments([garment.pk])
    today = garment.owner.today
    garment.wears.come(today).update(is_washed=True)
    Garment.objects.filter(pk=garment.pk).update(in_wash=False, washing=0, washed_on=today)
    derive_counts([garment.pk], today=today)
    garment.refresh_from_db(fields=["in_wash", "washing", "washed_on", "wears_since_wash"])


def lock_garments(keys: Iterable[UUID]) -> None:
    """In one order, so that two that share some cannot wait for each other."""
    list(Garment.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def derive_counts(keys: Collection[UUID], *, today: date) -> None:
    """Write what follows from the log into garments of one wearer; they are locked."""
    wears = Wear.objects.filter(garment__in=keys)
    wears.filter(is_planned=True).come(today).update(is_planned=False)
    wears.filter(is_planned=False, day__gt=today).update(is_planned=True)
    own: dict[UUID, list[Wear]] = defaultdict(list)
    by_others: dict[UUID, list[Wear]] = defaultdict(list)
    borrowed = {*wears.exclude(owner=F("garment__owner")).values_list("pk", flat=True)}
    for wear in wears:
        (by_others if wear.pk in borrowed else own)[wear.garment_id].append(wear)
    for key in keys:
        counts = count_wears(own[key], today=today, by_others=by_others[key])
        Garment.objects.filter(pk=key).update(**vars(counts))


def count_plans_come(owner: User) -> None:
    """Count what was planned for a day that has come where the wearer is: one look at an index if none has."""
    due = Wear.objects.for_owner(owner).filter(is_planned=True, day__lte=owner.today)
    if keys := {*due.values_list("garment", flat=True)}:
        with transaction.atomic():
            lock_garments(keys)
            derive_counts(keys, today=owner.today)


def count_all_plans_come() -> int:
    """The same for every wearer with a plan whose day has come anywhere; answers with how many wearers."""
    latest = timezone.now().date() + timedelta(days=1)
    owners = User.objects.filter(wears__is_planned=True, wears__day__lte=latest).distinct()
    for owner in owners:
        count_plans_come(owner)
    return len(owners)
