"""What a wearer does with a garment: add, edit, settle, put in the wash, put away, delete."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Least
from django.utils import translation
from django.utils.module_loading import import_string

from accounts.models import User
from wardrobe import vocabulary
from wardrobe.models import Garment, Photo
from wardrobe.photos import storage
from wardrobe.services import garment_builder
from wardrobe.services.dependents import FOLLOWED, derive_anew, fill_in_usual, put_back
from wardrobe.services.photos import delete_photo
from wardrobe.vocabulary import Vocabulary

REMOVED = "removed"
"""Deleted without a word why."""


@dataclass(frozen=True)
class FieldEdit:
    """One attribute that a model set and its wearer changed (or changed back)."""

    field: str
    model_value: Any
    user_value: Any
    confidence: float


class CorrectionRecorder(Protocol):
    def __call__(self, *, garment: Garment, edits: list[FieldEdit]) -> None: ...


class GarmentSignalRecorder(Protocol):
    """`kind` is one of `feedback.models.GarmentSignal.Kind`."""

    def __call__(self, *, garment: Garment, kind: str) -> None: ...


class StaleGarmentError(Exception):
    """The garment changed after the form was opened."""


@transaction.atomic
def add_garment(*, owner: User, changes: Mapping[str, Any], photo: Photo | None = None) -> Garment:
    """Add a garment that the wearer describes, on a photo that could not be read or on none.

    Without a name it is called by its colour and type; what the stylist needs and nobody said is as usual for that
    type. A failed photo counts as ready from then on: it no longer asks
    for anything.
    """
    garment = Garment(owner=owner, photo=photo, status=Garment.Status.READY)
    if photo:
        last = photo.garments.aggregate(Max("ordinal"))["ordinal__max"]
        garment.ordinal = 0 if last is None else last + 1
        Photo.objects.filter(pk=photo.pk, status=Photo.Status.FAILED).update(
            status=Photo.Status.READY, failure="", failure_code=""
        )
    said = {name: value for name, value in changes.items() if value not in ("", [], None)}
    for name, value in with_slot(said).items():
        setattr(garment, name, value)
    garment.edited_fields = sorted(said)
    fill_in_usual(garment)
    garment.name = garment.name or name_as_usual(garment)
    garment.save()
    if photo:
        tell(garment, "missed")
    return garment


@transaction.atomic
def edit_garment(
    garment: Garment, *, changes: Mapping[str, Any], seen_at: datetime | None = None
) -> Garment:
    """Set attributes to what the wearer says, and settle those that differ.

    A price without a currency gets the wearer's. What the model had said of them is kept and handed to the correction recorder. Attributes that
    are not in `changes` stay as they are in the database, whatever `garment` holds. A garment that is
    called by its colour and type is called by the new ones, and what was guessed from them is derived anew, of a garment
    that no model described what was filled in.
    Raises StaleGarmentError if the row changed after `seen_at`.
    """
    row = lock_garment(garment)
    if seen_at and row.updated_at > seen_at:
        raise StaleGarmentError
    usual_name = name_as_usual(row)
    edits = [
        apply_change(row, name, value)
        for name, value in with_slot(changes).items()
        if is_different(getattr(row, name), value)
    ]
    derive_anew(row)
    if not row.confidence and {*FOLLOWED} & {*changes}:
        fill_in_usual(row)
    if "quantity" in changes:
        row.washing = min(row.washing, row.quantity)
        row.in_wash = row.washing == row.quantity
    if row.price is not None and not row.currency:
        row.currency = import_string(settings.CURRENCY_FINDER)(row.owner)
    if row.name != usual_name and "name" in changes:
        tell(row, "renamed")
    rename_as_usual(row, usual_name)
    return save_settled(row, edits)


@transaction.atomic
def put_edit_back(
    garment: Garment, *, changes: Mapping[str, Any], edited_fields: Collection[str]
) -> Garment:
    """Undo an edit: attributes are what they were, and those that nobody had settled are unsettled again."""
    row = edit_garment(garment, changes=changes)
    row.edited_fields = sorted(edited_fields)
    if row.status == Garment.Status.READY:
        row.status = settled_status(row)
    row.save(update_fields=["edited_fields", "status", "updated_at"])
    return row


def choose_type(garment: Garment, *, type_: str) -> Garment:
    """Settle a doubted type: the model's word is confirmed, the other one corrects it."""
    if type_ == garment.type:
        return confirm_garment(garment, fields=["type"])
    return edit_garment(garment, changes={"type": type_})


@transaction.atomic
def restore_field(garment: Garment, *, field: str) -> Garment:
    """Undo what the wearer said of one attribute: the model's word stands again, unsettled."""
    row = lock_garment(garment)
    if field not in row.confidence or field not in row.edited_fields:
        return row
    changes = with_slot({field: row.model_values.get(field, getattr(row, field))})
    usual_name = name_as_usual(row)
    edits = [apply_change(row, name, value) for name, value in changes.items()]
    row.edited_fields = sorted({*row.edited_fields} - {*changes})
    derive_anew(row)
    rename_as_usual(row, usual_name)
    if row.status == Garment.Status.READY:
        row.status = settled_status(row)
    return save_settled(row, edits)


