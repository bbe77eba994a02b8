"""Lines for machines: fields that can be asked for, and no words of people."""

import logging
from collections.abc import Iterator

import pytest
from django.db import transaction

from telemetry.lines import log_fields, log_move
from telemetry.traces import new_trace, within
from tests.dresscode.lines import Kept, keep_lines

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kept() -> Iterator[Kept]:
    with keep_lines() as kept:
        yield kept


def test_a_line_has_its_fields_and_its_trace(kept: Kept) -> None:
    with within(new_trace()) as trace:
        log_fields(logging.getLogger("x"), "call", task="greet", error_code="", n=0)
    (line,) = kept.read()
    assert (line["message"], line["task"], line["n"]) == ("call", "greet", 0)
    assert "error_code" not in line
    assert line["trace_id"] == line["request_id"] == trace.trace_id
    assert kept.texts[0].endswith(f"[{trace.trace_id}] call task=greet n=0")


def test_a_move_that_is_undone_leaves_no_line(kept: Kept) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        log_move("promote", actor=None, task="greet")
        raise RuntimeError
    assert kept.read("dresscode.moves") == []
    log_move("promote", actor=None, task="greet")
    assert [line["message"] for line in kept.read("dresscode.moves")] == ["promote"]
