"""Carrying a plan out, row by row: what is there already is passed by, so that it may be broken off and begun again.

Files come before the rows that name them, as everywhere: a crash leaves a file that the sweep removes.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.days import read_zone
from accounts.models import User
from feedback.models import LearningChoices, PreferenceSignal, Rating, WornInstead
from own_data.archive.document import (
    Colour,
    Document,
    File,
    GarmentRecord,
    OutfitRecord,
    PhotoRecord,
)
from own_data.archive.plan import Plan, key_of_wear
from own_data.archive.reading import Archive, check_upload
from own_data.archive.writing import PROFILE
from styling.learning.lines import Choices, LineChoice
from styling.models import Event, OutfitPiece, Profile, Suggestion
from styling.services.profiles import get_profile
from styling.stylist.features import NAMES
from wardrobe import vocabulary
from wardrobe.identity import hashes
from wardrobe.jobs import enqueue_process_photo
from wardrobe.models import Garment, Photo, PhotoAnswer, Wear
from wardrobe.models.photos import incoming_path
from wardrobe.photos import formats, storage
from wardrobe.services.wears import derive_counts, lock_garments
from wardrobe.tasks import WORD_LISTS, WORDS

SETTLED = {Photo.Status.READY, Photo.Status.DUPLICATE, Photo.Status.VIEW}
PLAIN = (
    "box",
    "status",
    "name",
    "water_resistant",
    "clo",
    "edited_fields",
    "brand",
    "quantity",
    "notes",
    "is_favourite",
    "in_wash",
    "washed_on",
)
"""What a garment takes as it comes; words are looked up first."""
KINDS: dict[str, type] = {
    **dict.fromkeys(WORDS, str),
    **dict.fromkeys(WORD_LISTS, list),
    "occasions": list,
    "colours": Colour,
    "water_resistant": bool,
}
"""Attributes that a model may have said something of, each with what that is."""
KNOWN = {"sensitivity": 0, "likes": "", "dislikes": "", "repeat_days": 7, "units": "metric"}
"""What is told of the wearer of an outfit that came from elsewhere: what the page of it asks for."""


def take_in(
    owner: User,
    archive: Archive,
    plan: Plan,
    *,
    until: float,
    tell: Callable[[int], None],
) -> bool:
    """Make the rows that a plan has as new; False where the time (`time.monotonic`) is up before all is done.

    Raises ArchiveError for what the document promised and the ZIP does not hold.
    """
    take_profile(owner, archive.document, plan)
    for done, step in enumerate(list_steps(owner, archive, plan)):
        step()
        tell(done + 1)
        if time.monotonic() > until:
            return False
    take_wears(owner, plan)
    take_answers(owner, plan)
    take_learning(owner, archive.document)
    return True


def list_steps(owner: User, archive: Archive, plan: Plan) -> Iterator[Callable[[], None]]:
    """One for each row. Photos that repeat others, or show garments, come after these."""
    repeats = [one for one in plan.new_photos if one.duplicate_of or one.view_of]
    others = [one for one in plan.new_photos if not (one.duplicate_of or one.view_of)]
    for photo in others:
        yield lambda photo=photo: take_photo(owner, archive, plan, photo)  # type: ignore[misc]
    for garment in plan.new_garments:
        yield lambda garment=garment: take_garment(owner, archive, plan, garment)  # type: ignore[misc]
    for photo in repeats:
        yield lambda photo=photo: take_photo(owner, archive, plan, photo)  # type: ignore[misc]
    for outfit in plan.new_outfits:
        yield lambda outfit=outfit: take_outfit(owner, archive.document, plan, outfit)  # type: ignore[misc]


def take_photo(owner: User, archive: Archive, plan: Plan, record: PhotoRecord) -> None:
    """With its stored pictures; what was not settled where it came from is looked at here."""
    photo = Photo(
        id=plan.photos[record.id],
        owner=owner,
        upload_key=record.upload_key,
        status=record.status if record.status in SETTLED else Photo.Status.RECEIVED,
        sha256=record.sha256,
        source_format=record.source_format,
        source_bytes=record.source_bytes,
        duplicate_of_id=find_photo(owner, plan, record.duplicate_of),
        view_of_id=find_garment(owner, plan, record.view_of),
        alike_id=find_photo(owner, plan, record.alike),
    )
    is_repeat = photo.duplicate_of_id or photo.view_of_id
    if not is_repeat and photo.status in {Photo.Status.DUPLICATE, Photo.Status.VIEW}:
        photo.status = Photo.Status.RECEIVED
    if record.image:
        keep_pictures(photo, archive, record)
    elif record.upload:
        keep_upload(photo, archive, record.upload)
    elif not is_repeat:
        return
    insert_photo(photo, record.added_at)


def keep_pictures(photo: Photo, archive: Archive, record: PhotoRecord) -> None:
    """Its pictures under the names that follow from their bytes; what identifies it is measured, not believed."""
    assert record.image  # noqa: S101 Asked by who calls.
    data, picture = archive.read_picture(record.image)
    folder = f"photos/{photo.owner_id}/{photo.pk}"
    photo.image.name = storage.save_rendition(folder, "image", data)
    photo.width, photo.height = picture.size
    photo.pixel_sha256 = hashes.hash_pixels(picture)
    photo.perceptual_hash = hashes.hash_appearance(picture)
    if record.thumbnail:
        small, _ = archive.read_picture(record.thumbnail)
        photo.thumbnail.name = storage.save_rendition(folder, "thumbnail", small)


def keep_upload(photo: Photo, archive: Archive, file: File) -> None:
    """The file as it came, to be looked at as any upload is."""
    data = archive.read(file)
    check_upload(data)
    photo.sha256, photo.source_bytes = hashes.hash_file(data), len(data)
    photo.source_format = formats.inspect_photo(data).format
    photo.incoming.name = storage.save_file(incoming_path(photo, ""), data)


@transaction.atomic
def insert_photo(photo: Photo, added_at: datetime) -> None:
    photo.save(force_insert=True)
    Photo.objects.filter(pk=photo.pk).update(created_at=added_at)
    if photo.status == Photo.Status.RECEIVED:
        enqueue_process_photo(photo)


def find_photo(owner: User, plan: Plan, key: UUID | None) -> UUID | None:
    """A photo of the account, as far as it is there by now."""
    found = plan.photos.get(key) if key else None
    is_there = found and Photo.objects.for_owner(owner).filter(pk=found).exists()
    return found if is_there else None


def find_garment(owner: User, plan: Plan, key: UUID | None) -> UUID | None:
    found = plan.garments.get(key) if key else None
    is_there = found and Garment.objects.for_owner(owner).filter(pk=found).exists()
    return found if is_there else None


@transaction.atomic
def take_garment(owner: User, archive: Archive, plan: Plan, record: GarmentRecord) -> None:
    """In the words of this site; those that it does not know are left empty."""
    garment = Garment(
        id=plan.garments[record.id],
        owner=owner,
        photo_id=find_photo(owner, plan, record.photo),
        ordinal=record.ordinal,
        slot=vocabulary.slot_of(record.type),
        price=None if record.price is None else Decimal(record.price),
        **{name: getattr(record, name) for name in PLAIN},
        **read_words(record),
    )
    take_doubts(garment, record)
    garment.washing = min(record.washing, record.quantity)
    garment.name = garment.name or record.type.replace("_", " ").capitalize()
    garment.box = garment.box if len(garment.box) == 4 else []
    if record.picture:
        data, _ = archive.read_picture(record.picture)
        folder = f"garments/{owner.pk}/{garment.pk}"
        garment.image.name = storage.save_rendition(folder, "crop", data)
    garment.save(force_insert=True)
    Garment.objects.filter(pk=garment.pk).update(created_at=record.added_at)


def take_doubts(garment: Garment, record: GarmentRecord) -> None:
    """How sure a model was, and what it had said: of attributes that there are, in values that they can have."""
    garment.confidence = {name: one for name, one in record.confidence.items() if name in KINDS}
    garment.doubts = [name for name in record.doubts if name in KINDS]
    rivals = [one.model_dump() for one in record.alternatives.get("type", [])]
    garment.alternatives = {"type": rivals} if rivals else {}
    garment.model_values = {
        name: as_json(value) for name, value in record.model_values.items() if fits(name, value)
    }
    garment.set_aside = {
        name: one.model_dump() for name, one in record.set_aside.items() if fits(name, one.value)
    }


def fits(name: str, value: Any) -> bool:
    """Whether an attribute can have a value of that kind."""
    kind = KINDS.get(name)
    is_list = isinstance(value, list)
    if kind is Colour:
        return is_list and all(isinstance(one, Colour) for one in value)
    if kind is list:
        return is_list and all(isinstance(one, str) for one in value)
    return kind is not None and isinstance(value, kind)


def read_words(record: GarmentRecord) -> dict[str, Any]:
    """Its attributes, of each the words that the vocabulary of this site has."""
    told: dict[str, Any] = {}
    for name, kind in WORDS.items():
        if name != "slot":
            value = getattr(record, name)
            told[name] = value if value in vocabulary.terms(kind) else ""
    for name, kind in {**WORD_LISTS, "occasions": "event"}.items():
        told[name] = [word for word in getattr(record, name) if word in vocabulary.terms(kind)]
    colours = vocabulary.terms("colour")
    told["colours"] = [one.model_dump() for one in record.colours if one.name in colours]
    return told


def as_json(value: Any) -> Any:
    """As the table holds it."""
    if not isinstance(value, list):
        return value
    return [one.model_dump() if isinstance(one, Colour) else one for one in value]


@transaction.atomic
def take_outfit(owner: User, document: Document, plan: Plan, record: OutfitRecord) -> None:
    """The answer with its pieces and all that was said of it. Nobody's call made it here: it counts for no version."""
    there = {*Garment.objects.for_owner(owner).values_list("pk", flat=True)}
    pieces = {plan.garments.get(piece.garment): piece for piece in record.pieces}
    suggestion = Suggestion(
        id=plan.outfits[record.id],
        owner=owner,
        request_key=record.request_key,
        event=find_occasion(owner, document, plan, record),
        previous_id=find_outfit(owner, plan, record.previous),
        start_from_id=find_garment(owner, plan, record.start_from),
        status=record.status,
        verdict=record.verdict,
        weather=record.weather.model_dump(mode="json") if record.weather else {},
        known=KNOWN | {name: getattr(get_profile(owner), name) for name in KNOWN},
        **{
            name: getattr(record, name)
            for name in ("no_forecast", "prose", "reasons", "missing", "failure")
        },
        finished_at=record.finished_at or record.asked_at,
        decided_at=record.decided_at,
    )
    suggestion.candidates = [key for key in pieces if key in there]
    suggestion.save(force_insert=True)
    Suggestion.objects.filter(pk=suggestion.pk).update(created_at=record.asked_at)
    OutfitPiece.objects.bulk_create(
        OutfitPiece(suggestion=suggestion, garment_id=key, position=piece.position, slot=piece.slot)
        for key, piece in pieces.items()
        if key in there
    )
    take_word(owner, plan, suggestion, record)


