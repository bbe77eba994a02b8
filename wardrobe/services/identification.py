"""Whether a photo shows what another one of its wearer's shows, decided before a model sees it.

The same pixels are a duplicate. What looks the same is asked about, once for each two pictures, and
the wearer may change the answer. While a photo is with the model, those that look like it wait.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from PIL import Image

from wardrobe import notifications
from wardrobe.identity import alignment
from wardrobe.identity.policy import IDENTITY
from wardrobe.models import Garment, Photo, PhotoAnswer, PhotoEmbedding, PhotoQuerySet
from wardrobe.models.photos import MAX_TRIES
from wardrobe.photos import ingestion, storage

Verdict = PhotoAnswer.Verdict

Outcome = dict[str, Any]
"""The fields that a photo is closed with."""


class ComparisonState(Enum):
    ADMITTED = "admitted"
    WAITING = "waiting"
    SETTLED = "settled"


@dataclass(frozen=True)
class Comparison:
    """What a photo is beside its wearer's others: admitted to the model, waiting for one like it
    that is with the model, or settled, to be closed with `outcome`.
    """

    state: ComparisonState
    outcome: Outcome = field(default_factory=dict)


def compare_photo(photo: Photo, picture: Image.Image) -> Comparison:
    """Compare a photo whose appearance is embedded with all that its owner has.

    One photo of an owner at a time, until the answer is written down: so of two copies only one
    is admitted. Raises FileNotFoundError, or what the storage raises.
    """
    if outcome := find_pixel_outcome(photo):
        return Comparison(ComparisonState.SETTLED, outcome)
    if not photo.image:
        raise FileNotFoundError(f"photo {photo.pk} was not kept, and its original is gone since")
    if outcome := find_answer_outcome(photo):
        return Comparison(ComparisonState.SETTLED, outcome)
    alike = find_alike(photo, picture)
    if alike is None:
        return Comparison(ComparisonState.ADMITTED)
    if alike.status == Photo.Status.PROCESSING:
        return Comparison(ComparisonState.WAITING)
    return Comparison(ComparisonState.SETTLED, {"status": Photo.Status.ASKING, "alike": alike})


def find_original(photo: Photo, pixel_sha256: str) -> Photo | None:
    """The photo whose garments count, if the wearer has the same pixels there or as a view."""
    photos = Photo.objects.for_owner(photo.owner).filter(pixel_sha256=pixel_sha256)
    shown = photos.filter(status__in=[Photo.Status.READY, Photo.Status.VIEW])
    twin = shown.exclude(pk=photo.pk).select_related("view_of__photo").first()
    return twin and find_root(twin)


def find_pixel_outcome(photo: Photo) -> Outcome:
    """That of a photo whose pixels the wearer has: a duplicate without files. Else empty."""
    original = find_original(photo, photo.pixel_sha256)
    if original is None:
        return {}
    no_files = {"incoming": "", "image": "", "thumbnail": ""}
    return {**outcome_of(original, None), **no_files, "pixel_sha256": photo.pixel_sha256}


def find_answer_outcome(photo: Photo) -> Outcome:
    """As the wearer said when they were asked about these pixels before; empty if they were not."""
    for answer, original in find_answers(photo):
        garment = find_answered_garment(answer, original)
        if answer.verdict == Verdict.SAME or garment:
            return {"alike": original, **outcome_of(original, garment)}
    return {}


def find_answers(photo: Photo) -> Iterator[tuple[PhotoAnswer, Photo]]:
    """What was said of these pixels and those of a photo that is there, "different" left out."""
    for answer in answers_about(photo).exclude(verdict=Verdict.DIFFERENT):
        pixels = other_pixels(answer, photo)
        ready = Photo.objects.for_owner(photo.owner).filter(status=Photo.Status.READY)
        if original := ready.filter(pixel_sha256=pixels).exclude(pk=photo.pk).first():
            yield answer, original


def answers_about(photo: Photo) -> QuerySet[PhotoAnswer]:
    return PhotoAnswer.objects.filter(
        Q(pixel_sha256=photo.pixel_sha256) | Q(original_sha256=photo.pixel_sha256),
        owner=photo.owner,
    )


def other_pixels(answer: PhotoAnswer, photo: Photo) -> str:
    is_first = answer.pixel_sha256 == photo.pixel_sha256
    return answer.original_sha256 if is_first else answer.pixel_sha256


def find_answered_garment(answer: PhotoAnswer, original: Photo) -> Garment | None:
    """The garment that a view shows. Where the two photos came the other way round this time, it
    is clear only in a photo of one garment.
    """
    if answer.verdict != Verdict.VIEW:
        return None
    garments = list(original.garments.all())
    if answer.original_sha256 == original.pixel_sha256:
        return next((one for one in garments if one.ordinal == answer.ordinal), None)
    return garments[0] if len(garments) == 1 else None


def outcome_of(original: Photo, garment: Garment | None) -> Outcome:
    """That of a photo that shows `garment` once more, or without one the same as `original`."""
    if garment:
        return {"status": Photo.Status.VIEW, "view_of": garment, "duplicate_of": None}
    return {"status": Photo.Status.DUPLICATE, "view_of": None, "duplicate_of": original}


def find_alike(photo: Photo, picture: Image.Image) -> Photo | None:
    """The photo that shows most nearly the same, if any does; of those in hand one comes first."""
    refused = refused_pixels(photo)
    found = []
    for candidate in find_candidates(photo):
        original = find_root(candidate)
        if not {candidate.pixel_sha256, original.pixel_sha256} & refused:
            overlap = measure_overlap(picture, candidate)
            if overlap >= IDENTITY.same_overlap:
                found.append((original.status == Photo.Status.PROCESSING, overlap, original))
    return max(found, key=lambda one: one[:2])[2] if found else None


def refused_pixels(photo: Photo) -> set[str]:
    answers = answers_about(photo).filter(verdict=Verdict.DIFFERENT)
    return {other_pixels(answer, photo) for answer in answers}


def find_root(photo: Photo) -> Photo:
    """The photo whose garments count: its own, or those of the one that it repeats."""
    if photo.status == Photo.Status.VIEW and photo.view_of and photo.view_of.photo:
        return photo.view_of.photo
    return photo.duplicate_of or photo


def find_candidates(photo: Photo) -> list[Photo]:
    """The wearer's photos that may show the same: near by vector or by perceptual hash."""
    photos = Photo.objects.for_owner(photo.owner).comparable().exclude(pk=photo.pk)
    pixels = {*find_near_pixels(photo, photos), *find_hashed_pixels(photo, photos)}
    related = ("duplicate_of", "view_of__photo")
    return list(photos.filter(pixel_sha256__in=pixels).select_related(*related))


