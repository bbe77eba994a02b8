"""What is true of a golden photo, and how an answer compares with it."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from registry.tasks import BadExample, ExampleSource, FieldScore, Score
from wardrobe import vocabulary
from wardrobe.photos import formats, ingestion
from wardrobe.vision.boxes import measure_box, measure_shared
from wardrobe.vision.families import FAMILY_OF, FOLDER_NAMES
from wardrobe.vocabulary import Vocabulary

Share = Annotated[float, Field(ge=0, le=1)]

LABELS = ("labels.jsonl", "labelled.json")
PHOTO_FOLDERS = ("", "validation")
"""Where beside a file of labels its photos lie."""

WORDS = ("slot", "warmth", "layering", "formality", "sleeve", "length")
ENOUGH_OVERLAP = 0.5
"""Intersection over union from which two boxes are of one garment (as in PASCAL VOC, 2010)."""

AGREEING_SEASONS = 0.5
"""The share of the seasons named by either that both must name: people disagree by one, too."""


class GarmentLabel(BaseModel):
    """One garment in vocabulary words. What is left out is not asked of an answer.

    `colours` are acceptable names for the main colour, `patterns` and `materials` acceptable ones,
    best first. With `type_exact` false, any type of the same family will do: `parka` for `jacket`.
    """

    model_config = ConfigDict(extra="forbid")

    type: str
    type_exact: bool = True
    colours: list[str] = []
    patterns: list[str] = []
    box: list[Share] = Field(default=[], max_length=4)
    materials: list[str] = []
    slot: str = ""
    warmth: str = ""
    layering: str = ""
    formality: str = ""
    sleeve: str = ""
    length: str = ""
    seasons: list[str] = []
    water_resistant: bool | None = None

    def words(self) -> Iterator[tuple[str, str]]:
        """Kind and value of all that the vocabulary must hold."""
        yield "type", self.type
        yield from (("colour", name) for name in self.colours)
        yield from (("pattern", name) for name in self.patterns)
        yield from (("material", name) for name in self.materials)
        yield from (("season", name) for name in self.seasons)
        yield from ((name, value) for name in WORDS if (value := getattr(self, name)))


class PhotoLabel(BaseModel):
    """`file` is relative to the file of labels."""

    model_config = ConfigDict(extra="forbid")

    file: str
    slices: list[str] = []
    garments: list[GarmentLabel]


def read_labels(directory: Path) -> Iterator[PhotoLabel | BadExample]:
    """The labels of a folder: `labels.jsonl`, `labelled.json`, or a folder of photos per type.

    Raises LookupError when there is none of them.
    """
    lines, listed = (directory / name for name in LABELS)
    if lines.is_file():
        yield from read_lines(lines)
    elif listed.is_file():
        yield from (read_listed(entry) for entry in json.loads(listed.read_text()))
    else:
        yield from read_folders(directory)


def read_lines(path: Path) -> Iterator[PhotoLabel | BadExample]:
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        try:
            yield PhotoLabel.model_validate_json(line)
        except ValidationError as error:
            yield BadExample(f"{path.name}, line {number}", explain(error))


def read_listed(entry: dict[str, Any]) -> PhotoLabel | BadExample:
    """An entry with `file`, `type`, `colors` and `patterns`."""
    try:
        garment = GarmentLabel(
            type=FOLDER_NAMES.get(entry["type"], entry["type"]),
            type_exact=False,
            colours=entry["colors"],
            patterns=entry["patterns"],
        )
        return PhotoLabel(file=entry["file"], slices=[garment.type], garments=[garment])
    except KeyError as error:
        return BadExample(str(entry.get("file", entry)), f"{error.args[0]} is missing.")
    except ValidationError as error:
        return BadExample(str(entry["file"]), explain(error))


def read_folders(directory: Path) -> Iterator[PhotoLabel | BadExample]:
    """`<type>/<photo>`: the folder's name is the label."""
    photos = sorted(path for path in directory.glob("*/*") if path.is_file())
    if not photos:
        raise LookupError(
            f"{directory} has neither {' nor '.join(LABELS)}, nor a folder of photos per type."
        )
    for path in photos:
        type_ = FOLDER_NAMES.get(path.parent.name, path.parent.name)
        garment = GarmentLabel(type=type_, type_exact=False)
        yield PhotoLabel(file=f"{path.parent.name}/{path.name}", slices=[type_], garments=[garment])


def explain(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'the line'}: {fault['msg']}"
        for fault in error.errors()
    )


def read_examples(directory: Path) -> Iterator[ExampleSource | BadExample]:
    """Labelled photos as golden examples, each decoded to what the product would look at."""
    for label in read_labels(directory):
        if isinstance(label, BadExample):
            yield label
            continue
        unknown = [word for garment in label.garments for word in find_unknown(garment)]
        if unknown:
            yield BadExample(label.file, f"The vocabulary has no {'; no '.join(unknown)}.")
            continue
        try:
            yield ExampleSource(
                key=label.file,
                input={"file": label.file},
                expected=label.model_dump(mode="json", include={"garments"}),
                slices=tuple(dict.fromkeys(label.slices)),
                file=ingest(find_photo(directory, label.file)),
            )
        except (OSError, formats.UnreadablePhotoError) as error:
            yield BadExample(label.file, str(error))


