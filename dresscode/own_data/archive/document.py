"""What stands in the ZIP of an export: `dresscode.json`, by version 1 of its schema, beside the pictures.

The schema for other programs is made of these classes (`docs/own-data.schema.json`); everything that comes in is held to
it before it is used.
"""

from datetime import time
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from dresscode.own_data.archive.diary import (
    CalendarRecord,
    CareRecord,
    HouseholdRecord,
    NotificationRecord,
    RuleRecord,
    SharedRecord,
)
from dresscode.own_data.archive.trip_records import TripRecord
from dresscode.own_data.archive.values import (
    MANY,
    MOST_ROWS,
    Currency,
    Day,
    Digest,
    Line,
    Lines,
    Moment,
    Name,
    Number,
    Readable,
    Share,
    Short,
    Strict,
    Text,
    Word,
    Words,
)

FORMAT, VERSION = "dresscode-export", 1
DOCUMENT = "dresscode.json"
MOST_HOURS = 100
WEATHER_KINDS = {"temperature", "rain", "wind", "light"}


class Colour(Strict):
    name: Word
    hex: Annotated[str, StringConstraints(pattern=r"^(#[0-9a-fA-F]{6})?$")] = ""
    share: Share = 1.0


class Rival(Strict):
    value: Word
    confidence: Share
    is_finer: bool = False


Value = bool | Word | Words | Annotated[list[Colour], Field(max_length=40)] | None
"""Of an attribute, in words of the vocabulary."""


class SetAside(Strict):
    value: Value
    confidence: Share | None = None


class File(Strict):
    """A file of the ZIP, with the SHA-256 of its bytes."""

    name: Annotated[str, StringConstraints(max_length=120)]
    sha256: Digest
    bytes: Annotated[int, Field(ge=1)]


class Account(Strict):
    email: Annotated[str, StringConstraints(max_length=254), Readable]
    first_name: Annotated[str, StringConstraints(max_length=150), Readable] = ""
    time_zone: Name = ""
    language: Name = ""
    joined_at: Moment


class Consented(Strict):
    text_version: int
    given_at: Moment
    withdrawn_at: Moment | None = None


class StyleProfile(Strict):
    """`sensitivity` is -2 (always cold) to 2 (always warm); coordinates are to a tenth of a degree."""

    place: Short = ""
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    time_zone: Name = "UTC"
    units: Literal["metric", "imperial"] = "metric"
    sensitivity: Annotated[int, Field(ge=-2, le=2)] = 0
    likes: Line = ""
    dislikes: Line = ""
    repeat_days: Annotated[int, Field(ge=0, le=60)] = 7
    currency: Currency = ""


class PhotoRecord(Strict):
    """`image` and `thumbnail` are as this product stores them: WebP, at most 1024 and 320 pixels long, nothing but pixels.

    `upload` is the file as it came, where it has not been looked at yet. `sha256` is that of the file that was uploaded,
    `pixel_sha256` that of the pixels.
    """

    id: UUID
    upload_key: UUID
    status: Literal["received", "processing", "ready", "failed", "asking", "duplicate", "view"]
    sha256: Digest
    source_format: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,8}$")]
    source_bytes: Annotated[int, Field(ge=0, le=2**31 - 1)]
    pixel_sha256: Digest | Literal[""] = ""
    image: File | None = None
    thumbnail: File | None = None
    upload: File | None = None
    duplicate_of: UUID | None = None
    view_of: UUID | None = None
    alike: UUID | None = None
    place: Annotated[int, Field(ge=0, le=32_767)] = 0
    added_at: Moment


