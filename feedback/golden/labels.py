"""Golden labels of a photo: what its wearer says of the garments, beside what the model had said."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image

from accounts.models import Consent
from feedback.values import show_word
from registry.models import InferenceCall
from registry.tasks import ExampleSource
from wardrobe.golden.labels import WORDS, GarmentLabel
from wardrobe.identity.hashes import hash_appearance
from wardrobe.models import Garment, Photo
from wardrobe.services.photos import find_picture

SUBJECT = "photo:"
LISTS = {"colours": "colour", "patterns": "pattern", "materials": "material", "seasons": "season"}
"""The fields of a label that name what is acceptable, each with the kind of its words."""
SINGLES = tuple(name for name in WORDS if name != "slot")
"""Those that hold one word. The slot follows from the type."""
ATTRIBUTES = {"patterns": "pattern", "materials": "material"}
"""What a garment calls a field that a label calls otherwise."""
ASKED_IF_SETTLED = ("seasons", "water_resistant")
"""Fields that a label leaves out unless the wearer settled them: people disagree about them."""

RAIN = {True: "Keeps rain off", False: "Lets it through"}


@dataclass(frozen=True)
class GarmentDraft:
    """One garment that the wearer kept: values for a label, and what the model had said in words."""

    box: list[float]
    values: dict[str, Any]
    said: dict[str, str]
    changed: frozenset[str]


def find_photo(call: InferenceCall) -> Photo | None:
    """The photo that a call was about, while it is there."""
    if not call.subject.startswith(SUBJECT):
        return None
    pk = call.subject.removeprefix(SUBJECT)
    return Photo.objects.select_related("owner").filter(pk=pk).first()


def explain_unusable(call: InferenceCall) -> str:
    """Why no golden photo can be made of a call; empty if one can."""
    photo = find_photo(call)
    if photo is None or not photo.image:
        return "the photo is gone."
    if not Consent.objects.given(by=photo.owner).exists():
        return "this wearer has not consented to it."
    if not Garment.objects.filter(photo=photo, call=call).exists():
        return "no garment that this call described is left."
    return ""


def draft_labels(call: InferenceCall) -> list[GarmentDraft]:
    """The garments of a call that the wearer kept, in their order."""
    return [draft_label(garment) for garment in call.garments.order_by("ordinal")]


def draft_label(garment: Garment) -> GarmentDraft:
    names = ("type", *LISTS, *SINGLES, "water_resistant")
    settled = {*garment.edited_fields, *garment.model_values}
    stored = {name: ATTRIBUTES.get(name, name) for name in names}
    return GarmentDraft(
        box=list(garment.box),
        values={
            name: as_label(getattr(garment, attribute))
            for name, attribute in stored.items()
            if name not in ASKED_IF_SETTLED or name in settled
        },
        said={
            name: say(name, garment.model_values.get(attribute, getattr(garment, attribute)))
            for name, attribute in stored.items()
        },
        changed=frozenset(
            n for n, attribute in stored.items() if attribute in garment.model_values
        ),
    )


def say(name: str, value: Any) -> str:
    """What the model had set a field to, in words."""
    if name == "water_resistant":
        return RAIN[bool(value)]
    return show_word(value, LISTS.get(name, name))


def as_label(value: Any) -> Any:
    """Of colours the largest, by name; everything else as it is."""
    if isinstance(value, list):
        colours = [item["name"] for item in value if isinstance(item, dict)]
        return colours[:1] or value
    return value


def make_source(
    call: InferenceCall, labels: Sequence[GarmentLabel], slices: Sequence[str]
) -> ExampleSource:
    """The golden example of a call's photo, with the pixels that the model was shown. Raises LookupError."""
    picture = find_picture(call.subject)
    if picture is None:
        raise LookupError("The photo is gone.")
    key = f"call-{call.pk.hex[:10]}"
    expected = [label.model_dump(mode="json") for label in labels]
    return ExampleSource(key, {"file": key}, {"garments": expected}, tuple(slices), picture)


def find_fingerprint(picture: bytes) -> str:
    """The perceptual hash of a picture: near-duplicates differ in few bits."""
    with Image.open(BytesIO(picture)) as opened:
        return hash_appearance(opened)
