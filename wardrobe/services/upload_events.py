"""Events of uploads: one for each attempt to add a photo. Writing one never makes an upload fail."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from PIL import Image

from accounts.models import User
from wardrobe.models import Photo, UploadEvent
from wardrobe.photos import formats, measuring

logger = logging.getLogger(__name__)

KEPT = timedelta(days=400)
NOT_KEPT = "not_kept"
"""The refusal of a file that could not be stored."""
HEADER_IS_SOUND = {"", "key_reused", NOT_KEPT, "too_many_pixels", "too_small"}
"""Refusals after which the header may be read: the file is whole."""
REFUSED_WHOLE = {400: "bad_request", 403: "no_csrf_token", 429: "too_many_uploads"}
"""Statuses with which a request is refused before its files are looked at."""
REFUSALS = (
    *("empty", "too_large", "too_many_pixels", "too_small", "unsupported", "truncated"),
    *(
        "extra_bytes",
        "damaged",
        "too_slow",
        "no_garment",
        "key_reused",
        NOT_KEPT,
        *REFUSED_WHOLE.values(),
    ),
)
"""Every refusal: those of UnreadablePhotoError, and ours; `extra_bytes` was one before what lies behind a picture was let
in."""

Outcome = UploadEvent.Outcome


@dataclass
class Attempt:
    """`data` is as much of the file as was read, `refusal` is empty once there is a `photo`."""

    owner: User
    size: int
    data: bytes = b""
    refusal: str = NOT_KEPT
    photo: Photo | None = None
    is_new: bool = False

    @property
    def outcome(self) -> str:
        if self.refusal:
            return Outcome.REFUSED
        return Outcome.ADMITTED if self.is_new else Outcome.DUPLICATE


def record_attempt(attempt: Attempt) -> None:
    """Write its event. What goes wrong here is logged and nothing else."""
    try:
        facts = describe_file(attempt)
        with transaction.atomic():
            UploadEvent.objects.create(
                owner=attempt.owner,
                photo=attempt.photo,
                outcome=attempt.outcome,
                refusal=attempt.refusal,
                bytes=attempt.size,
                **facts,
            )
    except Exception:
        logger.exception("the event of an upload was not written")


def describe_file(attempt: Attempt) -> dict[str, Any]:
    format = formats.name_format(attempt.data[: formats.SNIFF_BYTES])
    facts: dict[str, Any] = {"format": format}
    if format in formats.PILLOW_FORMATS and attempt.refusal in HEADER_IS_SOUND:
        # A bomb may be so large that Pillow does not say how large.
        with suppress(formats.UnreadablePhotoError):
            facts |= measuring.read_header(attempt.data, format=format)
    return facts


def record_refused_request(owner: User, *, status: int, size: int) -> None:
    """The event of a request of which no file was looked at; there is none for other statuses."""
    if refusal := REFUSED_WHOLE.get(status):
        record_attempt(Attempt(owner, size, refusal=refusal))


def measure_upload(photo: Photo, small: Image.Image, profile: str) -> dict[str, Any]:
    """Of a photo that was just decoded; nothing of one that cannot be measured."""
    try:
        return measuring.measure_photo(small, profile)
    except Exception:
        logger.exception("photo %s was not measured", photo.pk)
        return {}


def add_measures(photo: Photo, measures: dict[str, Any]) -> None:
    """Colour profile, brightness and blur, once they are known, to the event that the photo began with."""
    if measures:
        change_event(photo, **measures)


def refuse_photo(photo: Photo, code: str) -> None:
    """Only the decoder found out that it is no photo for us."""
    change_event(photo, outcome=Outcome.REFUSED, refusal=code)


def change_event(photo: Photo, **fields: Any) -> None:
    """Repeats of the upload have events of their own, which stay as they are."""
    try:
        with transaction.atomic():
            events = UploadEvent.objects.filter(photo=photo).exclude(outcome=Outcome.DUPLICATE)
            events.update(**fields)
    except Exception:
        logger.exception("the upload event of photo %s was not changed", photo.pk)


def delete_old_events() -> int:
    """Those of more than 400 days ago; answers with their number."""
    deleted, _ = UploadEvent.objects.filter(created_at__lt=Now() - KEPT).delete()
    return deleted
