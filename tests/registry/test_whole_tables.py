"""Guarded tables are not emptied at once, and a finished call's answer is never rewritten."""

import pytest
from django.db import IntegrityError, connection, transaction

from registry.models import InferenceCall
from tests.factories import make_call

pytestmark = pytest.mark.django_db

GUARDED = """
    SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
"""


def list_guarded() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(GUARDED)
        return sorted(name for (name,) in cursor.fetchall())


def test_no_guarded_table_is_emptied_at_once() -> None:
    tables = list_guarded()
    assert {"registry_inferencecall", "registry_deployment", "feedback_trainingrow"} <= set(tables)
    for table in tables:
        with (
            pytest.raises(IntegrityError, match="is not emptied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"TRUNCATE {table} CASCADE")


def finish(**fields: object) -> InferenceCall:
    call = make_call()
    done = {"outcome": "succeeded", "output": {"type": "shirt"}, "finished_at": "2026-11-01T00:00Z"}
    InferenceCall.objects.filter(pk=call.pk).update(**{**done, **fields})
    return call


@pytest.mark.parametrize("answer", [{"type": "coat"}, {}, [], "", "shirt"])
def test_the_answer_of_a_finished_call_is_not_rewritten(answer: object) -> None:
    call = finish()
    with pytest.raises(IntegrityError, match="its answer stays"), transaction.atomic():
        InferenceCall.objects.filter(pk=call.pk).update(output=answer)
    call.refresh_from_db()
    assert call.output == {"type": "shirt"}


def test_a_failed_call_is_given_no_answer_later() -> None:
    call = finish(outcome="failed", output=None)
    with pytest.raises(IntegrityError, match="its answer stays"), transaction.atomic():
        InferenceCall.objects.filter(pk=call.pk).update(output={"type": "coat"})


def test_what_else_is_known_of_a_call_may_be_added() -> None:
    call = finish()
    InferenceCall.objects.filter(pk=call.pk).update(violations=[{"code": "x", "shown": True}])
    call.refresh_from_db()
    assert call.faults_shown == ["x"]


def test_calls_that_are_kept_no_longer_are_deleted() -> None:
    call = finish()
    assert InferenceCall.objects.filter(pk=call.pk).delete()[0] == 1
