"""What is watched for drift: one entry a property. Another one is an entry here, and nothing else."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Count, F, Func, QuerySet, Value
from django.db.models.functions import Mod
from django.db.models.lookups import Exact

from accounts.models import User
from monitoring.drift import windows
from monitoring.drift.golden import GoldenPhotos, read_kept_megapixels
from monitoring.drift.statistics import Observation
from monitoring.drift.windows import Window
from styling.models import Suggestion
from wardrobe.models import Garment, Photo, UploadEvent
from wardrobe.photos.formats import PILLOW_FORMATS

Read = Callable[[Window], Iterator[Observation]]
ReadGolden = Callable[[GoldenPhotos], Iterator[Observation]]
MOST_GARMENTS = 4
NOT_REFUSED = "not refused"
UPLOAD_FIELDS = (
    "format", "refusal", "colour_profile", "megapixels", "brightness", "blur", "aspect",
)  # fmt: skip


@dataclass(frozen=True)
class Property:
    """`read` yields what the rows of a window show: words, or numbers if there are `bins` to cut them into.

    `golden` yields what the golden examples show, where they show it. `listing` is the admin's list of the
    rows, and `field` the field of theirs that holds the value.
    """

    name: str
    title: str
    unit: str
    read: Read
    bins: int = 0
    golden: ReadGolden | None = None
    listing: str = ""
    field: str = ""
    blank: str = ""
    """What `read` calls an empty value."""
    always: tuple[tuple[str, str], ...] = ()
    """What else the list is filtered by, to be of the rows that are read."""
    read_as_golden: Read | None = None
    """What `golden` is compared with, where that is not what `read` yields; nothing lists its bins."""
    choose: Callable[[str], dict[str, str]] | None = None
    """How the list is filtered by a value, where that is not one field."""

    def filter_by(self, value: str, low: float | None, high: float | None) -> dict[str, str]:
        """The list's filters for a value, or for a bin from `low` to `high`."""
        if self.choose:
            return {**dict(self.always), **self.choose(value)}
        if not self.bins:
            stored = "" if value == self.blank else value
            return {**dict(self.always), f"{self.field}__exact": stored}
        bounds = {f"{self.field}__gte": low, f"{self.field}__lt": high}
        kept = {name: str(bound) for name, bound in bounds.items() if bound is not None}
        return {**dict(self.always), **kept}


def read_uploads(field: str) -> Read:
    """A field of upload events; one that is unknown is not read."""
    place = UPLOAD_FIELDS.index(field)

    def read(window: Window) -> Iterator[Observation]:
        for owner, pk, *values in read_events(window):
            if values[place] not in {None, ""}:
                yield Observation(owner, pk, values[place])

    return read


def read_events(window: Window) -> list[Any]:
    """Owner, key and `UPLOAD_FIELDS` of the window's upload events, which are read once."""
    if "uploads" not in window.held:
        rows = within(UploadEvent.objects, window).values_list("owner", "pk", *UPLOAD_FIELDS)
        window.held["uploads"] = list(rows.iterator())
    return window.held["uploads"]


def within(rows: Any, window: Window) -> Any:
    found = rows.filter(created_at__gte=window.since, created_at__lt=window.until).order_by()
    return found if window.one_of == 1 else found.filter(draw_wearers(window.one_of))


def draw_wearers(one_of: int) -> Exact:
    """The rows of one of so many wearers: always the same ones, and those of 4 are among those of 2.

    By PostgreSQL's own hash of the account's number, which it keeps as it is from release to release (it places rows in
    partitions). It has nothing to do with when somebody came.
    """
    hashed = Func(F("owner_id"), Value(0, BigIntegerField()), function="hashint8extended")
    return Exact(Mod(hashed, one_of, output_field=BigIntegerField()), 0)


def choose_share(since: datetime, until: datetime) -> int:
    """One of how many wearers is read of what came since then, a power of two: all, up to MOST_WEARERS."""
    if User.objects.count() <= windows.MOST_WEARERS:
        return 1
    window = Window(since, until)
    most = max(
        within(rows.objects, window).values("owner").distinct().count()
        for rows in (UploadEvent, Suggestion)
    )
    one_of = 1
    while most > one_of * windows.MOST_WEARERS:
        one_of *= 2
    return one_of


def read_refusals(window: Window) -> Iterator[Observation]:
    place = UPLOAD_FIELDS.index("refusal")
    for owner, pk, *values in read_events(window):
        yield Observation(owner, pk, values[place] or NOT_REFUSED)


def read_kept(window: Window) -> Iterator[Observation]:
    """Megapixels that are kept of uploads that could be decoded."""
    megapixels, aspect, brightness = map(
        UPLOAD_FIELDS.index, ("megapixels", "aspect", "brightness")
    )
    for owner, pk, *values in read_events(window):
        if values[megapixels] and values[aspect] and values[brightness] is not None:
            kept = read_kept_megapixels(values[megapixels], values[aspect])
            yield Observation(owner, pk, kept)


def read_garments_a_photo(window: Window) -> Iterator[Observation]:
    photos = within(Photo.objects.filter(status=Photo.Status.READY), window)
    for owner, pk, count in photos.annotate(n=Count("garments")).values_list("owner", "pk", "n"):
        yield Observation(owner, pk, say_count(count))


def say_count(garments: int) -> str:
    return str(garments) if garments < MOST_GARMENTS else f"{MOST_GARMENTS} or more"


def read_described(window: Window) -> Iterator[tuple[int, Any, Garment]]:
    """Owner, key and row of garments that a model described."""
    rows = within(Garment.objects.filter(call__isnull=False), window)
    for garment in rows.only("owner_id", "type", "model_values", "confidence").iterator():
        yield garment.owner_id, garment.pk, garment


