"""From an uploaded photo to garments, in five steps: claim, render, compare, digitize, finish.

Each step is a function that answers with a value. This module alone holds the photo, writes on its
row and has failpoints: files come before the rows that name them, and every write is fenced by the
attempt.
"""

import logging
import time
from uuid import UUID

from django.utils.translation import gettext as _
from PIL import Image

from accounts.languages.speaking import speaking
from registry import inference
from registry.engines.base import OtherReleaseError
from telemetry.spans import find_parent, open_span
from telemetry.steps import Steps, collect_steps
from telemetry.traces import add_number, current_trace
from wardrobe import failpoints
from wardrobe.models import Garment, Photo
from wardrobe.photos import storage
from wardrobe.photos.formats import UnreadablePhotoError
from wardrobe.services import (
    digitization,
    embeddings,
    garment_builder,
    identification,
    leases,
    pictures,
    rendering,
    upload_events,
)
from wardrobe.services.identification import ComparisonState
from wardrobe.services.leases import LostLeaseError
from wardrobe.services.rendering import Rendered
from wardrobe.vision.networks import return_freed_memory

logger = logging.getLogger(__name__)

COMPARE_AGAIN_S = 0.2
PATIENCE_S = 30.0
REST_S = 20.0
"""After a photo that only another release can look at. Workers of that one look for such photos every 15 s, and who waits
at the queue when one comes into it is served first: that must not be who has just left it."""


def process_photo(*, photo_id: UUID | str, queued_ms: float = 0.0) -> None:
    """Make renditions and garments of a photo, once. Runs in a worker; a repeat does nothing.

    `queued_ms`: how long it waited for one. However it goes is written on the row; only a database that is
    away is raised.
    """
    photo = leases.claim_photo(photo_id)
    if photo is None:
        return
    failpoints.hit("photo.claimed")
    try:
        with (
            open_span("process photo", parent=find_parent(photo.traceparent), link=current_trace()),
            leases.keep_lease(photo),
            collect_steps() as steps,
        ):
            if queued_ms:
                steps.add("queue", queued_ms)
            with speaking(photo.owner):
                try_steps(photo, steps)
    except LostLeaseError:
        logger.warning("fenced: attempt %s on photo %s came too late", photo.attempt, photo.pk)


def try_steps(photo: Photo, steps: Steps) -> None:
    """Take a claimed photo to its end, or write down why that failed. Raises LostLeaseError."""
    try:
        take_steps(photo, steps)
    except LostLeaseError:
        raise
    except UnreadablePhotoError as error:
        leases.fail_photo(photo, code=error.code, message=error.message)
        upload_events.refuse_photo(photo, error.code)
    except OtherReleaseError as error:
        leave_photo(photo, error)
    except inference.InferenceError as error:
        logger.warning("photo %s: the call %s failed: %s", photo.pk, error.call_id, error.code)
        if error.code == OtherReleaseError.code:
            leave_photo(photo, error)
        elif error.permanent:
            message = add_number(_("Nobody could tell what this photo shows. The photo is kept."))
            leases.fail_photo(photo, code=error.code, message=message)
        else:
            leases.release_photo(photo, code=error.code)
    except Exception as error:
        if storage.is_full(error):
            logger.error("photo %s waits: there is no room for what is made of it", photo.pk)
            leases.postpone_photo(photo)
            return
        logger.exception("photo %s, attempt %s", photo.pk, photo.attempt)
        leases.release_photo(photo, code=type(error).__name__[:48])


def leave_photo(photo: Photo, error: Exception) -> None:
    """To processes of another release. This one rests, so that it does not take one after the other."""
    logger.warning("photo %s is left to workers of another release: %s", photo.pk, error)
    leases.leave_photo(photo)
    time.sleep(REST_S)


