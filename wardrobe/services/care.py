"""Washing, repairing and lending: what changes a garment is an entry of its log, and can be undone."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, Sum

from accounts.models import User
from wardrobe.models import Act, Care, Garment, GarmentQuerySet, Wear
from wardrobe.services import garments as garment_services
from wardrobe.services.wears import derive_counts, lock_garments, wash

Kind = Care.Kind
LONGER = timedelta(days=7)
"""What "a week longer" adds to today."""


class AllAwayError(Exception):
    """As many as there are of it are in the wash or away already."""


def take_lock(garment: Garment) -> None:
    """The garment as it is now, locked until the transaction ends."""
    lock_garments([garment.pk])
    garment.refresh_from_db()


@transaction.atomic
def put_in_basket(garment: Garment, *, act: UUID | None = None) -> Care:
    """One of it goes into the wash. Raises AllAwayError."""
    take_lock(garment)
    if garment.is_all_out:
        raise AllAwayError
    garment_services.put_in_wash(garment)
    return Care.objects.create(
        owner=garment.owner, garment=garment, kind=Kind.BASKET, day=garment.owner.today, act=act
    )


@transaction.atomic
def wash_garment(garment: Garment, *, act: UUID | None = None) -> Care:
    """All that is in the wash of it is clean again, and no wear until now counts towards the next."""
    take_lock(garment)
    today = garment.owner.today
    unwashed = garment.wears.come(today).filter(is_washed=False)
    before = {
        "washing": garment.washing,
        "washed_on": garment.washed_on.isoformat() if garment.washed_on else None,
        "wears": list(unwashed.values_list("pk", flat=True)),
    }
    pieces = max(garment.washing, 1)
    wash(garment)
    return Care.objects.create(
        owner=garment.owner,
        garment=garment,
        kind=Kind.WASHED,
        day=today,
        pieces=pieces,
        act=act,
        before=before,
    )


@transaction.atomic
def wash_basket(owner: User) -> UUID | None:
    """All that is in the wash is clean, as one act; None where nothing was."""
    act = uuid4()
    basket = list_basket(owner).order_by("pk")
    return act if [wash_garment(garment, act=act) for garment in basket] else None


@transaction.atomic
def fill_basket(garments: Iterable[Garment]) -> UUID | None:
    """These go into the wash, as one act; None where none could."""
    act, count = uuid4(), 0
    for garment in sorted(garments, key=lambda one: one.pk):
        try:
            put_in_basket(garment, act=act)
        except AllAwayError:
            continue
        count += 1
    return act if count else None


def list_basket(owner: User) -> GarmentQuerySet:
    """What is in the wash, one of several too."""
    garments = Garment.objects.for_owner(owner).current()
    return garments.filter(Q(in_wash=True) | Q(washing__gt=0)).order_by("name", "pk")


@transaction.atomic
def send_away(
    garment: Garment,
    *,
    kind: Care.Kind,
    whom: str = "",
    until: date | None = None,
    borrower: User | None = None,
) -> Care:
    """One of it is in repair, or lent: the stylist does not offer it until it is back. Raises AllAwayError."""
    take_lock(garment)
    if garment.is_all_out:
        raise AllAwayError
    care = Care.objects.create(
        owner=garment.owner,
        garment=garment,
        kind=kind,
        day=garment.owner.today,
        whom=whom,
        until=until,
        borrower=borrower,
    )
    count_away(garment)
    return care


@transaction.atomic
def bring_back(care: Care, *, is_back: bool = True) -> None:
    """It is back since today, unless that was said before; or after all it is not.

    Raises AllAwayError where what is not back is in the wash now.
    """
    garment = care.garment
    take_lock(garment)
    if not is_back and care.ended_on and garment.is_all_out:
        raise AllAwayError
    entries = Care.objects.filter(pk=care.pk)
    if is_back:
        entries.away().update(ended_on=garment.owner.today)
    else:
        entries.update(ended_on=None)
    count_away(garment)


def expect_back(care: Care, *, until: date | None, told_on: date | None = None) -> None:
    """It is expected on another day, and its owner is reminded once that is over, unless they were (`told_on`); None is
    some day."""
    Care.objects.filter(pk=care.pk).away().update(until=until, told_on=told_on)


def count_away(garment: Garment) -> None:
    """Write what follows from the log into the garment, which is locked."""
    away = Care.objects.filter(garment=garment).away()
    count = away.aggregate(sum=Sum("pieces"))["sum"] or 0
    Garment.objects.filter(pk=garment.pk).update(elsewhere=count)
    garment.elsewhere = count


@transaction.atomic
def undo_care(care: Care) -> None:
    """Take one entry back: as if it had never been made. One that is gone already changes nothing."""
    garment = care.garment
    take_lock(garment)
    deleted, _ = Care.objects.filter(pk=care.pk).delete()
    if not deleted:
        return
    if care.kind in Care.AWAY:
        count_away(garment)
    elif care.kind == Kind.BASKET:
        take_out(garment, care)
    else:
        undo_wash(garment, care)


@transaction.atomic
def undo_act(owner: User, act: UUID) -> int:
    """Take back all entries of one act; answers with how many."""
    entries = list(Care.objects.for_owner(owner).filter(act=act).select_related("garment__owner"))
    for care in sorted(entries, key=lambda one: one.garment_id):
        undo_care(care)
    return len(entries)


def take_out(garment: Garment, care: Care) -> None:
    """Out of the wash unwashed; what was washed since has left it already."""
    washed = Care.objects.filter(garment=garment, kind=Kind.WASHED, pk__gt=care.pk)
    if washed.exists() or not garment.washing:
        return
    garment.washing -= 1
    garment.in_wash = garment.washing >= garment.quantity
    garment.save(update_fields=["washing", "in_wash", "updated_at"])


def undo_wash(garment: Garment, care: Care) -> None:
    """What it washed is unwashed; where there was a later wash, that one washed it."""
    before = care.before
    later = Care.objects.filter(garment=garment, kind=Kind.WASHED, pk__gt=care.pk).order_by("pk")
    following = later.first()
    if following:
        wears = [*following.before.get("wears", []), *before.get("wears", [])]
        washed_on = before.get("washed_on")
        following.before = following.before | {"wears": wears, "washed_on": washed_on}
        following.save(update_fields=["before"])
        return
    Wear.objects.filter(garment=garment, pk__in=before.get("wears", [])).update(is_washed=False)
    washing = min(before.get("washing", 0), garment.quantity - garment.elsewhere)
    washing = max(washing, garment.washing)
    washed_on = before.get("washed_on")
    Garment.objects.filter(pk=garment.pk).update(
        washing=washing,
        in_wash=washing >= garment.quantity,
        washed_on=date.fromisoformat(washed_on) if washed_on else None,
    )
    derive_counts([garment.pk], today=garment.owner.today)


@transaction.atomic
def set_interval(garment: Garment, *, wears: int | None, is_for_type: bool = False) -> Act:
    """The wearer's word on when it is due: `wears`, 0 for never, None for the usual; on all of its type, too.

    The act has a change for each piece of which it is another word than before.
    """
    same = Garment.objects.for_owner(garment.owner)
    same = same.filter(type=garment.type) if is_for_type else same.filter(pk=garment.pk)
    before = dict(same.select_for_update().order_by("pk").values_list("pk", "wash_after"))
    same.update(wash_after=wears)
    garment.wash_after = wears
    changes = [
        {"garment": str(key), "before": {"wash_after": was}, "after": {"wash_after": wears}}
        for key, was in before.items()
        if was != wears
    ]
    return Act.objects.create(owner=garment.owner, kind=Act.Kind.INTERVAL, changes=changes)