def read_types(window: Window) -> Iterator[Observation]:
    """As the model said, whatever the wearer made of it."""
    for owner, pk, garment in read_described(window):
        yield Observation(owner, pk, str(garment.model_values.get("type") or garment.type))


def read_confidence(window: Window) -> Iterator[Observation]:
    for owner, pk, garment in read_described(window):
        if "type" in garment.confidence:
            yield Observation(owner, pk, float(garment.confidence["type"]))


def read_occasions(window: Window) -> Iterator[Observation]:
    rows = within(Suggestion.objects, window).values_list("owner", "pk", "event__kind")
    yield from (Observation(*row) for row in rows.iterator())


def read_weather(window: Window) -> Iterator[Observation]:
    rows = within(Suggestion.objects, window).values_list("owner", "pk", "weather__categories")
    for owner, pk, categories in rows.iterator():
        if categories:
            yield Observation(owner, pk, f"{categories['temperature']}, {categories['rain']}")


def golden_measure(name: str) -> ReadGolden:
    """One of the measures of the golden photos that were measured."""

    def read(golden: GoldenPhotos) -> Iterator[Observation]:
        for one in golden.examples:
            if picture := golden.pictures.get(str(one.file.name)):
                yield Observation(f"example {one.pk}", one.pk, float(getattr(picture, name)))

    return read


def read_labels(golden: GoldenPhotos) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Key and labelled garments of the golden photos whose label names garments."""
    for one in golden.examples:
        if "garments" in one.expected:
            yield one.pk, one.expected["garments"]


def golden_formats(golden: GoldenPhotos) -> Iterator[Observation]:
    for one in golden.examples:
        for name in set(one.slices).intersection(PILLOW_FORMATS):
            yield Observation(f"example {one.pk}", one.pk, name)


def golden_garments(golden: GoldenPhotos) -> Iterator[Observation]:
    for pk, garments in read_labels(golden):
        yield Observation(f"example {pk}", pk, say_count(len(garments)))


def golden_types(golden: GoldenPhotos) -> Iterator[Observation]:
    for pk, garments in read_labels(golden):
        for place, garment in enumerate(garments):
            yield Observation(f"example {pk}", f"{pk}.{place}", garment["type"])


def find_photos(unit: str, keys: Sequence[Any]) -> QuerySet[Photo]:
    """The photos of rows of one unit, as far as they are there; none of questions."""
    if unit == "uploads":
        return Photo.objects.filter(pk__in=UploadEvent.objects.filter(pk__in=keys).values("photo"))
    if unit == "garments":
        return Photo.objects.filter(pk__in=Garment.objects.filter(pk__in=keys).values("photo"))
    return Photo.objects.filter(pk__in=keys) if unit == "photos" else Photo.objects.none()


UPLOADS = "admin:wardrobe_uploadevent_changelist"
PHOTOS = "admin:wardrobe_photo_changelist"
GARMENTS = "admin:wardrobe_garment_changelist"
SUGGESTIONS = "admin:styling_suggestion_changelist"
DESCRIBED = (("call__isnull", "False"),)


def choose_count(value: str) -> dict[str, str]:
    """Of photos by how many garments are on them, as `say_count` says it."""
    count, _, is_more = value.partition(" ")
    return {f"garment_count__{'gte' if is_more else 'exact'}": count}


def choose_weather(value: str) -> dict[str, str]:
    temperature, _, rain = value.partition(", ")
    found = {"temperature": temperature, "rain": rain}
    return {f"weather__categories__{name}": word for name, word in found.items()}


def upload_property(name: str, title: str, *, bins: int = 0, **options: Any) -> Property:
    """Of a field of upload events that has its name."""
    read = read_uploads(name)
    return Property(name, title, "uploads", read, bins, listing=UPLOADS, field=name, **options)


PROPERTIES: list[Property] = [
    upload_property("format", "Format", golden=golden_formats),
    Property(
        "refusal",
        "Refused uploads",
        "uploads",
        read_refusals,
        listing=UPLOADS,
        field="refusal",
        blank=NOT_REFUSED,
    ),
    upload_property("colour_profile", "Colour profile"),
    upload_property(
        "megapixels",
        "Megapixels",
        bins=5,
        golden=golden_measure("megapixels"),
        read_as_golden=read_kept,
    ),
    upload_property("brightness", "Brightness", bins=5, golden=golden_measure("brightness")),
    upload_property("blur", "Blur", bins=5, golden=golden_measure("blur")),
    Property(
        "garments",
        "Garments a photo",
        "photos",
        read_garments_a_photo,
        golden=golden_garments,
        listing=PHOTOS,
        always=(("status__exact", "ready"),),
        choose=choose_count,
    ),
    Property(
        "type",
        "Predicted type",
        "garments",
        read_types,
        golden=golden_types,
        listing=GARMENTS,
        field="said_type",
        always=DESCRIBED,
    ),
    Property(
        "confidence",
        "Confidence of the type",
        "garments",
        read_confidence,
        bins=10,
        listing=GARMENTS,
        field="told_confidence",
        always=(*DESCRIBED, ("told_confidence__isnull", "False")),
    ),
    Property(
        "occasion",
        "Occasion",
        "suggestions",
        read_occasions,
        listing=SUGGESTIONS,
        field="event__kind",
    ),
    Property(
        "weather",
        "Weather",
        "suggestions",
        read_weather,
        listing=SUGGESTIONS,
        choose=choose_weather,
    ),
]
