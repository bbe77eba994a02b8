"""Writing a wearer's data into a ZIP: pictures as they are stored, the rest as one document."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from pydantic import ValidationError

from accounts.models import Consent, User
from dresscode.own_data.archive.diaries import write_diary
from dresscode.own_data.archive.diary import SharedRecord
from dresscode.own_data.archive.document import (
    DOCUMENT,
    Account,
    AnswerRecord,
    Consented,
    CorrectionRecord,
    Document,
    File,
    GarmentRecord,
    GarmentSignalRecord,
    LearningDecisions,
    LeftOutRecord,
    LookRecord,
    Occasion,
    OutfitRecord,
    PhotoRecord,
    Piece,
    Said,
    SignalRecord,
    StyleProfile,
    WearRecord,
    Weather,
)
from dresscode.own_data.archive.trips import write_trips
from feedback.models import (
    Correction,
    GarmentSignal,
    LearningChoices,
    PreferenceSignal,
    Rating,
    WornInstead,
)
from styling.models import Event, LeftOut, Look, Profile, SharedPicture, Suggestion
from wardrobe.identity.hashes import hash_file
from wardrobe.models import Garment, Photo, PhotoAnswer, Wear
from wardrobe.photos import storage

AT_ONCE = 500
"""Rows that are in memory at a time."""
SAME_NAMES = tuple(
    name
    for name in GarmentRecord.model_fields
    if name not in {"id", "photo", "face", "picture", "price", "added_at"}
)
"""Attributes of garments that the document calls as the table does."""
SAID = tuple(Said.model_fields)
PROFILE = tuple(StyleProfile.model_fields)
SHARED = tuple(
    name for name in SharedRecord.model_fields if name not in {"outfit", "address", "made_at"}
)


@dataclass
class Writer:
    """The open ZIP. `missing` counts pictures that a row names and the storage does not hold."""

    archive: zipfile.ZipFile
    done: int = 0
    missing: int = 0

    def add(self, path: str, stored: str | None) -> File | None:
        """A stored file under a name of ours; None where there is none."""
        if not stored:
            return None
        try:
            data = storage.read_file(stored)
        except FileNotFoundError:
            self.missing += 1
            return None
        if not data:
            return None
        self.archive.writestr(path, data)
        return File(name=path, sha256=hash_file(data), bytes=len(data))


def count_steps(owner: User) -> int:
    """How many pictures' owners there are to go through: what progress is told by."""
    return Photo.objects.for_owner(owner).count() + Garment.objects.for_owner(owner).count()


