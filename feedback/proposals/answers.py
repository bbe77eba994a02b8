"""The right answer to a photo: what a model had answered, with what people said in its place."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from feedback.models import Correction
from registry.prompts.bundles import Bundle
from wardrobe.tasks import DigitizeAnswer, DigitizeContext, DigitizePhoto

JSON = dict[str, Any]
SETTLED = (Correction.Review.ACCEPTED, Correction.Review.DISMISSED)


def write_answer(corrections: Iterable[Correction], bundle: Bundle) -> JSON | None:
    """The answer that was corrected, as the schema of a version asks for it; `corrections` are all of its call.

    None where one of them waits or nobody knows what is right, or where the words of the version do not hold the answer.
    """
    rows = list(corrections)
    output = rows[0].call.output if rows else None
    if not output or any(row.review not in SETTLED for row in rows):
        return None
    try:
        answer = DigitizeAnswer.model_validate(output).model_dump()
    except ValidationError:  # Of another release.
        return None
    for row in rows:
        if row.review == Correction.Review.ACCEPTED and not put_right(answer, row):
            return None
    task = DigitizePhoto()
    context = task.pin_context(DigitizeContext.of(b""), bundle)
    if task.check(context, DigitizeAnswer.model_validate(answer)):
        return None
    fitted: JSON = fit_schema(answer, task.schema(context, bundle["parameters"]))
    return fitted


def put_right(answer: JSON, correction: Correction) -> bool:
    """Whether the answer has the garment and the attribute that a correction is of."""
    for seen in answer["garments"]:
        if seen["box"] == correction.box and correction.field in seen:
            seen[correction.field] = correction.user_value
            seen["confidence"][correction.field] = 1.0
            if correction.field == "type":
                seen["alternatives"] = []
            return True
    return False


def fit_schema(value: Any, schema: Mapping[str, Any]) -> Any:
    """What a schema asks for of a value, in the schema's order."""
    if "properties" in schema:
        parts = schema["properties"].items()
        return {name: fit_schema(value[name], part) for name, part in parts if name in value}
    if "items" in schema:
        return [fit_schema(one, schema["items"]) for one in value]
    return value
