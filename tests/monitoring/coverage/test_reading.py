"""The mix of people's questions and of golden examples, as the hourly report stores it."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from monitoring.coverage.reading import find_calls, read_asked
from monitoring.drift.windows import Window
from monitoring.jobs import report_drift_job
from monitoring.models import DriftReport
from registry.models import (
    CallRequest,
    Dataset,
    DatasetChange,
    DatasetVersion,
    Example,
    InferenceCall,
    PromptVersion,
)
from registry.tasks import get_task
from tests.factories import (
    make_call,
    make_described_garment,
    make_operator,
    make_photo,
    make_user,
)
from tests.monitoring.calls import end_call
from wardrobe.models import UploadEvent

pytestmark = pytest.mark.django_db

TASK = "suggest_outfit"
FROST = {"stated": ["freezing", "dry"]}
MILD = {"stated": ["mild", "dry"]}
SHIRT = {"key": "shirt", "type": "shirt"}
SCARF = {"key": "scarf", "type": "scarf"}


def write_question(
    weather: dict[str, object], note: str = "", *garments: object
) -> dict[str, object]:
    return {
        "event": {"kind": "casual", "date": "2026-11-20", "note": note},
        "weather": weather,
        "garments": [SHIRT, *garments],
    }


def ask(
    version: PromptVersion, weather: dict[str, object], owner: User | None = None
) -> CallRequest:
    task = get_task(TASK)
    context = task.example_context(write_question(weather, "my sister's secret party"), b"")
    return CallRequest.objects.create(
        call=end_call(version),
        owner=owner or make_user(),
        system="",
        user="",
        schema={},
        picture_sha256s=[],
        context=task.store_context(context),
    )


def judge_by(version: PromptVersion, question: dict[str, object]) -> None:
    """Sixty golden scenarios that ask one question."""
    dataset = Dataset.objects.create(prompt=version.prompt, name="golden")
    golden = DatasetVersion.objects.create(dataset=dataset, number=1, sha256="0" * 64)
    examples = [
        Example(dataset_version=golden, ordinal=n, key=str(n), input=question, expected={})
        for n in range(60)
    ]
    Example.objects.bulk_create(examples)
    DatasetChange.objects.create(dataset=dataset, to_version=golden)
    Dataset.objects.filter(pk=dataset.pk).update(current=golden)


def this_month() -> Window:
    now = timezone.now()
    return Window(now - timedelta(days=28), now + timedelta(minutes=1))


def test_a_wearer_has_one_vote_the_newest(live: PromptVersion) -> None:
    ada = make_user()
    ask(live, MILD, ada)
    newest = ask(live, FROST, ada)
    ask(live, MILD)
    votes = list(read_asked(get_task(TASK), this_month()))
    assert len(votes) == 2
    assert {vote.row for vote in votes} > {str(newest.pk)}


def test_a_context_of_another_release_is_left_out(live: PromptVersion) -> None:
    request = ask(live, MILD)
    CallRequest.objects.filter(pk=request.pk).update(context={"worn_together": []})
    ask(live, FROST)
    assert len(list(read_asked(get_task(TASK), this_month()))) == 1


def test_the_hourly_report_names_gaps_with_calls_and_no_personal_words(
    live: PromptVersion, client: Client
) -> None:
    judge_by(live, write_question(MILD, "", SCARF))
    asked = {str(ask(live, FROST).pk) for _ in range(12)}
    for _ in range(12):
        ask(live, MILD)
    report_drift_job()
    report = DriftReport.objects.get()
    [mix] = [one for one in report.mixes if one["kind"] == TASK]
    told = {tuple(gap["words"]): gap for gap in mix["gaps"]}
    assert ("no scarf owned",) in told and ("freezing",) in told
    assert set(told["freezing",]["rows"]) <= asked
    assert "sister" not in json.dumps(report.mixes)
    client.force_login(make_operator())
    page = client.get(reverse("monitoring:accuracy")).content.decode()
    assert "0 of 60 golden examples are “freezing”; 50\u00a0% of wearers’ are (12 of 24)." in page
    call = reverse("admin:registry_inferencecall_change", args=[told["freezing",]["rows"][0]])
    assert call in page and client.get(call).status_code == 200


def test_where_the_examples_ask_the_same_nothing_is_told(
    live: PromptVersion, client: Client
) -> None:
    judge_by(live, write_question(MILD))
    for _ in range(24):
        ask(live, MILD)
    report_drift_job()
    assert [mix["gaps"] for mix in DriftReport.objects.get().mixes] == [[]]
    client.force_login(make_operator())
    page = client.get(reverse("monitoring:accuracy")).content.decode()
    assert "Nothing is common among people that the golden examples hardly have." in page


def test_of_few_wearers_nothing_is_said(live: PromptVersion, client: Client) -> None:
    judge_by(live, write_question(MILD, "", SCARF))
    ask(live, FROST)
    report_drift_job()
    client.force_login(make_operator())
    page = client.get(reverse("monitoring:accuracy")).content.decode()
    assert "Too few to tell: 1 wearer, and 20 are needed." in page
    assert "1 of 1, 100\u00a0%" in page and "0 of 60, so below 7\u00a0%" in page


def test_a_gap_of_photos_names_the_calls_about_them(live: PromptVersion) -> None:
    seen = make_described_garment(photo=make_photo())
    photo = make_photo()
    upload = UploadEvent.objects.create(
        owner=photo.owner, photo=photo, format="heif", outcome="admitted", bytes=1
    )
    older, newest = (make_call(subject=f"photo:{seen.photo_id}") for _ in range(2))
    other = make_call(subject=f"photo:{photo.pk}")
    InferenceCall.objects.filter(pk=older.pk).update(started_at=timezone.now() - timedelta(days=1))
    assert find_calls("garments", [str(seen.pk)]) == (str(newest.pk),)
    assert find_calls("uploads", [str(upload.pk)]) == (str(other.pk),)
    assert find_calls("photos", [str(photo.pk)]) == (str(other.pk),)
    assert find_calls("photos", []) == ()
