"""Records of what was done with garments besides wearing them, of other calendars, and of what a wearer wants to be told."""

from datetime import time
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from dresscode.own_data.archive.values import MANY, Day, Line, Moment, Readable, Short, Strict, Word


class CareRecord(Strict):
    """A garment was washed, put into the wash, repaired or lent; `before` of a wash is not told."""

    garment: UUID
    kind: Literal["basket", "washed", "repair", "lent"]
    day: Day
    pieces: Annotated[int, Field(ge=1, le=32_767)] = 1
    whom: Annotated[str, StringConstraints(max_length=80), Readable] = ""
    until: Day | None = None
    ended_on: Day | None = None
    noted_at: Moment


class EventRecord(Strict):
    """An event of a calendar that is read. For reading: it is not taken in."""

    title: Annotated[str, StringConstraints(max_length=200), Readable] = ""
    date: Day
    starts_at: time
    ends_at: time
    is_all_day: bool = False
    kind: Word = ""


class CalendarRecord(Strict):
    """A calendar elsewhere that is read for the wearer."""

    url: Annotated[str, StringConstraints(max_length=2000), Readable]
    name: Short = ""
    events: Annotated[list[EventRecord], MANY] = []


class RuleRecord(Strict):
    """Which words in a title make an occasion of which kind; in their order."""

    words: Line
    kind: Word = ""


class DeviceRecord(Strict):
    """A browser that shows notifications. For reading: it is not taken in."""

    name: Annotated[str, StringConstraints(max_length=80), Readable] = ""
    push_service: Short = ""
    added_at: Moment


class NotificationRecord(Strict):
    """What its wearer wants to be told, and when; weekdays from Monday, which is 0."""

    morning: bool = False
    sky: bool = False
    wash: bool = False
    at: time
    quiet_days: Annotated[list[Annotated[int, Field(ge=0, le=6)]], Field(max_length=7)] = []
    devices: Annotated[list[DeviceRecord], Field(max_length=100)] = []


class ShelfRecord(Strict):
    """A shelf of the wearer's. Whom it was shared with is for reading: an import shares with nobody."""

    id: UUID
    name: Annotated[str, StringConstraints(max_length=60), Readable]
    garments: Annotated[list[UUID], Field(max_length=1000)] = []
    shared_with: Annotated[list[Short], Field(max_length=100)] = []
    made_at: Moment


class BorrowedRecord(Strict):
    """A day on which a piece of somebody else was worn, in which outfit. What it was is its owner's to tell."""

    day: Day | None = None
    outfit: UUID | None = None


class OpinionRecord(Strict):
    """What the wearer said of an outfit that somebody of their household showed. For reading."""

    verdict: Word
    words: Annotated[str, StringConstraints(max_length=200), Readable] = ""
    said_at: Moment


class MembershipRecord(Strict):
    """The household that a wearer is in. For reading: one is joined by invitation. `asked_for` counts what they asked
    others for and wait for."""

    name: Annotated[str, StringConstraints(max_length=60), Readable]
    called: Annotated[str, StringConstraints(max_length=40), Readable]
    is_owner: bool
    asks_first: bool
    joined_at: Moment
    asked_for: int = 0


class HouseholdRecord(Strict):
    """Shelves are taken in; the rest is for reading. `invitations` are addresses that the wearer invited and nobody has
    answered from, `shown` are the outfits that the household may look at."""

    membership: MembershipRecord | None = None
    invitations: Annotated[list[Line], Field(max_length=100)] = []
    shelves: Annotated[list[ShelfRecord], Field(max_length=100)] = []
    borrowed: Annotated[list[BorrowedRecord], MANY] = []
    shown: Annotated[list[UUID], Field(max_length=100)] = []
    opinions: Annotated[list[OpinionRecord], MANY] = []


class SharedRecord(Strict):
    """A picture of an outfit at an address of this site. For reading: addresses are not taken in."""

    outfit: UUID
    address: Line
    shape: Word
    with_line: bool
    with_names: bool
    description: Line
    made_at: Moment
    withdrawn_at: Moment | None = None