def take_steps(photo: Photo, steps: Steps) -> None:
    """Each gives back what it needed: the next one needs other blocks."""
    with steps.measure("decode"):
        rendered = rendering.render_photo(photo)
    return_freed_memory()
    upload_events.add_measures(photo, rendered.measures)
    keep_renditions(photo, rendered)
    if photo.view_of:
        settle_view(photo, photo.view_of)
        return
    if photo.meant_for:
        replace_picture(photo, photo.meant_for)
        return
    if not admit_photo(photo, rendered.picture):
        return
    failpoints.hit("photo.rendered")
    features = digitization.digitize_photo(photo, rendered.image)
    return_freed_memory()
    failpoints.hit("photo.described")
    garments = garment_builder.build_garments(
        photo, rendered.picture, features, file=rendered.image
    )
    failpoints.hit("photo.crops_stored")
    return_freed_memory()
    create_garments(photo, garments)
    embed_garments(photo, rendered.picture)


def keep_renditions(photo: Photo, rendered: Rendered) -> None:
    """Name the files that were stored on the row; the file as it was uploaded goes."""
    photo.pixel_sha256 = rendered.pixel_sha256
    if not rendered.fields:
        return
    failpoints.hit("photo.renditions_stored")
    with leases.hold_photo(photo) as row:
        leases.write_photo(row, **rendered.fields)
    photo.refresh_from_db()


def settle_view(photo: Photo, garment: Garment) -> None:
    """It was added as one more photo of `garment`: nothing is looked for in it. Where it is the first, it is the face;
    a basic has a photo from now on.
    """
    with leases.hold_photo(photo) as row:
        leases.close_photo(row, status=Photo.Status.VIEW)
        garments = Garment.objects.filter(pk=garment.pk)
        garments.filter(photo=None, face=None).update(face=photo)
        garments.filter(is_basic=True).update(is_basic=False, face=photo)


def admit_photo(photo: Photo, picture: Image.Image) -> bool:
    """Whether the model is to be asked about a photo; if not, the photo is let go of.

    Waits for a while as long as a photo like it is with the model.
    """
    embeddings.embed_appearance(photo, picture)
    patient_until = time.monotonic() + PATIENCE_S
    while (state := compare_photo(photo, picture)) is ComparisonState.WAITING:
        if time.monotonic() > patient_until:
            leases.postpone_photo(photo)
            break
        time.sleep(COMPARE_AGAIN_S)
    return state is ComparisonState.ADMITTED


def compare_photo(photo: Photo, picture: Image.Image) -> ComparisonState:
    """Compare it and write down what follows, before the next of the owner's photos is compared."""
    with leases.hold_turn(photo) as row:
        comparison = identification.compare_photo(photo, picture)
        if comparison.state is ComparisonState.ADMITTED:
            leases.admit_photo(row)
        elif comparison.state is ComparisonState.SETTLED:
            leases.close_photo(row, **comparison.outcome)
    return comparison.state


def create_garments(photo: Photo, garments: list[Garment]) -> None:
    """Insert the garments and close the photo, unless its pixels came in another way meanwhile."""
    with leases.hold_turn(photo) as row:
        if outcome := identification.find_pixel_outcome(photo):
            storage.delete_files_on_commit(
                name for garment in garments for name in garment.picture_names
            )
            leases.close_photo(row, **outcome)
        else:
            Garment.objects.bulk_create(garments)
            leases.close_photo(row, status=Photo.Status.READY)


def replace_picture(photo: Photo, garment: Garment) -> None:
    """It is the picture of a garment that is there: its wearer said so, and no model is asked."""
    with leases.hold_turn(photo) as row:
        leases.close_photo(row, status=Photo.Status.READY, meant_for=None)
        pictures.use_photo(garment, row)  # With it, or the wish would be lost where this fails.
    photo.refresh_from_db()
    pictures.cut_garment(garment.pk)


def embed_garments(photo: Photo, picture: Image.Image) -> None:
    try:
        embeddings.embed_garments(photo, picture)
    except Exception:  # The photo is done; a scheduled job makes what is missing.
        logger.exception("the garments of photo %s have no vectors yet", photo.pk)
