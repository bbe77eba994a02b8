"""What is kept no longer goes by itself, and nothing else."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as site
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from django_rq import get_queue

from accounts.models import User
from dresscode.own_data import jobs, retention, transfers
from dresscode.own_data.models import Deletion, Transfer
from registry.models import CallRequest, InferenceCall
from registry.services.forgetting import forget_calls
from registry.services.sweeps import delete_old_requests
from styling.models import Event, Suggestion
from tests.factories import make_call, make_photo, make_version
from tests.own_data.wearers import bring, close_call, export, keep_request
from wardrobe.models import Garment
from wardrobe.photos import storage

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ("sweep_transfers", "carry_out_deletions", "forget_words", "delete_expired")


def age(days: float) -> None:
    """All calls ended so many days ago."""
    then = timezone.now() - timedelta(days=days)
    InferenceCall.objects.update(finished_at=then, started_at=then)


def list_answered() -> set[Any]:
    return {*InferenceCall.objects.exclude(output=None).values_list("pk", flat=True)}


def test_each_is_scheduled() -> None:
    assert {f"dresscode.own_data.jobs.{name}_job" for name in NAMES} <= site.SCHEDULED_JOBS.keys()
    assert {"registry.jobs.delete_old_requests_job", "wardrobe.jobs.sweep_orphans_job"} <= site.SCHEDULED_JOBS.keys()  # fmt: skip


def test_answers_go_after_thirty_days_and_the_calls_stay(alice: User) -> None:
    columns = ("pk", "outcome", "error_code", "latency_ms", "engine", "finished_at")
    age(29)
    assert jobs.forget_words_job() == 0
    age(31)
    calls = InferenceCall.objects.order_by("pk").values_list(*columns)
    before = list(calls)
    assert jobs.forget_words_job() == 2
    assert list(calls.all()) == before
    told = InferenceCall.objects.filter(task="suggest_outfit")
    assert [call.violations for call in told] == [[{"code": "false_claim", "message": "", "shown": True}]] * 2  # fmt: skip
    assert not CallRequest.objects.filter(call__in=told).exists()
    described = {garment.call_id for garment in Garment.objects.exclude(call=None)}
    assert list_answered() == described
    assert jobs.forget_words_job() == 0


def test_the_setting_counts(alice: User, settings: Any) -> None:
    settings.CALL_WORDS_KEPT_DAYS = 3
    age(4)
    CallRequest.objects.update(created_at=timezone.now() - timedelta(days=4))
    assert delete_old_requests() == 2
    assert retention.forget_old_answers() == 2


def test_evaluations_keep_their_answers(words: None) -> None:
    close_call(make_call(make_version(), subject="example:1"), {"garments": []})
    age(100)
    assert jobs.forget_words_job() == 0


def test_an_answer_that_came_after_its_wearer_had_gone_goes_within_the_hour(alice: User) -> None:
    late = close_call(
        make_call(make_version(), subject="suggestion:00000000-0000-0000-0000-000000000001"),
        {"prose": "late"},
    )
    keep_request(late, alice, "late")
    close_call(make_call(make_version(), subject="playground:1"), {"prose": "tried"})
    assert jobs.forget_words_job() == 1
    late.refresh_from_db()
    assert late.output is None and late.forgotten_at
    assert retention.forget_orphaned_answers() == 0


def test_a_subject_that_is_no_key_names_nobody(words: None) -> None:
    for subject in ("photo:1", "suggestion:", f"suggestion:{'-' * 36}", f"photo:{'0' * 40}"):
        close_call(make_call(make_version(), subject=subject), {"prose": "whose?"})
    assert retention.forget_orphaned_answers() == 4


def test_whose_an_answer_is_is_found_by_key_however_many_rows_there_are(
    alice: User, words: None
) -> None:
    """Not by reading every photo and every question, each hour."""
    fill_with_others(alice, 300)
    found: set[str] = set()

    def explain(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if str(sql).startswith("SELECT"):
            with connection.connection.cursor() as cursor:
                cursor.execute("EXPLAIN (FORMAT JSON) " + str(sql), params)
                [plan] = cursor.fetchone()
            found.update(
                node["Relation Name"]
                for node in list_nodes(plan[0]["Plan"])
                if "Relation Name" in node and "(id = CASE" in node.get("Index Cond", "")
            )
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "material"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        with connection.execute_wrapper(explain):
            retention.forget_orphaned_answers()
    assert found == {"wardrobe_photo", "styling_suggestion"}


def fill_with_others(owner: User, count: int) -> None:
    """Photos and questions that PostgreSQL has counted: of a table of no rows it reads any index as readily."""
    event = Event.objects.create(
        owner=owner, kind="work", date=timezone.localdate(), starts_at=time(9), ends_at=time(17)
    )
    for _ in range(count):
        make_photo(owner)
    Suggestion.objects.bulk_create(
        Suggestion(owner=owner, event=event, request_key=uuid4()) for _ in range(count)
    )
    for _ in range(3):
        close_call(make_call(make_version(), subject=f"photo:{uuid4()}"), {"garments": []})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE wardrobe_photo, styling_suggestion, registry_inferencecall")


def list_nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from list_nodes(part)


def test_a_call_that_has_not_ended_keeps_its_place(words: None) -> None:
    call = make_call()
    assert forget_calls([call.pk]) == 0
    call.refresh_from_db()
    assert call.forgotten_at is None


def test_an_export_is_there_for_a_day(page: Client, alice: User) -> None:
    transfer = transfers.request_export(alice)
    transfers.work_on(transfer.pk, seconds=60)
    transfer.refresh_from_db()
    assert jobs.delete_expired_job()["transfers"] == 0
    Transfer.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert page.get(f"/you/data/export/{transfer.pk}/").status_code == 404
    assert jobs.delete_expired_job()["transfers"] == 1
    assert not default_storage.exists(transfer.file)
    assert "was here for a day" in page.get("/you/data/").text


def test_an_import_waits_for_a_day(alice: User, charlie: User) -> None:
    transfer = bring(charlie, export(alice))
    Transfer.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert jobs.delete_expired_job()["transfers"] == 1
    assert not default_storage.exists(transfer.file)
    transfer.refresh_from_db()
    assert transfer.status == "dropped"
    assert not transfers.confirm_import(transfer)


def test_uploads_that_never_finished_go(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = storage.save_file(f"imports/{alice.pk}/lost.zip", b"half")
    assert jobs.delete_expired_job()["files"] == 0
    monkeypatch.setattr(retention, "STRAY_AFTER", timedelta(0))
    transfer = transfers.request_export(alice)
    transfers.work_on(transfer.pk, seconds=60)
    transfer.refresh_from_db()
    assert jobs.delete_expired_job()["files"] == 1
    assert not default_storage.exists(lost)
    assert default_storage.exists(transfer.file)


def test_sessions_that_ran_out_go(page: Client) -> None:
    assert jobs.delete_expired_job()["sessions"] == 0
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert jobs.delete_expired_job()["sessions"] == 1


def test_receipts_go_after_four_hundred_days(words: None) -> None:
    now = timezone.now()
    for days, token in ((399, "1" * 64), (401, "2" * 64)):
        Deletion.objects.create(
            owner_key=1, token_sha256=token, due_at=now, finished_at=now - timedelta(days=days)
        )
    assert jobs.delete_expired_job()["receipts"] == 1


def test_the_sweep_queues_what_nobody_works_on(alice: User) -> None:
    transfer = transfers.request_export(alice)
    assert jobs.sweep_transfers_job() == 1
    assert jobs.sweep_transfers_job() == 0
    (job,) = (one for one in get_queue("maintenance").jobs if str(transfer.pk) in one.args)
    job.perform()
    assert Transfer.objects.get().status == "done"
    assert jobs.sweep_transfers_job() == 0
