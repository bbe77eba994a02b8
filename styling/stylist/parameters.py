"""What a version of the built-in stylist decides by: rules that are on or off, weights, and its tone."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class StrictParameters(BaseModel):
    """A misspelt parameter is an error, not a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rules(StrictParameters):
    """`heat` keeps coats out of summer, `rain` asks for cover, `formality` keeps to the occasion."""

    heat: bool = True
    rain: bool = True
    formality: bool = True


class Weights(StrictParameters):
    """How much each taste counts beside warmth, weather and formality; only their ratios matter."""

    harmony: float = Field(default=0.35, ge=0)
    preference: float = Field(default=0.2, ge=0)
    freshness: float = Field(default=0.25, ge=0)
    favourites: float = Field(default=0.05, ge=0)
    patterns: float = Field(default=0.1, ge=0)
    history: float = Field(default=0.05, ge=0)


class Parameters(StrictParameters):
    rules: Rules = Rules()
    weights: Weights = Weights()
    tone: Literal["warm", "terse"] = "warm"
    pace_ms: float = Field(default=0, ge=0, le=500)
    """Read by the built-in engine: its pause between two words, so that they can be followed."""

    @classmethod
    def of(cls, parameters: dict[str, Any]) -> "Parameters":
        """A version's `[parameters]`. Raises pydantic's ValidationError for what is not one."""
        return cls.model_validate(parameters)