def write_export(owner: User, file: IO[bytes], tell: Any) -> dict[str, int]:
    """All of a wearer's data into an open file; answers with how much there is of each kind.

    `tell(done)` is called as it goes on. Raises what the storage raises.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
        writer = Writer(archive)
        document = make_document(owner, writer, tell)
        archive.writestr(DOCUMENT, document.model_dump_json(), compress_type=zipfile.ZIP_DEFLATED)
    return {
        "photos": len(document.photos),
        "garments": len(document.garments),
        "outfits": len(document.outfits),
        "wears": len(document.wears),
        "corrections": len(document.corrections),
        "missing": writer.missing,
    }


def make_document(owner: User, writer: Writer, tell: Any) -> Document:
    profile = Profile.objects.filter(user=owner).first()
    return Document(
        made_at=timezone.now(),
        site=settings.SITE_URL,
        account=Account(
            email=owner.email,
            first_name=owner.first_name,
            time_zone=owner.time_zone,
            language=owner.language,
            joined_at=owner.date_joined,
        ),
        consents=[
            Consented(text_version=c.text_version, given_at=c.given_at, withdrawn_at=c.withdrawn_at)
            for c in Consent.objects.filter(user=owner)
        ],
        profile=StyleProfile(**{name: getattr(profile, name) for name in PROFILE})
        if profile
        else None,
        photos=list(write_photos(owner, writer, tell)),
        garments=list(write_garments(owner, writer, tell)),
        wears=[
            as_wear(wear)
            for wear in by_batches(
                Wear.objects.filter(owner=owner, garment__owner=owner).order_by("pk")
            )
        ],
        occasions=[as_occasion(event) for event in Event.objects.filter(owner=owner)],
        outfits=list(write_outfits(owner)),
        looks=list(write_looks(owner)),
        shared=list(write_shared(owner)),
        left_out=list(write_left_out(owner)),
        trips=list(write_trips(owner)),
        answers=[as_answer(answer) for answer in PhotoAnswer.objects.filter(owner=owner)],
        corrections=list(write_corrections(owner)),
        garment_signals=[
            GarmentSignalRecord(
                garment=s.garment_key, kind=s.kind, type=s.type, made_at=s.created_at
            )
            for s in GarmentSignal.objects.filter(owner=owner)
        ],
        learning=read_learning(owner),
        **write_diary(owner),
    )


def by_batches(rows: Any) -> Iterator[Any]:
    return iter(rows.iterator(chunk_size=AT_ONCE))


def write_photos(owner: User, writer: Writer, tell: Any) -> Iterator[PhotoRecord]:
    """The oldest first, so that each comes after those that it repeats."""
    for photo in by_batches(Photo.objects.for_owner(owner).order_by("created_at", "pk")):
        folder = f"photos/{photo.pk}"
        yield PhotoRecord(
            id=photo.pk,
            upload_key=photo.upload_key,
            status=photo.status,
            sha256=photo.sha256,
            source_format=photo.source_format,
            source_bytes=photo.source_bytes,
            pixel_sha256=photo.pixel_sha256,
            image=writer.add(f"{folder}/image.webp", photo.image.name),
            thumbnail=writer.add(f"{folder}/thumbnail.webp", photo.thumbnail.name),
            upload=writer.add(f"{folder}/upload", photo.incoming.name),
            duplicate_of=photo.duplicate_of_id,
            view_of=photo.view_of_id,
            alike=photo.alike_id,
            place=photo.place,
            added_at=photo.created_at,
        )
        writer.done += 1
        tell(writer.done)


def write_garments(owner: User, writer: Writer, tell: Any) -> Iterator[GarmentRecord]:
    for garment in by_batches(Garment.objects.for_owner(owner).order_by("created_at", "pk")):
        yield GarmentRecord(
            id=garment.pk,
            photo=garment.photo_id,
            face=garment.face_id,
            picture=writer.add(f"garments/{garment.pk}.webp", garment.image.name),
            price=None if garment.price is None else str(garment.price),
            added_at=garment.created_at,
            **{name: getattr(garment, name) for name in SAME_NAMES},
        )
        writer.done += 1
        tell(writer.done)


def as_wear(wear: Wear) -> WearRecord:
    names = ("day", "times", "source", "is_planned", "is_washed")
    told = {name: getattr(wear, name) for name in names}
    return WearRecord(garment=wear.garment_id, outfit=wear.origin, **told)


def as_occasion(event: Event) -> Occasion:
    names = [name for name in Occasion.model_fields if name != "key"]
    return Occasion(key=event.pk, **{name: getattr(event, name) for name in names})


def as_answer(answer: PhotoAnswer) -> AnswerRecord:
    return AnswerRecord(**{name: getattr(answer, name) for name in AnswerRecord.model_fields})


def write_outfits(owner: User) -> Iterator[OutfitRecord]:
    """Those that are written; one that is being written now is not there yet."""
    told = Suggestion.objects.for_owner(owner).exclude(status=Suggestion.Status.OPEN)
    ratings = {one.suggestion_id: one for one in Rating.objects.filter(owner=owner)}
    signals = {one.suggestion_id: one for one in PreferenceSignal.objects.filter(owner=owner)}
    instead = {
        one.suggestion_id: [
            garment.pk for garment in one.garments.all() if garment.owner_id == owner.pk
        ]
        for one in WornInstead.objects.filter(owner=owner).prefetch_related("garments")
    }
    for one in by_batches(
        told.prefetch_related("pieces__garment").select_related("plan").order_by("created_at", "pk")
    ):
        plan = getattr(one, "plan", None)
        rating = ratings.get(one.pk)
        yield OutfitRecord(
            id=one.pk,
            request_key=one.request_key,
            occasion=one.event_id,
            previous=one.previous_id,
            start_from=one.start_from_id,
            kept=one.kept,
            without=one.without,
            status=one.status,
            verdict=one.verdict,
            weather=read_weather(one),
            no_forecast=one.no_forecast,
            prose=one.prose,
            reasons=one.reasons,
            missing=one.missing,
            failure=one.failure,
            pieces=[
                Piece(garment=piece.garment_id, slot=piece.slot, position=piece.position)
                for piece in one.pieces.all()
                if piece.garment.owner_id == owner.pk
            ],
            said=Said(**{name: getattr(rating, name) for name in SAID}) if rating else None,
            worn_instead=instead.get(one.pk, []),
            signal=as_signal(signals[one.pk]) if one.pk in signals else None,
            called_off_at=plan.called_off_at if plan else None,
            is_copy=plan is not None and plan.is_copy,
            asked_at=one.created_at,
            finished_at=one.finished_at,
            decided_at=one.decided_at,
        )


def write_looks(owner: User) -> Iterator[LookRecord]:
    for look in Look.objects.for_owner(owner).prefetch_related("pieces__garment"):
        yield LookRecord(
            id=look.pk,
            name=look.name,
            garments=[
                piece.garment_id
                for piece in look.pieces.all()
                if piece.garment.owner_id == owner.pk
            ],
            outfit=look.suggestion_id,
            made_at=look.created_at,
        )


def write_shared(owner: User) -> Iterator[SharedRecord]:
    for link in by_batches(SharedPicture.objects.for_owner(owner)):
        yield SharedRecord(
            outfit=link.suggestion_id,
            address=f"{settings.SITE_URL}{reverse('styling:shared-page', args=[link.token])}",
            made_at=link.created_at,
            **{name: getattr(link, name) for name in SHARED},
        )


def write_left_out(owner: User) -> Iterator[LeftOutRecord]:
    for one in LeftOut.objects.filter(owner=owner, garment__owner=owner):
        yield LeftOutRecord(garment=one.garment_id, kind=one.kind, made_at=one.created_at)


def read_weather(suggestion: Suggestion) -> Weather | None:
    """As it was kept with an outfit; None for none, and for what another release kept otherwise."""
    try:
        return Weather.model_validate(suggestion.weather) if suggestion.weather else None
    except ValidationError:
        return None


def as_signal(signal: PreferenceSignal) -> SignalRecord:
    names = [name for name in SignalRecord.model_fields if name != "number"]
    return SignalRecord(number=signal.pk, **{name: getattr(signal, name) for name in names})


def write_corrections(owner: User) -> Iterator[CorrectionRecord]:
    corrections = Correction.objects.filter(owner=owner).select_related("version__prompt")
    for one in by_batches(corrections):
        yield CorrectionRecord(
            garment=one.garment_id,
            field=one.field,
            model_value=one.model_value,
            user_value=one.user_value,
            confidence=one.confidence,
            version=str(one.version),
            review=one.review,
            made_at=one.created_at,
        )


def read_learning(owner: User) -> LearningDecisions | None:
    row = LearningChoices.objects.filter(owner=owner).first()
    if row is None:
        return None
    known = {
        name: row.choices[name] for name in LearningDecisions.model_fields if name in row.choices
    }
    return LearningDecisions.model_validate(known)
