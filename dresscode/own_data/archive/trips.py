"""Trips of a document, written and taken in. Skies are not: where they come in they are read anew."""

from collections.abc import Iterator
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from accounts.days import read_zone
from accounts.models import User
from dresscode.own_data.archive.document import Document
from dresscode.own_data.archive.plan import Plan
from dresscode.own_data.archive.trip_records import (
    LegRecord,
    TripOccasionRecord,
    TripPieceRecord,
    TripRecord,
)
from styling.models import Trip, TripLeg, TripOccasion, TripPiece, TripWear
from wardrobe import vocabulary
from wardrobe.models import Garment

TRIP = ("id", "name", "starts_on", "ends_on", "wash_days", "wears_longer", "is_planned")
LEG = tuple(LegRecord.model_fields)
PIECE = tuple(name for name in TripPieceRecord.model_fields if name != "garment")


def write_trips(owner: User) -> Iterator[TripRecord]:
    trips = Trip.objects.for_owner(owner).prefetch_related("legs", "occasions__wears", "pieces")
    for trip in trips:
        yield TripRecord(
            **{name: getattr(trip, name) for name in TRIP},
            legs=[
                LegRecord(**{name: getattr(leg, name) for name in LEG}) for leg in trip.legs.all()
            ],
            occasions=[
                TripOccasionRecord(
                    day=one.day,
                    kind=one.kind,
                    position=one.position,
                    worn=[wear.garment_id for wear in one.wears.all()],
                )
                for one in trip.occasions.all()
            ],
            pieces=[
                TripPieceRecord(
                    garment=one.garment_id, **{name: getattr(one, name) for name in PIECE}
                )
                for one in trip.pieces.all()
            ],
        )


@transaction.atomic
def take_trips(owner: User, document: Document, plan: Plan) -> None:
    """Those that are not there yet, each under its key, or one that follows from it where that is another wearer's."""
    there = {*Garment.objects.for_owner(owner).values_list("pk", flat=True)}
    keys = {old: new for old, new in plan.garments.items() if new in there}
    for record in document.trips:
        key = find_key(owner, record.id)
        is_known = Trip.objects.filter(pk=key).exists()
        if not is_known and record.legs and record.starts_on <= record.ends_on:
            take_trip(owner, key, record, keys)


def find_key(owner: User, key: UUID) -> UUID:
    is_free = not Trip.objects.filter(pk=key).exclude(owner=owner).exists()
    return key if is_free else uuid5(NAMESPACE_URL, f"trip/{owner.pk}/{key}")


def take_trip(owner: User, key: UUID, record: TripRecord, keys: dict[UUID, UUID]) -> None:
    fields = record.model_dump(include={*TRIP} - {"id"})
    status = Trip.Status.READY if record.pieces else Trip.Status.DRAFT
    trip = Trip.objects.create(id=key, owner=owner, status=status, **fields)
    known = vocabulary.terms("event")
    TripLeg.objects.bulk_create(
        [
            TripLeg(
                trip=trip,
                **{
                    **leg.model_dump(),
                    "time_zone": read_zone(leg.time_zone) or "UTC",
                    "latitude": round(leg.latitude, 1),
                    "longitude": round(leg.longitude, 1),
                },
            )
            for leg in record.legs
        ],
        ignore_conflicts=True,
    )
    for one in {(one.day, one.position): one for one in record.occasions}.values():
        if one.kind not in known or not trip.starts_on <= one.day <= trip.ends_on:
            continue
        occasion = TripOccasion.objects.create(
            trip=trip, day=one.day, kind=one.kind, position=one.position
        )
        worn = [keys[old] for old in dict.fromkeys(one.worn) if old in keys]
        TripWear.objects.bulk_create(
            TripWear(occasion=occasion, garment_id=pk, position=at) for at, pk in enumerate(worn)
        )
    TripPiece.objects.bulk_create(
        [
            TripPiece(
                trip=trip, garment_id=keys[one.garment], **{n: getattr(one, n) for n in PIECE}
            )
            for one in record.pieces
            if one.garment in keys
        ],
        ignore_conflicts=True,
    )
