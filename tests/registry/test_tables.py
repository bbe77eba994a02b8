"""Rows of the admin's lists are taken along as CSV: what the list shows, in cells that no spreadsheet runs."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from feedback.models import Correction
from monitoring.models import Alert
from registry import roles
from registry.admin.tables import MARK, write_cell
from registry.models import DatasetVersion, Deployment, InferenceCall, Prompt
from tests.factories import make_call, make_garment, make_reviewer, make_user
from tests.monitoring.alerts.rows import make_rule
from tests.registry.api_client import make_member
from tests.registry.golden import pass_and_promote, recall_guests

pytestmark = pytest.mark.django_db(transaction=True)

CALLS = "/admin/registry/inferencecall/export/"


@pytest.fixture
def author(client: Client) -> Client:
    client.force_login(make_member(roles.AUTHOR))
    return client


async def read_all(answer: Any) -> bytes:
    return b"".join([block async for block in answer])


def read(answer: Any) -> list[dict[str, str]]:
    """The rows of a file, each by its headings."""
    assert answer.status_code == 200 and answer.streaming
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    text = async_to_sync(read_all)(answer).decode()
    assert text.startswith(MARK) and text.encode().startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text.removeprefix(MARK), newline="")))


def export(client: Client, model: str, *rows: Any, **query: str) -> Any:
    address = reverse(f"admin:{model}_changelist", query=query)
    chosen = [row.pk for row in rows]
    return client.post(address, {"action": "export_csv", "_selected_action": chosen})


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x.example")']
)
def test_no_cell_is_a_formula(cell: str) -> None:
    assert write_cell(cell) == f"'{cell}"
    assert write_cell(mark_safe(f"<b>{cell}</b>")) == f"'{cell}"  # noqa: S308


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        ("–", ""),
        (-1.5, "-1.5"),
        (True, "yes"),
        (datetime(2026, 11, 30, 12, 0, 1, 5, tzinfo=UTC), "2026-11-30 12:00:01+00:00"),
        (mark_safe('<a href="/">A &amp; B</a>'), "A & B"),
    ],
)
def test_a_cell_says_what_the_list_says(value: object, written: str) -> None:
    assert write_cell(value) == written


def test_moves_are_taken_along_in_words(author: Client, prompt: Prompt, tmp_path: Path) -> None:
    golden = recall_guests(tmp_path)
    pass_and_promote(prompt, golden)
    pass_and_promote(prompt, golden)
    page = author.get(reverse("admin:registry_deployment_changelist")).content.decode()
    assert "Export selected as CSV" in page
    newest, oldest = Deployment.objects.all()
    row, other = read(export(author, "registry_deployment", newest, oldest))
    assert (row["Kind"], row["From version"], row["To version"]) == (
        "Promoted",
        "greet v1",
        "greet v2",
    )
    assert other["From version"] == "" and other["Kind"] == "First version"
    (alone,) = read(export(author, "registry_deployment", newest))
    assert alone == row


def test_evaluations_are(author: Client, prompt: Prompt, tmp_path: Path) -> None:
    golden: DatasetVersion = recall_guests(tmp_path)
    version = pass_and_promote(prompt, golden)
    (row,) = read(export(author, "registry_evaluationrun", *version.evaluations.all()))
    assert row["Verdict"] == "Passed" and row["Fields right"].startswith("100.0%")


def make_correction() -> Correction:
    call = make_call()
    garment = make_garment(name="=Grandma's shirt")
    return Correction.objects.create(
        owner=garment.owner, garment=garment, field="type", model_value="shirt",
        user_value="=cmd()", confidence=0.62, version=call.version, call=call,
    )  # fmt: skip


def test_corrections_are_without_what_a_reviewer_may_not_read(client: Client) -> None:
    correction = make_correction()
    reviewer = make_reviewer()
    client.force_login(reviewer)
    (row,) = read(export(client, "feedback_correction", correction))
    assert row["The wearer says"] == "'=cmd()" and row["Review"] == "To review"
    assert "Garment" not in row and "Grandma" not in str(row)
    names = ["view_garment", "view_correction"]
    reviewer.user_permissions.set(Permission.objects.filter(codename__in=names))
    (row,) = read(export(client, "feedback_correction", correction))
    assert row["Garment"] == "'=Grandma's shirt"


def test_whoever_may_not_see_a_list_takes_nothing_of_it(client: Client) -> None:
    correction = make_correction()
    client.force_login(make_user("staff@example.org", is_staff=True))
    assert export(client, "feedback_correction", correction).status_code == 403
    for address in (CALLS, "/admin/monitoring/alert/export/"):
        assert client.get(address).status_code == 403


def test_calls_are_taken_along_as_they_are_filtered(author: Client) -> None:
    done = make_call(subject="photo:1")
    InferenceCall.objects.filter(pk=done.pk).update(
        outcome="failed", finished_at="2026-11-01T00:00Z", error_code="timeout", latency_ms=120.5
    )
    make_call()
    assert len(read(author.get(CALLS))) == 2
    (row,) = read(author.get(CALLS, {"outcome": "failed"}))
    assert (row["Of"], row["Outcome"], row["Whole answer, ms"]) == ("photo:1", "Failed", "120.5")
    page = author.get("/admin/registry/inferencecall/", {"outcome": "failed"}).content.decode()
    assert f'href="{CALLS}?outcome=failed"' in page
    refused = author.get(CALLS, {"slower": "very"})
    assert refused.status_code == 302 and "slower=very" in refused.url


def test_more_calls_than_a_page_has_come_in_the_order_of_the_list(
    author: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        make_call(subject=f"photo:{number}")
    monkeypatch.setattr("registry.calls.finding.PAGE_SIZE", 2)
    rows = read(author.get(CALLS))
    assert [row["Of"] for row in rows] == [f"photo:{n}" for n in (4, 3, 2, 1, 0)]
    monkeypatch.setattr("registry.admin.calls.EXPORTED", 3)
    assert len(read(author.get(CALLS))) == 3


def test_alerts_are(author: Client) -> None:
    rule = make_rule()
    now = timezone.now()
    Alert.objects.create(rule=rule, task="greet", state="firing", opened_at=now, seen_at=now)
    (row,) = read(author.get("/admin/monitoring/alert/export/"))
    assert (row["Rule"], row["State"]) == (str(rule), "Firing")
    assert "Export all as CSV" in author.get("/admin/monitoring/alert/").content.decode()
