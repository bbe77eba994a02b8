"""Trips, as they stand in an export."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from dresscode.own_data.archive.values import Day, Name, Readable, Short, Strict, Word


class LegRecord(Strict):
    """A place of a trip from a day on, and what its wearer expects of the sky there."""

    starts_on: Day
    place: Short
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    time_zone: Name = "UTC"
    temperature: Word = ""
    rain: Word = ""


class TripOccasionRecord(Strict):
    """What a day of a trip is for, and what is worn to it."""

    day: Day
    kind: Word
    position: Annotated[int, Field(ge=0, le=100)] = 0
    worn: Annotated[list[UUID], Field(max_length=30)] = []


class TripPieceRecord(Strict):
    garment: UUID
    role: Literal["chosen", "added", "left_out"] = "chosen"
    copies: Annotated[int, Field(ge=0, le=32_767)] = 1
    is_packed: bool = False
    is_worn_there: bool = False
    is_spare: bool = False


class TripRecord(Strict):
    """Some days away, with the list of what is packed."""

    id: UUID
    name: Annotated[str, StringConstraints(max_length=80), Readable]
    starts_on: Day
    ends_on: Day
    wash_days: Annotated[list[Day], Field(max_length=100)] = []
    wears_longer: bool = False
    is_planned: bool = False
    legs: Annotated[list[LegRecord], Field(max_length=100)] = []
    occasions: Annotated[list[TripOccasionRecord], Field(max_length=500)] = []
    pieces: Annotated[list[TripPieceRecord], Field(max_length=2000)] = []