class GarmentRecord(Strict):
    """A piece of clothing in words of the vocabulary. `model_values` are what a model had said of what its owner changed
    (`edited_fields`); `doubts` wait for the owner's word. `picture` is its part of the photo, `face` the photo that is
    shown first, `place` of photos orders them. `away` is why it is put away; `is_basic` is of the starter set.
    """

    id: UUID
    photo: UUID | None = None
    ordinal: Annotated[int, Field(ge=0, le=32_767)] = 0
    box: Annotated[list[Share], Field(max_length=4)] = []
    picture: File | None = None
    turned: Literal[0, 90, 180, 270] = 0
    cut_out_refused: bool = False
    face: UUID | None = None
    status: Literal["draft", "ready", "needs_review", "archived"]
    away: Literal["", "stored", "sold", "given", "worn_out", "lost"] = ""
    is_basic: bool = False
    name: Short
    type: Word
    colours: Annotated[list[Colour], Field(max_length=40)] = []
    pattern: Word = ""
    material: Word = ""
    warmth: Word = ""
    layering: Word = ""
    seasons: Words = []
    formality: Word = ""
    fit: Word = ""
    sleeve: Word = ""
    length: Word = ""
    water_resistant: bool = False
    style_tags: Words = []
    occasions: Words = []
    clo: Annotated[float, Field(ge=0, le=4)] | None = None
    confidence: Annotated[dict[Word, Share], Field(max_length=40)] = {}
    alternatives: Annotated[dict[Word, list[Rival]], Field(max_length=40)] = {}
    doubts: Words = []
    edited_fields: Words = []
    model_values: Annotated[dict[Word, Value], Field(max_length=40)] = {}
    set_aside: Annotated[dict[Word, SetAside], Field(max_length=40)] = {}
    brand: Annotated[str, StringConstraints(max_length=80), Readable] = ""
    price: Annotated[str, StringConstraints(pattern=r"^\d{1,7}(\.\d{1,2})?$")] | None = None
    currency: Currency = ""
    quantity: Annotated[int, Field(ge=1, le=32_767)] = 1
    notes: Annotated[str, StringConstraints(max_length=2000), Readable] = ""
    is_favourite: bool = False
    in_wash: bool = False
    washing: Annotated[int, Field(ge=0, le=32_767)] = 0
    washed_on: Day | None = None
    wash_after: Annotated[int, Field(ge=0, le=32_767)] | None = None
    added_at: Moment


class WearRecord(Strict):
    """A garment on a day. `earlier` stands for `times` wears of before there was a log."""

    garment: UUID
    day: Day | None = None
    times: Annotated[int, Field(ge=1, le=100_000)] = 1
    source: Literal["accepted", "instead", "said", "earlier"]
    outfit: UUID | None = None
    is_planned: bool = False
    is_washed: bool = False


class Occasion(Strict):
    """What an outfit was for; `key` is its own in this file."""

    key: int
    kind: Word
    date: Day
    starts_at: time
    ends_at: time
    place: Short = ""
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    time_zone: Name = "UTC"
    note: Line = ""


class Hour(Strict):
    """One hour of a forecast from `time` on, local to the place with its UTC offset; null is unknown."""

    time: Moment
    temperature_c: Number
    apparent_c: Number
    precipitation_mm: Number | None = None
    precipitation_probability: Annotated[int, Field(ge=0, le=100)] | None = None
    wmo_code: Annotated[int, Field(ge=0, le=99)] | None = None
    wind_kmh: Number | None = None
    uv: Number | None = None
    is_day: bool | None = None
    in_event: bool = True


def check_categories(categories: dict[str, str]) -> dict[str, str]:
    if not categories.keys() >= WEATHER_KINDS:
        raise ValueError(f"wanted: {', '.join(sorted(WEATHER_KINDS))}")
    return categories


class Weather(Strict):
    """As an outfit was made for it; empty where nobody knew it."""

    source: Annotated[str, StringConstraints(max_length=32), Readable]
    fetched_at: Moment
    categories: Annotated[dict[Word, Word], AfterValidator(check_categories)]
    sentence: Line
    shown: Annotated[list[Hour], Field(max_length=MOST_HOURS)] = []


class Piece(Strict):
    garment: UUID
    slot: Word
    position: Annotated[int, Field(ge=0, le=100)]


class Said(Strict):
    """What its wearer said of an outfit."""

    verdict: Literal["accepted", "rejected"]
    reasons: Words = []
    comment: Annotated[str, StringConstraints(max_length=1000), Readable] = ""


class SignalRecord(Strict):
    """What one outfit taught: numbers by feature, as they were when it was suggested."""

    number: int
    kind: Literal["accepted", "rejected", "instead", "swapped"]
    features: Annotated[dict[Word, Number], Field(max_length=200)] = {}
    against: Annotated[dict[Word, Number], Field(max_length=200)] = {}
    reasons: Words = []
    propensity: Number | None = None
    day: Day
    about: Annotated[str, StringConstraints(max_length=80), Readable]