def find_outfit(owner: User, plan: Plan, key: UUID | None) -> UUID | None:
    found = plan.outfits.get(key) if key else None
    is_there = found and Suggestion.objects.for_owner(owner).filter(pk=found).exists()
    return found if is_there else None


def find_occasion(owner: User, document: Document, plan: Plan, record: OutfitRecord) -> Event:
    """That of an outfit of the same occasion which is there already; else a new one."""
    siblings = [
        plan.outfits[one.id]
        for one in document.outfits
        if one.occasion == record.occasion and one.id in plan.outfits
    ]
    event = Event.objects.filter(owner=owner, suggestions__in=siblings).first()
    if event:
        return event
    told = next(one for one in document.occasions if one.key == record.occasion)
    fields = told.model_dump(exclude={"key"})
    return Event.objects.create(
        owner=owner, **{**fields, "time_zone": read_zone(told.time_zone) or "UTC"}
    )


def take_word(owner: User, plan: Plan, suggestion: Suggestion, record: OutfitRecord) -> None:
    """What its wearer said of it and wore instead, and what that taught."""
    if record.said:
        reasons = [one for one in record.said.reasons if one in Rating.Reason.values]
        Rating.objects.create(
            suggestion=suggestion,
            owner=owner,
            verdict=record.said.verdict,
            reasons=reasons,
            comment=record.said.comment,
        )
    worn = [key for one in record.worn_instead if (key := find_garment(owner, plan, one))]
    if worn:
        instead = WornInstead.objects.create(suggestion=suggestion, owner=owner)
        instead.garments.set(Garment.objects.filter(pk__in=worn))
    if signal := record.signal:
        features, against = (
            {name: value for name, value in side.items() if name in NAMES}
            for side in (signal.features, signal.against)
        )
        PreferenceSignal.objects.create(
            suggestion=suggestion,
            owner=owner,
            features=features,
            against=against,
            **signal.model_dump(exclude={"number", "features", "against"}),
        )


