"""What a model reads in the pixels of a photo: kept by version and engine, and asked for once."""

from registry import inference
from registry.models import Alias, InferenceCall
from registry.prompts import live_versions
from registry.prompts.runnable import explain_unrunnable, require_runnable
from registry.tasks import get_task
from wardrobe.models import Photo, PhotoFeatures
from wardrobe.services import identification
from wardrobe.tasks import DigitizeContext, DigitizePhoto


def digitize_photo(photo: Photo, image: bytes) -> PhotoFeatures:
    """What the wearer's version reads in these pixels, kept as `image`: from the store, else by
    asking, once.

    An answer of the built-in engine is not reused when a model is there to give a better one.
    Raises InferenceError, OtherReleaseError.
    """
    live = live_versions.resolve(DigitizePhoto.name, photo.owner_id, certain=True)
    known = PhotoFeatures.objects.filter(
        owner=photo.owner,
        pixel_sha256__in=identification.same_pixels(photo),
        version_id=live.version_id,
        engine=live.engine,
    )
    if features := known.first():
        return features
    call = find_answered(photo, live.version_id)
    if call is None:
        require_runnable(get_task(DigitizePhoto.name), live)
        call = ask(photo, image)
    return store_features(photo, call)


def can_digitize() -> bool:
    """Whether this release can answer under what is live. Asks the database, and listens for no news of it."""
    found = Alias.objects.filter(prompt__name=DigitizePhoto.name, name=Alias.Name.PRODUCTION)
    alias = found.select_related("version").first()
    if alias is None:
        return True
    live = live_versions.hold_answering(alias.version, epoch=alias.epoch)
    return not explain_unrunnable(get_task(DigitizePhoto.name), live.bundle, live.engine)


def find_answered(photo: Photo, version_id: int) -> InferenceCall | None:
    """A call for this photo that was answered before the worker could write the answer down."""
    return InferenceCall.objects.filter(
        subject=subject_of(photo),
        version_id=version_id,
        outcome=InferenceCall.Outcome.SUCCEEDED,
    ).first()


def ask(photo: Photo, image: bytes) -> InferenceCall:
    context = DigitizeContext.of(image)
    finished = inference.run(
        DigitizePhoto.name, context, subject=subject_of(photo), wearer=photo.owner_id
    )
    return InferenceCall.objects.get(pk=finished.call_id)


def subject_of(photo: Photo) -> str:
    return f"photo:{photo.pk}"


def store_features(photo: Photo, call: InferenceCall) -> PhotoFeatures:
    features, _ = PhotoFeatures.objects.get_or_create(
        owner=photo.owner,
        pixel_sha256=photo.pixel_sha256,
        version_id=call.version_id,
        engine=call.engine,
        defaults={"output": call.output, "call": call},
    )
    return features