def find_near_pixels(photo: Photo, photos: PhotoQuerySet) -> list[str]:
    """Pixels of the nearest of `photos` by what `looks` describes, the nearest first, exactly.

    `with_distance` is no order that an index on the vectors knows: should there be one, it may not
    answer approximately and leave out of its few what belongs to other owners.
    """
    vectors = PhotoEmbedding.objects.filter(
        owner=photo.owner, extractor=alignment.EXTRACTOR, box=[]
    )
    own = vectors.get(pixel_sha256=photo.pixel_sha256)
    known = vectors.filter(pixel_sha256__in=photos.values("pixel_sha256"))
    near = known.with_distance(own.vector)
    near = near.filter(distance__lte=1 - IDENTITY.minimum_cosine).order_by("distance")
    return list(near.values_list("pixel_sha256", flat=True)[: IDENTITY.candidates])


def find_hashed_pixels(photo: Photo, photos: PhotoQuerySet) -> list[str]:
    """Pixels of those of `photos` whose perceptual hash differs in few bits."""
    if not photo.perceptual_hash:
        return []
    own = int(photo.perceptual_hash, 16)
    hashed = photos.exclude(perceptual_hash="").order_by()
    hashes = hashed.values_list("pixel_sha256", "perceptual_hash")
    return [
        pixels
        for pixels, other in hashes
        if (own ^ int(other, 16)).bit_count() <= IDENTITY.maximum_bits
    ]


def measure_overlap(picture: Image.Image, other: Photo) -> float:
    """0 where the other's picture is gone from the storage."""
    try:
        data = storage.read_file(other.thumbnail.name)
    except FileNotFoundError:
        return 0.0
    return alignment.measure_overlap(
        picture, ingestion.read_picture(data, format=ingestion.KEPT_FORMAT)
    )


@transaction.atomic
def answer_photo(
    photo: Photo, *, verdict: PhotoAnswer.Verdict, garment: Garment | None = None
) -> bool:
    """Keep what the wearer says of the photo and the one it is alike, now or on second thoughts.

    "Different" leaves it unfinished, to be queued. A photo that has garments of its own loses them
    when it is the same or a view after all. False if there is no question to answer.
    """
    row = Photo.objects.select_for_update(of=("self",)).select_related("alike").get(pk=photo.pk)
    original = row.alike and find_root(row.alike)
    if original is None or not row.can_be_answered:
        return False
    keep_answer(row, original, verdict, garment)
    if verdict == Verdict.DIFFERENT:
        if row.status != Photo.Status.READY:
            reopen_photos(Photo.objects.filter(pk=row.pk))
    else:
        give_up_garments(row, original)
        Photo.objects.filter(pk=row.pk).update(
            updated_at=Now(), **outcome_of(original, garment if verdict == Verdict.VIEW else None)
        )
    notifications.notify_photo_changed(row)
    photo.refresh_from_db()
    return True


def keep_answer(
    photo: Photo, original: Photo, verdict: PhotoAnswer.Verdict, garment: Garment | None
) -> None:
    """In the place of what was said of these two before, whichever of them was the original."""
    first, second = photo.pixel_sha256, original.pixel_sha256
    answers = PhotoAnswer.objects.filter(owner=photo.owner)
    answers.filter(pixel_sha256=second, original_sha256=first).delete()
    answers.update_or_create(
        owner=photo.owner,
        pixel_sha256=first,
        original_sha256=second,
        defaults={"verdict": verdict, "ordinal": garment.ordinal if garment else None},
    )


def give_up_garments(photo: Photo, original: Photo) -> None:
    """Whatever hangs on `photo` goes, and what repeats it repeats `original` from now on."""
    views = Photo.objects.filter(view_of__photo=photo)
    names = [name for view in views for name in view.file_names]
    names += photo.garments.values_list("image", flat=True)
    reopen_photos(Photo.objects.filter(alike=photo, status=Photo.Status.ASKING))
    Photo.objects.filter(duplicate_of=photo).update(duplicate_of=original)
    photo.garments.all().delete()
    storage.delete_files_on_commit(names)


def reopen_photos(photos: PhotoQuerySet) -> None:
    """Compare and digitize them as if they had just come; the sweep queues what nobody else does."""
    photos.update(
        status=Photo.Status.RECEIVED,
        tries_left=MAX_TRIES,
        leased_until=None,
        duplicate_of=None,
        view_of=None,
        updated_at=Now(),
    )


def same_pixels(photo: Photo) -> set[str]:
    """Its own pixels and those that the wearer called the same: they share what was read in them."""
    answers = answers_about(photo).filter(verdict=Verdict.SAME)
    return {photo.pixel_sha256, *(other_pixels(answer, photo) for answer in answers)}