def find_unknown(garment: GarmentLabel) -> Iterator[str]:
    for kind, value in garment.words():
        if value not in vocabulary.terms(kind):
            yield f"{kind} {value!r}"


def find_photo(directory: Path, file: str) -> Path:
    """Raises FileNotFoundError; a name that leads out of the folder is not found."""
    for folder in PHOTO_FOLDERS:
        path = (directory / folder / file).resolve()
        if path.is_file() and path.is_relative_to(directory.resolve()):
            return path
    raise FileNotFoundError(f"There is no photo {file}.")


def ingest(path: Path) -> bytes:
    """A photo the way it is stored: upright sRGB, 1024 px, WebP. Raises UnreadablePhotoError."""
    formats.check_bytes(path.stat().st_size)
    data = path.read_bytes()
    picture = ingestion.read_picture(data, format=formats.inspect_photo(data).format)
    return ingestion.encode(picture)


def score_garments(
    expected: Sequence[GarmentLabel], found: Sequence[Any], words: Vocabulary
) -> Score:
    """Every field that the labels give, and one wrong field for each garment too many.

    `found` are `wardrobe.tasks.SeenGarment`s, in `words`.
    """
    pairs = pair_garments(expected, found)
    matched = sum(seen is not None for _, seen in pairs)
    fields = [
        field
        for number, (label, seen) in enumerate(pairs, start=1)
        for field in score_garment(f"garment {number}", label, seen, words)
    ]
    extra = [
        FieldScore("extra", f"extra garment {number}", False, found="a garment too many")
        for number in range(1, len(found) - matched + 1)
    ]
    return Score((*fields, *extra), wanted=len(expected), answered=len(found), matched=matched)


def pair_garments(
    expected: Sequence[GarmentLabel], found: Sequence[Any]
) -> list[tuple[GarmentLabel, Any]]:
    """Each label with its garment, the best fitting pair first; None for a missing one."""
    fits = {
        (i, j): fit
        for i, label in enumerate(expected)
        for j, seen in enumerate(found)
        if (fit := likeness(label, seen))
    }
    pairs: dict[int, int] = {}
    for i, j in sorted(fits, key=lambda pair: -fits[pair]):
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return [(label, found[pairs[i]] if i in pairs else None) for i, label in enumerate(expected)]


def likeness(label: GarmentLabel, seen: Any) -> float:
    """How well an answer fits a label: by place where both say theirs, and by type; 0 for not at all."""
    type_fits = 0.5 * is_right_type(label, seen.type)
    if len(label.box) == 4 and len(seen.box) == 4:
        shared = overlap(label.box, seen.box)
        return shared + type_fits if shared >= ENOUGH_OVERLAP else 0.0
    return 0.5 + type_fits


def overlap(one: Sequence[float], other: Sequence[float]) -> float:
    """Intersection over union of two boxes (x, y, width, height)."""
    shared = measure_shared(one, other)
    return shared / (measure_box(one) + measure_box(other) - shared) if shared else 0.0


def is_right_type(label: GarmentLabel, type_: str) -> bool:
    if label.type_exact:
        return type_ == label.type
    family = FAMILY_OF.get(label.type, label.type)
    return type_ == label.type or FAMILY_OF.get(type_, type_) == family


def score_garment(
    subject: str, label: GarmentLabel, seen: Any, words: Vocabulary
) -> Iterator[FieldScore]:
    told = describe(seen, words) if seen is not None else {}
    right = seen is not None and is_right_type(label, seen.type)
    yield FieldScore("type", subject, right, label.type, told.get("type", ""))
    for name in ("colours", "patterns", "materials"):
        if values := getattr(label, name):
            answer = told.get(name, "")
            wanted = " or ".join(values)
            yield FieldScore(name.removesuffix("s"), subject, answer in values, wanted, answer)
    for name in WORDS:
        if value := getattr(label, name):
            yield FieldScore(name, subject, told.get(name) == value, value, told.get(name, ""))
    if label.seasons:
        named = set(seen.seasons) if seen is not None else set()
        right = len(named & set(label.seasons)) >= AGREEING_SEASONS * len(
            named | set(label.seasons)
        )
        yield FieldScore(
            "seasons", subject, right, " ".join(label.seasons), told.get("seasons", "")
        )
    if label.water_resistant is not None:
        answer, wanted = told.get("water_resistant", ""), str(label.water_resistant)
        yield FieldScore("water_resistant", subject, answer == wanted, wanted, answer)


def describe(seen: Any, words: Vocabulary) -> dict[str, str]:
    """The fields of an answer as words to compare."""
    main = max(seen.colours, key=lambda colour: colour.share).name if seen.colours else ""
    return {
        "type": seen.type,
        "colours": main,
        "patterns": seen.pattern,
        "materials": seen.material,
        "slot": words.slot_of(seen.type) if seen.type in words.terms("type") else "",
        "seasons": " ".join(seen.seasons),
        "water_resistant": str(seen.water_resistant),
        **{name: getattr(seen, name) for name in WORDS[1:]},
    }
