"""Taking people's words out of what is kept of calls and of golden examples. What is counted stays as it is."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from psycopg.types.json import Jsonb

from registry.models import (
    EXAMPLE_SUBJECT,
    CallRequest,
    CollectedExample,
    Example,
    ExampleResult,
    InferenceCall,
    InferenceCallQuerySet,
)
from registry.tasks import get_task

BATCH = 1_000
QUOTED = ("message", "found", "expected")
"""What checks and scores say in words, which may be those of the answer or the question."""
FORGET = """
    UPDATE registry_inferencecall SET output = NULL, error = '', forgotten_at = now(), violations = (
        SELECT coalesce(jsonb_agg(found.value || '{"message": ""}' ORDER BY found.place), '[]')
        FROM jsonb_array_elements(violations) WITH ORDINALITY found(value, place)
    ) WHERE id = ANY(%s) AND finished_at IS NOT NULL AND forgotten_at IS NULL
"""


def forget_calls(calls: Collection[UUID]) -> int:
    """Remove what calls were asked and what they answered; returns how many had something of it.

    Outcomes, codes of faults, tokens and times stay, and so does every figure. A call that has not ended is left to the
    job that looks for those whose row is gone.
    """
    ids, forgotten = list(calls), 0
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        with transaction.atomic(), connection.cursor() as cursor:
            CallRequest.objects.filter(call__in=some).delete()
            cursor.execute(FORGET, [some])
            forgotten += cursor.rowcount
    return forgotten


def list_old_answers(*, days: int | None = None) -> InferenceCallQuerySet:
    """Calls that people waited for and whose answer is older than it is kept: `CALL_WORDS_KEPT_DAYS` unless said."""
    kept = timedelta(days=settings.CALL_WORDS_KEPT_DAYS if days is None else days)
    answered = InferenceCall.objects.filter(output__isnull=False).exclude(
        subject__startswith=EXAMPLE_SUBJECT
    )
    return answered.filter(finished_at__lt=Now() - kept)


@transaction.atomic
def blank_examples(examples: Iterable[CollectedExample]) -> int:
    """Blank the words in published examples whose wearer is gone, and in what versions answered to them.

    They stay the same questions, as far as those can be asked without words. Returns how many there were.
    """
    count = 0
    for one in examples:
        names = get_task(one.dataset.prompt.name).free_text
        one.input, one.expected = blank(one.input, names), blank(one.expected, names)
        one.save(update_fields=["input", "expected"])
        for example in Example.objects.filter(sha256=one.sha256):
            blank_example(example, names)
        count += 1
    return count


def blank_example(example: Example, names: Collection[str]) -> None:
    results = ExampleResult.objects.filter(example=example)
    if names:
        asked, wanted = blank(example.input, names), blank(example.expected, names)
        call_function("registry_blank_example", example.pk, Jsonb(asked), Jsonb(wanted))
        for result in results:
            told = [Jsonb(blank(result.output, names)) if result.output is not None else None]
            told += [Jsonb(blank(value, QUOTED)) for value in (result.violations, result.fields)]
            call_function("registry_blank_result", result.pk, *told)
    forget_calls([call for call in results.values_list("call_id", flat=True) if call])


def call_function(name: str, *values: Any) -> None:
    """One of the functions in `registry/sql/forgetting.sql`."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name}({', '.join(['%s'] * len(values))})", values)  # noqa: S608


def blank(value: Any, names: Collection[str], *, is_named: bool = False) -> Any:
    """A JSON value with the strings under these names empty, at whatever depth."""
    if isinstance(value, dict):
        return {
            key: blank(item, names, is_named=is_named or key in names)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [blank(item, names, is_named=is_named) for item in value]
    return "" if is_named and isinstance(value, str) else value
