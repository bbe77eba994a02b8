"""Looks of a document, and pieces that are left out of an occasion, taken in."""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from dresscode.own_data.archive.document import Document, LookRecord
from dresscode.own_data.archive.plan import Plan, choose_keys, find_own, find_there
from styling.models import LeftOut, Look, LookPiece, Suggestion
from wardrobe import vocabulary
from wardrobe.models import Garment


def take_looks(owner: User, document: Document, plan: Plan) -> None:
    """Those that are not there; their pictures are composed by the job that looks for missing ones."""
    keys = choose_keys(Look, owner, [one.id for one in document.looks])
    there = find_there(Look, owner, keys.values())
    for one in document.looks:
        if keys[one.id] not in there:
            take_look(owner, plan, one, keys[one.id])


@transaction.atomic
def take_look(owner: User, plan: Plan, record: LookRecord, key: UUID) -> None:
    worn = [pk for one in record.garments if (pk := find_own(Garment, owner, plan.garments, one))]
    look = Look(id=key, owner=owner, name=record.name)
    look.suggestion_id = find_own(Suggestion, owner, plan.outfits, record.outfit)
    look.save(force_insert=True)
    Look.objects.filter(pk=look.pk).update(created_at=record.made_at)
    LookPiece.objects.bulk_create(
        LookPiece(look=look, garment_id=pk, position=position)
        for position, pk in enumerate(dict.fromkeys(worn))
    )


def take_left_out(owner: User, document: Document, plan: Plan) -> None:
    """Of garments that are there, for occasions that this site knows."""
    kinds = vocabulary.terms("event")
    LeftOut.objects.bulk_create(
        [
            LeftOut(owner=owner, garment_id=pk, kind=one.kind)
            for one in document.left_out
            if one.kind in kinds and (pk := find_own(Garment, owner, plan.garments, one.garment))
        ],
        ignore_conflicts=True,
    )
