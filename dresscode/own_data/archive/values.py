"""What a value in an export may be: text that is readable, numbers that are finite, days of our time."""

import math
import re
from datetime import date, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

MOST_ROWS = 20_000
"""Of each kind; a wardrobe of two thousand pieces with ten years of wears has fewer."""
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)


def keep_readable(text: str) -> str:
    """Without what no database holds, and no page shows."""
    return CONTROLS.sub("", text)


def check_finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError("not a number")
    return number


def check_year(moment: datetime) -> datetime:
    if not FIRST_DAY.year <= moment.year <= LAST_DAY.year:
        raise ValueError("not in our time")
    return moment


Readable = AfterValidator(keep_readable)
Line = Annotated[str, StringConstraints(max_length=300), Readable]
Short = Annotated[str, StringConstraints(max_length=120), Readable]
Name = Annotated[str, StringConstraints(max_length=64), Readable]
Text = Annotated[str, StringConstraints(max_length=20_000), Readable]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,32}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[float, AfterValidator(check_finite)]
Share = Annotated[float, Field(ge=0, le=1)]
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
Moment = Annotated[AwareDatetime, AfterValidator(check_year)]
Currency = Annotated[str, StringConstraints(pattern=r"^([A-Z]{3})?$")]
Words = Annotated[list[Word], Field(max_length=40)]
Lines = Annotated[list[Text], Field(max_length=100)]


class Strict(BaseModel):
    """Nothing but what is named here."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


MANY = Field(max_length=MOST_ROWS)
