"""From what was seen in a photo to garments: their names, their doubts, their state."""

from typing import Any
from uuid import uuid5

from django.db.models import Q
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from PIL import Image

from accounts.languages.words import pgettext_noop, within
from wardrobe import vocabulary
from wardrobe.models import Garment, Photo, PhotoFeatures
from wardrobe.photos.formats import UnreadablePhotoError
from wardrobe.services import pictures
from wardrobe.tasks import (
    WORD_LISTS,
    WORDS,
    DigitizeAnswer,
    SeenGarment,
    keep_words,
    list_doubts,
    read_review_below,
)
from wardrobe.vision.families import FAMILY_OF
from wardrobe.vocabulary import Vocabulary
from wardrobe.vocabulary.naming import name_naturally

OF_BASICS = "starter set"
"""The context of the names of basics in translations."""
PLAIN = {"", "solid"}
# What reads better in a name than the vocabulary's label.
SPOKEN = {
    ("pattern", "other"): pgettext_noop("name of a garment", "patterned"),
    ("type", "other"): pgettext_noop("name of a garment", "piece"),
}


def build_garments(
    photo: Photo, picture: Image.Image, features: PhotoFeatures, *, file: bytes
) -> list[Garment]:
    """Unsaved garments, whose pictures are stored, in the words of the version that saw them.

    `file` is the WebP that `picture` is kept as.

    Raises UnreadablePhotoError when no garment was seen, or what the storage raises.
    """
    answer = DigitizeAnswer.model_validate(features.output)
    words = vocabulary.read_pinned(features.version.bundle)
    garments = describe_garments(photo, answer, features.version.parameters, words)
    if not garments:
        raise UnreadablePhotoError(
            "no_garment", _("No piece of clothing could be made out. The photo is kept.")
        )
    for garment in garments:
        garment.call_id = features.call_id
    pictures.draw_garments(picture, garments, file=file)
    return garments


def describe_garments(
    photo: Photo, answer: DigitizeAnswer, parameters: dict[str, Any], words: Vocabulary
) -> list[Garment]:
    """Unsaved garments in the order of the answer, without pictures.

    Their ids follow from the photo and their place in it, so that a second try makes the same ones.
    Garments of a type that `words` do not hold are left out.
    """
    known = [seen for seen in answer.garments if seen.type in words.terms("type")]
    return [
        describe_garment(photo, ordinal, seen, parameters, words)
        for ordinal, seen in enumerate(known)
    ]


def find_doubtful(parameters: dict[str, Any]) -> Q:
    """The condition of a garment of which its wearer was asked to look, under a version's parameters."""
    doubtful = Q(pk__in=[])
    own = parameters.get("review_below_of", {})
    for name, limit in read_review_below(parameters).items():
        less = Q(**{f"confidence__{name}__lt": limit})
        if name == "type" and own:
            less &= ~was_told(*own)
            for type_, other in own.items():
                less |= was_told(type_) & Q(confidence__type__lt=other)
        doubtful |= less | ~Q(confidence__has_key=name)
    return doubtful


def was_told(*types: str) -> Q:
    """The condition of a garment that the model called one of these, whatever its wearer calls it."""
    corrected = Q(model_values__has_key="type")
    return (corrected & Q(model_values__type__in=types)) | (~corrected & Q(type__in=types))


def describe_garment(
    photo: Photo,
    ordinal: int,
    seen: SeenGarment,
    parameters: dict[str, Any],
    words: Vocabulary,
) -> Garment:
    kept = keep_words(seen, words)
    told: dict[str, Any] = {name: getattr(kept, name) for name in (*WORDS, *WORD_LISTS)}
    told["colours"] = list_colours(kept, words)
    confidence = {name: value for name, value in seen.confidence.items() if told.get(name)}
    doubts = list_doubts(seen.type, confidence, parameters)
    return Garment(
        id=uuid5(photo.id, str(ordinal)),
        owner_id=photo.owner_id,
        photo=photo,
        ordinal=ordinal,
        box=seen.box if len(seen.box) == 4 and seen.box[2] > 0 and seen.box[3] > 0 else [],
        status=Garment.Status.NEEDS_REVIEW if doubts else Garment.Status.READY,
        name=name_garment(told["type"], told["pattern"], told["colours"], words),
        slot=words.slot_of(seen.type),
        water_resistant=seen.water_resistant,
        alternatives=keep_rivals(kept),
        confidence=confidence,
        doubts=doubts,
        **told,
    )


def keep_rivals(seen: SeenGarment) -> dict[str, Any]:
    """The types that come next, as `Garment.alternatives` wants them."""
    rivals = [
        {
            "value": one.type,
            "confidence": one.confidence,
            "is_finer": FAMILY_OF.get(one.type) == seen.type,
        }
        for one in seen.alternatives
    ]
    return {"type": rivals} if rivals else {}


def list_colours(seen: SeenGarment, words: Vocabulary) -> list[dict[str, Any]]:
    """Largest share first, as `Garment.colours` wants them; one not measured looks as its name."""
    known = words.terms("colour")
    colours = sorted(seen.colours, key=lambda colour: colour.share, reverse=True)
    return [
        {
            "name": colour.name,
            "hex": colour.hex or known[colour.name].details.get("hex", ""),
            "share": colour.share,
        }
        for colour in colours
    ]


def name_garment(type_: str, pattern: str, colours: list[dict[str, Any]], words: Vocabulary) -> str:
    """What a person would call it: "Navy striped shirt"."""
    said = [speak("colour", str(colours[0]["name"]), words)] if colours else []
    said += [] if pattern in PLAIN else [speak("pattern", pattern, words)]
    return " ".join([*said, speak("type", type_, words)]).capitalize()[:120]


def translate_name(garment: Garment, words: Vocabulary) -> str:
    """A garment's name in the language that is spoken, where it is the one that `name_garment` gave it: a name that
    somebody gave it stays as it is."""
    if garment.is_basic:
        return pgettext(OF_BASICS, garment.name)
    if garment.name != name_garment(garment.type, garment.pattern, garment.colours, words):
        return garment.name
    colour, pattern = garment.main_colour, garment.pattern
    called, language = translate_word("type", garment.type, words), get_language() or ""
    shown = "" if pattern in PLAIN else pattern
    if natural := name_naturally(language[:2], garment.type, colour, shown, called):
        return natural[:120]
    said = {
        "type": called,
        "colour": translate_word("colour", colour, words),
        "pattern": translate_word("pattern", pattern, words),
    }
    if colour and pattern not in PLAIN:
        name = pgettext("name of a garment", "%(colour)s %(pattern)s %(type)s") % said
    elif colour:
        name = pgettext("name of a garment", "%(colour)s %(type)s") % said
    elif pattern not in PLAIN:
        name = pgettext("name of a garment", "%(pattern)s %(type)s") % said
    else:
        name = said["type"]
    return f"{name[:1].upper()}{name[1:]}"[:120]


def translate_word(kind: str, value: str, words: Vocabulary) -> str:
    spoken, known = SPOKEN.get((kind, value)), words.terms(kind).get(value)
    if spoken:
        return pgettext("name of a garment", spoken)
    return within(known.said if known else value.replace("_", " "))


def speak(kind: str, value: str, words: Vocabulary) -> str:
    known = words.terms(kind).get(value)
    return SPOKEN.get((kind, value)) or (known.label if known else value.replace("_", " "))
