"""Scenarios: a wardrobe, a weather and an event written down by hand, and what must be true of the answer.

Files of TOML. `wardrobes.toml` holds wardrobes that scenarios share; every other file of the
folder holds `[[scenarios]]`. A scenario is resolved to a question that stands alone: garments in
vocabulary words, dates, hours of weather. It is checked against the vocabulary that ships with the
code; the gaps of its garments are filled by the one that the version asked pins.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import (
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)

from styling.golden.expectations import (
    OutfitExpectation,
    StrictExpectation,
    garment_id,
    read_vocabulary,
)
from styling.stylist.comfort import read_comfort
from styling.stylist.context import Candidate, EventContext, GarmentFacts, OutfitContext
from styling.stylist.seasons import find_season
from styling.weather.model import WeatherHour, WeatherSnapshot, stated_weather, summarize_hours

JSON = dict[str, Any]

WARDROBES = "wardrobes.toml"
CLOUDY, RAINING, SNOWING = 3, 63, 73
"""WMO codes."""


class ScenarioError(ValueError):
    """A scenario that cannot be read, with its file and key."""


class ScenarioGarment(StrictExpectation):
    """A garment in vocabulary words; what is left out is as usual for its type."""

    key: str
    type: str
    name: str = ""
    colours: tuple[str, ...] = ("grey",)
    pattern: str = "solid"
    material: str = ""
    warmth: str = "medium"
    sleeve: str = ""
    length: str = ""
    layering: str = ""
    formality: str = ""
    seasons: tuple[str, ...] = ()
    style_tags: tuple[str, ...] = ()
    occasions: tuple[str, ...] = ()
    water_resistant: bool = False
    favourite: bool = False
    in_wash: bool = False
    worn_days_ago: int | None = None

    @property
    def words(self) -> Iterator[tuple[str, str]]:
        """Kind and value of everything that the vocabulary must know."""
        yield "type", self.type
        yield "warmth", self.warmth
        yield from (("colour", colour) for colour in self.colours)
        yield from (("season", season) for season in self.seasons)
        yield from (("style", tag) for tag in self.style_tags)
        yield from (("event", kind) for kind in self.occasions)
        optional = [("pattern", self.pattern), ("material", self.material)]
        optional += [("sleeve", self.sleeve), ("length", self.length)]
        optional += [("layering", self.layering), ("formality", self.formality)]
        yield from ((kind, value) for kind, value in optional if value)

    def as_facts(self, today: date) -> GarmentFacts:
        """The way every garment of a wearer comes to the stylist, but for the database."""
        return GarmentFacts(
            id=garment_id(self.key),
            name=self.name or self.key.replace("-", " ").capitalize(),
            type=self.type,
            colours=tuple({"name": name, "share": 1 / len(self.colours)} for name in self.colours),
            pattern=self.pattern,
            material=self.material,
            warmth=self.warmth,
            sleeve=self.sleeve,
            length=self.length,
            seasons=self.seasons,
            layering=self.layering,
            formality=self.formality,
            water_resistant=self.water_resistant,
            style_tags=self.style_tags,
            occasions=self.occasions,
            is_favourite=self.favourite,
            last_worn_on=self._worn_on(today),
        )

    def _worn_on(self, today: date) -> date | None:
        return None if self.worn_days_ago is None else today - timedelta(days=self.worn_days_ago)


class ScenarioEvent(StrictExpectation):
    """`hours` are from and until, on the clock of `zone`; until may be on the next day."""

    kind: str
    date: date
    hours: tuple[int, int] = (9, 17)
    zone: str = "Europe/Lisbon"
    note: str = ""

    @property
    def window(self) -> tuple[datetime, datetime]:
        begin, end = self.hours
        midnight = datetime.combine(self.date, time(), ZoneInfo(self.zone))
        later = timedelta(days=1) if end <= begin else timedelta()
        return midnight + timedelta(hours=begin), midnight + timedelta(hours=end) + later


class ScenarioWeather(StrictExpectation):
    """What the wearer `stated`, or hours: temperatures go evenly from the first to the second.

    `feels` are apparent temperatures where they differ; `wet_hours` are hours of the clock with
    `mm` of rain each; `daylight` is from and until. `hourly` are the hours of a forecast, in place of these.
    """

    stated: tuple[str, str] | None = None
    celsius: tuple[float, float] = (18, 18)
    feels: tuple[float, float] | None = None
    wet_hours: tuple[int, ...] = ()
    mm: float = Field(default=1.2, ge=0)
    snows: bool = False
    wind_kmh: float = Field(default=10, ge=0)
    uv: float = Field(default=2, ge=0)
    daylight: tuple[int, int] = (7, 19)
    hourly: tuple[WeatherHour, ...] = ()

    @model_serializer(mode="wrap")
    def _leave_out_hours(self, serialize: SerializerFunctionWrapHandler) -> JSON:
        """Without a forecast's hours it is stored as it was before there were any: its digest stays."""
        stored: JSON = serialize(self)
        return stored if self.hourly else {k: v for k, v in stored.items() if k != "hourly"}

    def read_snapshot(self, event: ScenarioEvent, sensitivity: int) -> WeatherSnapshot:
        starts, ends = event.window
        fetched_at = starts - timedelta(hours=2)
        if self.stated:
            return stated_weather(*self.stated, now=fetched_at)
        snapshot = summarize_hours(
            list(self.hourly or self._hours(starts, ends)),
            starts=starts,
            ends=ends,
            sensitivity=sensitivity,
            fetched_at=fetched_at,
        )
        if snapshot is None:
            raise ScenarioError("No hours of weather for this event.")
        return snapshot

    def _hours(self, starts: datetime, ends: datetime) -> Iterator[WeatherHour]:
        count = max(int((ends - starts).total_seconds() // 3600), 1)
        for index in range(count):
            at, share = starts + timedelta(hours=index), index / max(count - 1, 1)
            is_wet = at.hour in self.wet_hours
            falling = SNOWING if self.snows else RAINING
            yield WeatherHour(
                time=at,
                temperature_c=_between(self.celsius, share),
                apparent_c=_between(self.feels or self.celsius, share),
                precipitation_mm=self.mm if is_wet else 0.0,
                precipitation_probability=85 if is_wet else 5,
                wmo_code=falling if is_wet else CLOUDY,
                wind_kmh=self.wind_kmh,
                uv=self.uv,
                is_day=self.daylight[0] <= at.hour < self.daylight[1],
            )


class ScenarioWearer(StrictExpectation):
    sensitivity: int = Field(default=0, ge=-2, le=2)
    likes: str = ""
    dislikes: str = ""
    repeat_days: int = 7
    units: str = "metric"


class ScenarioQuestion(StrictExpectation):
    """Everything that the stylist is told. `seen` are outfits of this session, by garments' keys."""

    garments: tuple[ScenarioGarment, ...]
    event: ScenarioEvent
    weather: ScenarioWeather | None = None
    no_forecast: str = ""
    wearer: ScenarioWearer = ScenarioWearer()
    start_from: str = ""
    seen: tuple[tuple[str, ...], ...] = ()
    seed: int = 0

    def as_context(self) -> OutfitContext:
        """The question as inference gets it, to be read by the words that a version pins. No clock and
        no database are read."""
        starts, ends = self.event.window
        wearer, today, words = self.wearer, self.event.date, read_vocabulary()
        offered = [piece for piece in self.garments if not piece.in_wash]
        washing = [piece for piece in self.garments if piece.in_wash]
        return OutfitContext(
            event=EventContext.of(
                self.event.kind,
                starts=starts,
                ends=ends,
                note=self.event.note,
                season=find_season(self.event.date, None, self.event.zone),
                words=words,
            ),
            weather=self._read_weather(),
            wardrobe=tuple(Candidate.of(piece.as_facts(today), words) for piece in offered),
            today=today,
            sensitivity=wearer.sensitivity,
            likes=wearer.likes,
            dislikes=wearer.dislikes,
            repeat_days=wearer.repeat_days,
            start_from=garment_id(self.start_from) if self.start_from else None,
            avoid=frozenset(frozenset(map(garment_id, outfit)) for outfit in self.seen),
            seed=self.seed,
            units=wearer.units,
            no_forecast=self.no_forecast,
            unavailable=frozenset(garment_id(piece.key) for piece in washing),
            words=words,
        )

    def _read_weather(self) -> WeatherSnapshot | None:
        if self.weather is None:
            return None
        return self.weather.read_snapshot(self.event, self.wearer.sensitivity)


class Scenario(StrictExpectation):
    """One example of the suite. `intent` says in a sentence what a stylist would see to."""

    key: str
    intent: str
    slices: tuple[str, ...] = Field(min_length=1)
    question: ScenarioQuestion
    expected: OutfitExpectation


def read_scenarios(directory: Path) -> Iterator[Scenario]:
    """All scenarios of a folder, by file and in their order. Raises ScenarioError."""
    wardrobes, known = read_wardrobes(directory / WARDROBES), set[str]()
    for path in sorted(directory.glob("*.toml")):
        if path.name == WARDROBES:
            continue
        for entry in tomllib.loads(path.read_text()).get("scenarios", ()):
            key = str(entry.get("key", "(no key)"))
            try:
                scenario = resolve_scenario(entry, wardrobes)
                check_words(scenario)
                check_questions(scenario)
            except (ValidationError, ScenarioError, LookupError) as error:
                raise ScenarioError(f"{path.name}, {key}: {error}") from error
            if key in known:
                raise ScenarioError(f"{path.name}, {key}: this key is taken.")
            known.add(key)
            yield scenario


def read_wardrobes(path: Path) -> dict[str, dict[str, JSON]]:
    """Wardrobes by name, garments by key. `[grown.NAME]` makes one of every type, colour and warmth."""
    file = tomllib.loads(path.read_text())
    wardrobes: dict[str, dict[str, JSON]] = dict(file.get("wardrobes", {}))
    for name, axes in file.get("grown", {}).items():
        wardrobes[name] = {
            f"{colour}-{warmth}-{type_}": {"type": type_, "colours": [colour], "warmth": warmth}
            for type_, colour, warmth in product(axes["types"], axes["colours"], axes["warmths"])
        }
    return wardrobes


def resolve_scenario(entry: JSON, wardrobes: Mapping[str, Mapping[str, JSON]]) -> Scenario:
    """Fill in the shared wardrobe: `only` and `without` choose of it by key, type or slot, `more`
    adds garments or changes them; `worn` (days ago), `in_wash` and `favourites` are for short."""
    entry = dict(entry)
    garments = {key: dict(piece) for key, piece in wardrobes[entry.pop("wardrobe")].items()}
    only, without = entry.pop("only", None), entry.pop("without", ())
    chosen = {
        key: piece
        for key, piece in garments.items()
        if (only is None or _is_among(key, piece, only)) and not _is_among(key, piece, without)
    }
    for key, changes in entry.pop("more", {}).items():
        chosen[key] = {**chosen.get(key, {}), **changes}
    for key, days in entry.pop("worn", {}).items():
        chosen[key]["worn_days_ago"] = days
    for name, keys in {
        "in_wash": entry.pop("in_wash", ()),
        "favourite": entry.pop("favourites", ()),
    }.items():
        for key in keys:
            chosen[key][name] = True
    known = {name: entry.pop(name) for name in ("key", "intent", "slices") if name in entry}
    expected = entry.pop("expect", {})
    question = {"garments": [{"key": key, **piece} for key, piece in chosen.items()], **entry}
    return Scenario.model_validate({**known, "question": question, "expected": expected})


def check_words(scenario: Scenario) -> None:
    """Raises ScenarioError for a word outside the vocabulary, or a garment that is not there."""
    kinds = read_vocabulary().kinds
    question, expected = scenario.question, scenario.expected
    told = [word for garment in question.garments for word in garment.words]
    told += [("event", question.event.kind)]
    if expected.formality:
        told += [("formality", word) for word in expected.formality.among]
    for kind, value in told:
        if value not in kinds[kind]:
            raise ScenarioError(f"{value!r} is no {kind}.")
    keys = {garment.key for garment in question.garments}
    named = {key for outfit in question.seen for key in outfit} | {question.start_from} - {""}
    types, slots = kinds["type"], {term.slot for term in kinds["type"].values()}
    for name in named | set(expected.names):
        if name not in keys and not (name in expected.names and (name in types or name in slots)):
            raise ScenarioError(f"{name!r} is neither one of its garments, nor a type or a slot.")


def check_questions(scenario: Scenario) -> None:
    """Raises ScenarioError when rain falls, or outfits were seen, and nothing is asked about it."""
    expected, question = scenario.expected, scenario.question
    if read_comfort(question.as_context()).is_wet and expected.rain is None:
        raise ScenarioError("It is wet: say what keeps the rain off.")
    if question.seen and expected.variety is None:
        raise ScenarioError("Outfits were seen: ask for another.")


def _is_among(key: str, piece: JSON, names: Iterable[str]) -> bool:
    slot = read_vocabulary().kinds["type"][piece["type"]].slot
    return bool({key, piece["type"], slot} & set(names))


def _between(ends: tuple[float, float], share: float) -> float:
    return round(ends[0] + (ends[1] - ends[0]) * share, 1)