@transaction.atomic
def take_wears(owner: User, plan: Plan) -> None:
    """The log, and what follows from it for the garments."""
    there = {*Garment.objects.for_owner(owner).values_list("pk", flat=True)}
    keys = {plan.garments[one.garment] for one in plan.new_wears} & there
    lock_garments(keys)
    made = []
    for one in plan.new_wears:
        key = key_of_wear(one, plan)
        if key is None or key[0] not in keys:
            continue
        is_earlier = one.source == "earlier"
        made.append(
            Wear(
                owner=owner,
                garment_id=key[0],
                day=one.day,
                times=one.times if is_earlier else 1,
                source=one.source,
                origin=None if is_earlier else key[2],
                is_planned=one.is_planned and not is_earlier,
                is_washed=one.is_washed,
            )
        )
    Wear.objects.bulk_create(made, ignore_conflicts=True, batch_size=1000)
    derive_counts(keys, today=owner.today)


def take_answers(owner: User, plan: Plan) -> None:
    PhotoAnswer.objects.bulk_create(
        [PhotoAnswer(owner=owner, **one.model_dump()) for one in plan.new_answers],
        ignore_conflicts=True,
        batch_size=1000,
    )


@transaction.atomic
def take_profile(owner: User, document: Document, plan: Plan) -> None:
    """Where the wearer has told nothing here."""
    told = document.profile
    if not plan.takes_profile or told is None:
        return
    profile: Profile = get_profile(owner)
    for name in PROFILE:
        setattr(profile, name, getattr(told, name))
    profile.time_zone = read_zone(told.time_zone) or "UTC"
    for name in ("latitude", "longitude"):
        value = getattr(told, name)
        setattr(profile, name, None if value is None else round(value, 1))
    profile.save()
    if profile.has_zone:
        owner.live_in(profile.time_zone)


@transaction.atomic
def take_learning(owner: User, document: Document) -> None:
    """What was decided of what was learned, where nothing is decided here; by the numbers that the signals got here."""
    told = document.learning
    if told is None or LearningChoices.objects.filter(owner=owner).exists():
        return
    numbers = {one.signal.number: one.request_key for one in document.outfits if one.signal}
    signals = PreferenceSignal.objects.filter(owner=owner)
    here = dict(signals.values_list("suggestion__request_key", "pk"))

    def find(number: int) -> int:
        """The newest signal here of those up to a number there."""
        return max((here.get(key, 0) for old, key in numbers.items() if old <= number), default=0)

    forgotten = [here[numbers[old]] for old in told.forgotten if numbers.get(old) in here]
    choices = Choices(
        is_on=told.is_on,
        since=find(told.since),
        forgotten=tuple(sorted(forgotten)),
        lines={
            name: LineChoice(strength=line.strength, since=find(line.since))
            for name, line in told.lines.items()
            if name in NAMES
        },
    )
    LearningChoices.objects.create(owner=owner, choices=choices.model_dump(mode="json"))
