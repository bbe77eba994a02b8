"""The text of an answer as the task's model: cleaned, and found among whatever surrounds it."""

import math
from typing import Any

from pydantic import BaseModel, ValidationError

from registry.engines.base import OutputError
from registry.engines.objects import find_objects
from registry.tasks import AnyTask


def clean_text(text: str) -> str:
    """Text that PostgreSQL's jsonb and UTF-8 can hold: no NUL, no lone surrogate."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def clean_json(value: Any) -> Any:
    """A JSON value whose every string is clean. Raises ValueError for a number that is not finite."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} is no number")
    if isinstance(value, list):
        return [clean_json(item) for item in value]
    if isinstance(value, dict):
        return {clean_text(key): clean_json(item) for key, item in value.items()}
    return value


def parse_output(task: AnyTask, text: str) -> BaseModel:
    """The answer as the task's model. Raises OutputError. Raw newlines in strings are accepted, numbers
    that JSON does not have (NaN, Infinity, 1e999) are not."""
    if not text.strip():
        raise OutputError("The answer is empty", "empty_answer")
    try:
        return read_first(task, text)
    except ValidationError as error:
        raise OutputError(f"The answer has another shape: {error.error_count()} faults") from error
    except (ValueError, RecursionError) as error:
        raise OutputError(f"The answer is not JSON: {error}") from error


def read_first(task: AnyTask, text: str) -> BaseModel:
    """The first object that has the task's shape. Raises ValidationError, ValueError, RecursionError."""
    fault: ValidationError | None = None
    for value in find_objects(text):
        try:
            output: BaseModel = task.output.model_validate(clean_json(value))
            return output
        except ValidationError as error:
            fault = fault or error
    raise fault or ValueError("it holds no object")