class OutfitRecord(Strict):
    """An answer of the stylist, with what its wearer said of it and wore instead."""

    id: UUID
    request_key: UUID
    occasion: int
    previous: UUID | None = None
    start_from: UUID | None = None
    kept: Annotated[list[UUID], Field(max_length=30)] = []
    without: Annotated[list[UUID], Field(max_length=100)] = []
    status: Literal["ready", "failed", "stopped"]
    verdict: Literal["", "accepted", "rejected"] = ""
    weather: Weather | None = None
    no_forecast: Word = ""
    prose: Text = ""
    reasons: Lines = []
    missing: Words = []
    failure: Line = ""
    pieces: Annotated[list[Piece], Field(max_length=30)] = []
    said: Said | None = None
    worn_instead: Annotated[list[UUID], Field(max_length=100)] = []
    signal: SignalRecord | None = None
    called_off_at: Moment | None = None
    is_copy: bool = False
    asked_at: Moment
    finished_at: Moment | None = None
    decided_at: Moment | None = None


class LookRecord(Strict):
    """Pieces kept under a name; `outfit` is the answer that they were kept of."""

    id: UUID
    name: Annotated[str, StringConstraints(min_length=1, max_length=60), Readable]
    garments: Annotated[list[UUID], Field(max_length=30)] = []
    outfit: UUID | None = None
    made_at: Moment


class LeftOutRecord(Strict):
    """A garment that is never offered for a kind of event."""

    garment: UUID
    kind: Word
    made_at: Moment


class AnswerRecord(Strict):
    """Whether two pictures show the same, as their owner said, by their pixels."""

    pixel_sha256: Digest
    original_sha256: Digest
    verdict: Literal["same", "view", "different"]
    ordinal: Annotated[int, Field(ge=0, le=32_767)] | None = None


class CorrectionRecord(Strict):
    """What a version of a prompt had said of an attribute, and what its owner says. For reading: it is not taken in."""

    garment: UUID | None = None
    field: Word
    model_value: Value = None
    user_value: Value = None
    confidence: Share | None = None
    version: Line
    review: Word
    made_at: Moment


class GarmentSignalRecord(Strict):
    """What its owner said of a garment as a whole. For reading: it is not taken in."""

    garment: UUID
    kind: Word
    type: Word
    made_at: Moment


class LineDecision(Strict):
    strength: Literal["off", "less", "usual", "more"] = "usual"
    since: int = 0


class LearningDecisions(Strict):
    """What a wearer decided of what was learned of them; numbers are those of signals in this file."""

    is_on: bool = True
    since: int = 0
    lines: Annotated[dict[Word, LineDecision], Field(max_length=200)] = {}
    forgotten: Annotated[list[int], Field(max_length=MOST_ROWS)] = []


class Document(Strict):
    """All of one wearer's data."""

    format: Literal["dresscode-export"] = "dresscode-export"
    version: Literal[1] = 1
    made_at: Moment
    site: Line = ""
    account: Account
    consents: Annotated[list[Consented], MANY] = []
    profile: StyleProfile | None = None
    photos: Annotated[list[PhotoRecord], MANY] = []
    garments: Annotated[list[GarmentRecord], MANY] = []
    wears: Annotated[list[WearRecord], Field(max_length=10 * MOST_ROWS)] = []
    occasions: Annotated[list[Occasion], MANY] = []
    outfits: Annotated[list[OutfitRecord], MANY] = []
    looks: Annotated[list[LookRecord], MANY] = []
    left_out: Annotated[list[LeftOutRecord], MANY] = []
    trips: Annotated[list[TripRecord], MANY] = []
    shared: Annotated[list[SharedRecord], MANY] = []
    answers: Annotated[list[AnswerRecord], MANY] = []
    corrections: Annotated[list[CorrectionRecord], MANY] = []
    garment_signals: Annotated[list[GarmentSignalRecord], MANY] = []
    learning: LearningDecisions | None = None
    cares: Annotated[list[CareRecord], MANY] = []
    calendars: Annotated[list[CalendarRecord], Field(max_length=20)] = []
    occasion_rules: Annotated[list[RuleRecord], Field(max_length=100)] = []
    notifications: NotificationRecord | None = None
    household: HouseholdRecord = HouseholdRecord()

    def list_files(self) -> list[File]:
        """Every file that it names."""
        named = [file for one in self.photos for file in (one.image, one.thumbnail, one.upload)]
        named += [one.picture for one in self.garments]
        return [file for file in named if file]


def make_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the document."""
    schema = Document.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
