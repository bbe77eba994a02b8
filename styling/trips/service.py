"""What a wearer does with a trip: plan it, tick off, add, leave out, take back, delete."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from styling.models import Trip, TripLeg, TripOccasion, TripPiece, TripWear
from styling.services.pictures import enqueue_picture
from styling.weather.places import Place
from wardrobe.models import Garment

USUAL = "casual"
"""What a day is for until its wearer says otherwise."""
MOST_DAYS, MOST_OCCASIONS_A_DAY, MOST_LEGS = 31, 3, 8
SAID_FIELDS = ("name", "starts_on", "ends_on", "wash_days")
SKY_FIELDS = ("weather", "no_forecast", "faults", "has_turned")
LIST_FIELDS = ("role", "copies", "is_packed", "is_worn_there", "is_spare")


@dataclass(frozen=True)
class Stay:
    """A place from a day on, and what is expected of the sky there (categories, or empty)."""

    place: Place
    starts_on: date
    temperature: str = ""
    rain: str = ""


@dataclass(frozen=True)
class TripPlan:
    """All that a wearer says of a trip. `occasions` are kinds by day, in their order."""

    name: str
    starts_on: date
    ends_on: date
    stays: Sequence[Stay]
    occasions: Mapping[date, Sequence[str]] = field(default_factory=dict)
    wash_days: Collection[date] = ()


@transaction.atomic
def save_trip(trip: Trip, plan: TripPlan) -> Trip:
    """What was said of a trip, in the place of what was said before. The list stays until it is packed anew,
    and so does how far a job is with it, whatever `trip` knows of that."""
    trip.name, trip.starts_on, trip.ends_on = plan.name, plan.starts_on, plan.ends_on
    trip.wash_days = sorted(day for day in plan.wash_days if day in trip.days)
    trip.save(update_fields=None if trip._state.adding else SAID_FIELDS)
    trip.legs.all().delete()
    TripLeg.objects.bulk_create(
        TripLeg(
            trip=trip,
            starts_on=trip.starts_on if first else stay.starts_on,
            place=stay.place.label,
            latitude=round(stay.place.latitude, 1),
            longitude=round(stay.place.longitude, 1),
            time_zone=stay.place.time_zone,
            temperature=stay.temperature,
            rain=stay.rain if stay.temperature else "",
        )
        for first, stay in zip([True] + [False] * len(plan.stays), plan.stays, strict=False)
    )
    save_occasions(trip, plan.occasions)
    return trip


def save_occasions(trip: Trip, occasions: Mapping[date, Sequence[str]]) -> None:
    """An occasion that was there already keeps its outfit."""
    wanted = {
        (day, position): kind
        for day in trip.days
        for position, kind in enumerate(occasions.get(day) or [USUAL])
    }
    there = {(one.day, one.position): one for one in trip.occasions.all()}
    gone = [one.pk for key, one in there.items() if wanted.get(key) != one.kind]
    trip.occasions.filter(pk__in=gone).delete()
    TripOccasion.objects.bulk_create(
        TripOccasion(trip=trip, day=key[0], position=key[1], kind=kind)
        for key, kind in wanted.items()
        if key not in there or there[key].kind != kind
    )


def keep_former(trip: Trip) -> None:
    """The list as it is, so that the next one can be taken back."""
    trip.former = {
        "pieces": [
            {"garment": str(one.garment_id), **{name: getattr(one, name) for name in LIST_FIELDS}}
            for one in trip.pieces.all()
        ],
        "outfits": {
            str(one.pk): [str(wear.garment_id) for wear in one.wears.all()]
            for one in trip.occasions.prefetch_related("wears")
        },
        "verdict": trip.verdict,
        "wears_longer": trip.wears_longer,
    }


@transaction.atomic
def take_back(trip: Trip) -> bool:
    """The list before the last one, once; False where there is none. What was deleted since stays deleted, and a list
    that is being made is made for nobody.
    """
    row = Trip.objects.select_for_update().get(pk=trip.pk)
    if not row.former:
        return False
    former: dict[str, Any] = row.former
    owned = list_owned(row.owner)
    row.pieces.all().delete()
    TripPiece.objects.bulk_create(
        TripPiece(
            trip=row, garment_id=UUID(one["garment"]), **{name: one[name] for name in LIST_FIELDS}
        )
        for one in former["pieces"]
        if one["garment"] in owned
    )
    for occasion in row.occasions.all():
        keys = [key for key in former["outfits"].get(str(occasion.pk), []) if key in owned]
        dress_occasion(occasion, keys)
    row.verdict, row.wears_longer, row.former = former["verdict"], former["wears_longer"], {}
    row.status, row.attempt = Trip.Status.READY, row.attempt + 1
    row.save(update_fields=["verdict", "wears_longer", "former", "status", "attempt"])
    return True


def list_owned(owner: User) -> set[str]:
    """The keys of all their garments, as what was kept of a trip names them."""
    return {str(pk) for pk in Garment.objects.for_owner(owner).values_list("pk", flat=True)}


def dress_occasion(occasion: TripOccasion, keys: Sequence[str]) -> None:
    """These garments in the place of those that were there; a job makes their picture. The same ones keep theirs."""
    if [str(wear.garment_id) for wear in occasion.wears.all()] == [*keys]:
        return
    occasion.wears.all().delete()
    TripWear.objects.bulk_create(
        TripWear(occasion=occasion, garment_id=UUID(key), position=position)
        for position, key in enumerate(keys)
    )
    TripOccasion.objects.filter(pk=occasion.pk).update(picture="")
    if keys:
        enqueue_picture(occasion)


def tell_outfits(trip: Trip) -> str:
    """What is worn to each occasion, and the sky it was chosen for, as a text that `dress_again` reads."""
    told = [
        {
            "at": [one.day.isoformat(), one.position, one.kind],
            "garments": [str(wear.garment_id) for wear in one.wears.all()],
            "sky": {name: getattr(one, name) for name in SKY_FIELDS},
        }
        for one in trip.occasions.prefetch_related("wears")
    ]
    return json.dumps(told)


@transaction.atomic
def dress_again(trip: Trip, told: str) -> None:
    """Occasions that were taken off and are there again have what was worn to them, but for what was deleted since."""
    former = {tuple(one["at"]): one for one in json.loads(told)}
    owned = list_owned(trip.owner)
    for occasion in trip.occasions.prefetch_related("wears"):
        one = former.get((occasion.day.isoformat(), occasion.position, occasion.kind))
        if one and not occasion.wears.all():
            TripOccasion.objects.filter(pk=occasion.pk).update(**one["sky"])
            dress_occasion(occasion, [key for key in one["garments"] if key in owned])


@transaction.atomic
def ask_to_pack(trip: Trip, *, longer: bool | None = None) -> Trip:
    """Let it be packed anew: what is ticked, or was added by hand, stays. A list that is being made is made once."""
    row = Trip.objects.select_for_update().get(pk=trip.pk)
    if row.pieces.exists() and not row.is_working:
        keep_former(row)
    if longer is not None:
        row.wears_longer = longer
    row.status, row.progress, row.attempt = Trip.Status.WAITING, 0, row.attempt + 1
    row.save()
    return row


def tick(trip: Trip, packed: Collection[UUID], *, shown: Collection[UUID] | None = None) -> None:
    """These are in the bag, and no others. With what a page has `shown` as packed only what was changed there counts:
    another page of the same trip may have changed the rest.
    """
    listed = trip.pieces.exclude(role=TripPiece.Role.LEFT_OUT)
    out = listed.exclude(garment__in=packed)
    if shown is not None:
        out = out.filter(garment__in=shown)
    listed.filter(garment__in={*packed} - {*(shown or ())}).update(is_packed=True)
    out.update(is_packed=False)


def add_piece(trip: Trip, garment: Garment) -> None:
    """Onto the list by hand; one that was left out comes back."""
    TripPiece.objects.update_or_create(
        trip=trip, garment=garment, defaults={"role": TripPiece.Role.ADDED}
    )


def leave_out(trip: Trip, garment: Garment) -> None:
    """Off the list for this trip, and not on the next one."""
    TripPiece.objects.update_or_create(
        trip=trip,
        garment=garment,
        defaults={"role": TripPiece.Role.LEFT_OUT, "is_packed": False, "is_worn_there": False},
    )


def forget_piece(trip: Trip, garment: Garment) -> None:
    """What was left out may come along again."""
    trip.pieces.filter(garment=garment, role=TripPiece.Role.LEFT_OUT).delete()


def plan_days(trip: Trip, *, is_planned: bool) -> None:
    """Into the calendar, or out of it."""
    Trip.objects.filter(pk=trip.pk).update(is_planned=is_planned)


def start_trip(owner: User, *, place: Place, starts_on: date, ends_on: date) -> Trip:
    """A trip to one place, with nothing in it yet but a casual occasion a day."""
    name = place.label.split(",")[0][:80]
    plan = TripPlan(name, starts_on, ends_on, [Stay(place, starts_on)])
    return save_trip(Trip(owner=owner), plan)