@transaction.atomic
def confirm_garment(garment: Garment, *, fields: list[str] | None = None) -> Garment:
    """Settle attributes as they are, all that the model set unless `fields` names some."""
    row = lock_garment(garment)
    names = list(row.confidence) if fields is None else fields
    row.edited_fields = sorted({*row.edited_fields, *names})
    if fields is None:
        tell(row, "confirmed")
    return save_settled(row, [])


def set_favourite(garment: Garment, *, is_favourite: bool) -> None:
    Garment.objects.filter(pk=garment.pk).update(is_favourite=is_favourite)
    garment.is_favourite = is_favourite


def put_in_wash(garment: Garment) -> None:
    """Put in one of them; when all are in, the stylist does not offer it until they are washed."""
    washing = Least(F("washing") + 1, F("quantity"))
    Garment.objects.filter(pk=garment.pk).update(
        washing=washing, in_wash=Q(quantity__lte=F("washing") + 1)
    )
    garment.refresh_from_db(fields=["washing", "in_wash"])


def archive_garment(garment: Garment, *, because: str = "") -> None:
    """Put it away, `because` of a `Garment.Away`: the stylist stops offering it, its photo and past outfits stay."""
    garment.status, garment.away = Garment.Status.ARCHIVED, because
    Garment.objects.filter(pk=garment.pk).update(status=garment.status, away=because)


def unarchive_garment(garment: Garment) -> None:
    """Bring it back; one that is not put away stays as it is."""
    if garment.status != Garment.Status.ARCHIVED:
        return
    garment.status, garment.away = settled_status(garment), ""
    Garment.objects.filter(pk=garment.pk, status=Garment.Status.ARCHIVED).update(
        status=garment.status, away=""
    )


@transaction.atomic
def delete_garment(garment: Garment, *, because: str = REMOVED) -> None:
    """Delete it and its views, and its photo unless that shows other garments.

    `because` is what its wearer says of it: REMOVED is nothing, else "not_mine" or "no_garment".
    """
    tell(garment, because)
    photo, pictures = garment.photo, garment.picture_names
    for view in garment.views.all():
        delete_photo(view)
    garment.delete()
    storage.delete_files_on_commit(pictures)
    if photo and not photo.garments.exists():
        delete_photo(photo)


def tell(garment: Garment, kind: str) -> None:
    """Hand what a wearer said of a garment as a whole to the recorder."""
    record: GarmentSignalRecorder = import_string(settings.GARMENT_SIGNAL_RECORDER)
    record(garment=garment, kind=kind)


def lock_garment(garment: Garment) -> Garment:
    """The row as it is now, locked until the transaction ends."""
    return (
        Garment.objects.select_for_update(of=("self",)).select_related("photo").get(pk=garment.pk)
    )


def with_slot(changes: Mapping[str, Any]) -> dict[str, Any]:
    """A garment of another type is worn in that type's slot."""
    if "type" not in changes:
        return {**changes}
    return {**changes, "slot": vocabulary.slot_of(changes["type"])}


def name_as_usual(row: Garment) -> str:
    """Its name as long as nobody gave it another."""
    words = vocabulary.current()
    return garment_builder.name_garment(row.type, row.pattern, row.colours, words)


def call(garment: Garment, words: Vocabulary | None = None) -> str:
    """Its name for its wearer's eyes: in the language that is spoken, as long as nobody gave it another. By the
    vocabulary of the pages, or by `words`, without asking the database."""
    if translation.get_language() in {None, settings.LANGUAGE_CODE}:
        return garment.name
    if garment.whose:
        return garment.called
    return garment_builder.translate_name(garment, words or vocabulary.current())


def rename_as_usual(row: Garment, usual_name: str) -> None:
    """Call it by its attributes as they are now, if it was called by those it had."""
    if row.name == usual_name:
        row.name = name_as_usual(row)


def is_different(old: Any, new: Any) -> bool:
    """Tags are sets: their order says nothing. Colours are ordered by share."""
    if isinstance(old, list) and all(isinstance(value, str) for value in [*old, *new]):
        return set(old) != set(new)
    return bool(old != new)


def apply_change(row: Garment, name: str, value: Any) -> FieldEdit | None:
    """Set one attribute and settle it; answers with the edit if a model had set it."""
    put_back(row, name)
    previous = getattr(row, name)
    setattr(row, name, value)
    row.edited_fields = sorted({*row.edited_fields, name})
    if name not in row.confidence:
        return None
    model_value = row.model_values.pop(name, previous)
    if is_different(model_value, value):
        row.model_values[name] = model_value
    return FieldEdit(name, model_value, value, row.confidence[name])


def settled_status(row: Garment) -> Garment.Status:
    return Garment.Status.NEEDS_REVIEW if row.guesses else Garment.Status.READY


def save_settled(row: Garment, edits: list[FieldEdit | None]) -> Garment:
    """Save; a garment with no guesses left becomes ready. Hand the edits to the recorder."""
    if row.status == Garment.Status.NEEDS_REVIEW:
        row.status = settled_status(row)
    row.save()
    if made := [edit for edit in edits if edit]:
        record: CorrectionRecorder = import_string(settings.CORRECTION_RECORDER)
        record(garment=row, edits=made)
    return row
