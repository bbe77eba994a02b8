"""What a wearer does to many garments at once, and taking it back as a whole.

A piece that changed again since an act stays as it is when the act is undone: the later word counts.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from wardrobe.models import Act, Care, Garment, Wear
from wardrobe.services import care, wears
from wardrobe.services import garments as services

MOST_AT_ONCE = 100
"""Garments in one act: each is locked until it ends."""
KEPT = timedelta(days=30)
"""How long an act can be undone."""
AWAY = ("status", "away")
EDITED = ("seasons", "occasions", "formality", "edited_fields", "model_values", "set_aside", "confidence", "status")  # fmt: skip

MAKING = (Act.Kind.IMPORT, Act.Kind.BASICS)
"""Acts that make pieces: undone, these go."""

Change = dict[str, Any]
Work = Callable[[Garment], Change]


class TooManyError(Exception):
    """More garments than one act may have."""


@transaction.atomic
def act_on_many(
    *, owner: User, keys: Collection[UUID], kind: Act.Kind, values: Mapping[str, Any] | None = None
) -> Act | None:
    """Do one thing to all garments of `keys` that are the owner's; the others are as if not named.

    `values` are what an EDIT sets (`edit_one`), and `because`, a `Garment.Away`, of an ARCHIVE. None where none of
    them is the owner's. Raises TooManyError.
    """
    if len(keys) > MOST_AT_ONCE:
        raise TooManyError
    wears.lock_garments(keys)
    found = list(
        Garment.objects.for_owner(owner)
        .filter(pk__in=keys)
        .select_related("photo", "owner")
        .order_by("pk")
    )
    if not found:
        return None
    work = list_work(values or {})[kind]
    return Act.objects.create(owner=owner, kind=kind, changes=[work(garment) for garment in found])


def list_work(values: Mapping[str, Any]) -> dict[str, Work]:
    kinds = Act.Kind
    return {
        kinds.WASH: wash_one,
        kinds.CLEAN: lambda garment: note_care(garment, care.wash_garment(garment)),
        kinds.WORN: wear_one,
        kinds.ARCHIVE: lambda garment: noting(
            garment, AWAY, lambda one: services.archive_garment(one, because=values["because"])
        ),
        kinds.RESTORE: lambda garment: noting(garment, AWAY, services.unarchive_garment),
        kinds.EDIT: lambda garment: noting(garment, EDITED, lambda one: edit_one(one, values)),
    }


def noting(garment: Garment, names: Iterable[str], do: Callable[[Garment], object]) -> Change:
    """Do it, and say of each named column what it was and what it became."""
    before = read_columns(garment, names)
    do(garment)
    after = read_columns(Garment.objects.get(pk=garment.pk), names)
    changed = [name for name in names if before[name] != after[name]]
    return {
        "garment": str(garment.pk),
        "before": {name: before[name] for name in changed},
        "after": {name: after[name] for name in changed},
    }


def read_columns(garment: Garment, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(garment, name) for name in names}


def note_care(garment: Garment, entry: Care) -> Change:
    return {"garment": str(garment.pk), "care": entry.pk}


def wash_one(garment: Garment) -> Change:
    """One of it into the wash; nothing where as many as there are of it are in it already."""
    try:
        return note_care(garment, care.put_in_basket(garment))
    except care.AllAwayError:
        return {"garment": str(garment.pk)}


def wear_one(garment: Garment) -> Change:
    wear = wears.log_wear(garment, day=garment.owner.today)
    return {"garment": str(garment.pk), "wears": [wear.pk] if wear else []}


def edit_one(garment: Garment, values: Mapping[str, Any]) -> None:
    """Set `formality` where it is said, and add, take away or replace (`how`) `seasons` and `occasions`."""
    changes: dict[str, Any] = {}
    if values.get("formality"):
        changes["formality"] = values["formality"]
    for name in ("seasons", "occasions"):
        if said := list(values.get(name) or []):
            now = getattr(garment, name)
            changes[name] = {
                "replace": said,
                "add": [*now, *(word for word in said if word not in now)],
                "remove": [word for word in now if word not in said],
            }[values["how"]]
    services.edit_garment(garment, changes=changes)


@transaction.atomic
def delete_many(*, owner: User, keys: Collection[UUID]) -> int:
    """Delete those that are the owner's, with their photos; answers with how many. There is no way back.

    Raises TooManyError.
    """
    if len(keys) > MOST_AT_ONCE:
        raise TooManyError
    found = list(Garment.objects.for_owner(owner).filter(pk__in=keys).select_related("photo"))
    for garment in found:
        services.delete_garment(garment)
    return len(found)


@transaction.atomic
def undo_act(act: Act) -> int:
    """As if it had never been done, of every piece that has not changed since; answers with how many pieces.

    A second undo does nothing.
    """
    act = Act.objects.select_for_update().get(pk=act.pk)
    if act.undone_at:
        return 0
    keys = [UUID(change["garment"]) for change in act.changes]
    wears.lock_garments(keys)
    garments = {str(one.pk): one for one in Garment.objects.filter(pk__in=keys)}
    there = [(garments[one["garment"]], one) for one in act.changes if one["garment"] in garments]
    take_back = remove_made if act.kind in MAKING else put_back
    undone = sum(take_back(garment, change) for garment, change in there)
    left = Garment.objects.filter(pk__in=keys).values_list("pk", flat=True)
    wears.derive_counts([*left], today=act.owner.today)
    act.undone_at = timezone.now()
    act.save(update_fields=["undone_at"])
    return undone


def is_kept(act: Act) -> bool:
    """Whether a piece that the act made is still there."""
    keys = [UUID(change["garment"]) for change in act.changes]
    return act.kind in MAKING and Garment.objects.filter(pk__in=keys).exists()


def put_back(garment: Garment, change: Change) -> bool:
    """What it was before, where it is still what the act made of it; entries of the log that the act made go."""
    made = Wear.objects.filter(garment=garment, pk__in=change.get("wears", [])).delete()[0]
    entries = list(Care.objects.filter(garment=garment, pk__in=filter(None, [change.get("care")])))
    for entry in entries:
        care.undo_care(entry)
    after, before = change.get("after", {}), change.get("before", {})
    is_same = read_columns(garment, after) == after
    if not is_same:
        return bool(made)
    said = [name for name in ("seasons", "occasions", "formality") if name in before]
    if said:  # Through the door that corrections are recorded at.
        services.edit_garment(garment, changes={name: before[name] for name in said})
    if before:
        Garment.objects.filter(pk=garment.pk).update(**before)
    return bool(made or before or entries)


OWN_WORK = (
    "views",
    "wears",
    "cares",
    "shelf_pieces",
    "look_pieces",
    "trip_pieces",
    "left_out",
)
"""Rows by which a wearer has done something with a piece: they would go with it."""


SAID = (
    "name", "slot", "type", "colours", "pattern", "material", "warmth", "layering", "seasons", "formality", "fit", "sleeve",
    "length", "water_resistant", "style_tags", "occasions", "clo", "brand", "price", "currency", "quantity", "notes",
    "is_favourite", "wash_after", "status", "away",
)  # fmt: skip
"""Columns in which a wearer says something of a piece."""


def note_made(garments: Iterable[Garment]) -> list[Change]:
    """Of each piece that an act made the digest of what is said of it, by which a later word is noticed."""
    keys = [garment.pk for garment in garments]
    made = Garment.objects.in_bulk(keys)
    return [{"garment": str(key), "said": digest_said(made[key])} for key in keys]


def digest_said(garment: Garment) -> str:
    said = json.dumps([garment.pk, *read_columns(garment, SAID).values()], cls=DjangoJSONEncoder)
    return hashlib.sha256(said.encode()).hexdigest()


def remove_made(garment: Garment, change: Change) -> bool:
    """Delete a piece that the act made, unless it has got a photo, or its wearer has said or done something of it since.

    Acts of earlier releases have no digest: what was said since is not noticed.
    """
    if change.get("said", digest_said(garment)) != digest_said(garment):
        return False
    if garment.photo_id or any(getattr(garment, rows).exists() for rows in OWN_WORK):
        return False
    services.delete_garment(garment)
    return True


def delete_old_acts() -> int:
    """Those that are too old to be undone; answers with how many."""
    return Act.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
