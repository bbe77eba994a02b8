"""The report: what it reads, when it alarms, and what it never takes for drift."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from monitoring.drift import golden, properties, report, sentences
from monitoring.drift.at_once import has_news
from monitoring.drift.findings import GOLDEN, PREVIOUS, Finding
from monitoring.drift.look import compare_look
from monitoring.drift.properties import Property
from monitoring.drift.statistics import Observation
from monitoring.drift.windows import Window, current_window, previous_window
from monitoring.jobs import evaluate_alerts_job, report_drift_job
from monitoring.models import DriftReport
from registry.models import Dataset, DatasetChange, DatasetVersion, Example, Prompt
from registry.tasks import all_tasks
from styling.models import Event, Suggestion
from tests.factories import make_call, make_garment, make_photo, make_user
from tests.monitoring.alerts.rows import make_rule
from wardrobe.identity.alignment import DIMENSIONS, EXTRACTOR
from wardrobe.models import PhotoEmbedding, UploadEvent

pytestmark = pytest.mark.django_db

THIS_WEEK, BEFORE = timedelta(days=1), timedelta(days=20)


@pytest.fixture
def wearers() -> list[User]:
    return User.objects.bulk_create(
        [User(email=f"w{i}@example.org", password="x") for i in range(60)]
    )


def add_events(owners: Iterable[User], ago: timedelta, **fields: Any) -> None:
    values = {"outcome": "admitted", "format": "jpeg", "bytes": 1, **fields}
    moment = timezone.now() - ago
    UploadEvent.objects.bulk_create(
        UploadEvent(owner=owner, created_at=moment, **values) for owner in owners
    )


def find(made: DriftReport, name: str, reference: str = PREVIOUS) -> Finding:
    [found] = [
        one
        for one in sentences.read_findings(made)
        if (one.name, one.reference) == (name, reference)
    ]
    return found


def test_the_windows_meet_and_do_not_overlap() -> None:
    now = timezone.now()
    assert previous_window(now).until == current_window(now).since == now - timedelta(days=7)
    assert previous_window(now).since == now - timedelta(days=35)


def test_what_stays_as_it_was_is_usual(wearers: list[User]) -> None:
    for ago in (THIS_WEEK, BEFORE):
        add_events(wearers[:40], ago)
        add_events(wearers[40:], ago, format="heif")
    made = report.make_report()
    assert find(made, "format").state == "usual"
    assert sentences.say(made, timezone.now()).sentence == sentences.ALL_USUAL
    assert sentences.find_news(DriftReport.objects.first(), timezone.now()) == []


def test_another_distribution_drifted(wearers: list[User]) -> None:
    add_events(wearers[:30], BEFORE)
    add_events(wearers[30:], BEFORE, format="heif")
    add_events(wearers[:4], THIS_WEEK)
    add_events(wearers[4:], THIS_WEEK, format="heif")
    made = report.make_report()
    found = find(made, "format")
    assert found.state == "drifted"
    assert found.adjusted_p is not None and found.p is not None
    assert found.adjusted_p > found.p
    verdict = sentences.say(made, timezone.now())
    assert (verdict.level, verdict.sentence) == (
        "watch",
        "Not as in the 28 days before: format.",
    )


def test_photos_of_the_value_that_rose_are_named_one_a_wearer(wearers: list[User]) -> None:
    add_events(wearers, BEFORE, brightness=200.0)
    add_events(wearers[15:], THIS_WEEK, brightness=200.0)
    dark = [make_photo(owner) for owner in wearers[:15]]
    for photo in dark:
        add_events([photo.owner], THIS_WEEK, photo=photo, format="heif", brightness=20.0)
        add_events([photo.owner], THIS_WEEK, photo=photo, format="heif", brightness=20.0)
    made = report.make_report()
    for name in ("format", "brightness"):
        found = find(made, name)
        assert found.is_alarm, name
        assert len(found.photos) == 12, name
        assert {key for key, _ in found.photos} <= {str(photo.pk) for photo in dark}, name
    assert find(made, "refusal").photos == ()


def test_one_wearer_with_forty_odd_uploads_raises_nothing(wearers: list[User]) -> None:
    for ago in (THIS_WEEK, BEFORE):
        add_events(wearers, ago)
    add_events(
        wearers[:1] * 40,
        THIS_WEEK,
        format="jpeg-xl",
        outcome="refused",
        refusal="unsupported",
        brightness=3.0,
    )
    made = report.make_report()
    assert {one.state for one in sentences.read_findings(made)} <= {"usual", "too few"}
    assert sentences.find_news(DriftReport.objects.first(), timezone.now()) == []


def test_the_third_upload_of_a_new_format_by_two_wearers_is_news(wearers: list[User]) -> None:
    for ago in (THIS_WEEK, BEFORE):
        add_events(wearers, ago)
    add_events([wearers[0], wearers[1]], THIS_WEEK, format="jpeg-xl")
    assert find(report.make_report(), "format").new == ()
    add_events([wearers[1]], THIS_WEEK, format="jpeg-xl")
    made = report.make_report()
    assert find(made, "format").state == "new"
    assert sentences.read_findings(made)[0].name == "format"
    assert sentences.say(made, timezone.now()).sentence == (
        "Format never seen before: jpeg-xl, 3 uploads of 2 wearers."
    )
    assert (
        sentences.find_news(DriftReport.objects.first(), timezone.now())[0][0]
        == "A value that was never seen."
    )


def test_a_new_format_is_told_within_the_minute_of_its_third_upload(wearers: list[User]) -> None:
    """And not before, nor again, nor of a format that is only rare; each look reads only what is new."""
    add_events(wearers, BEFORE)
    add_events(wearers[:2], BEFORE, format="gif")
    rule = make_rule(measure="new_value", min_bad=1)
    assert evaluate_alerts_job() == [] and not DriftReport.objects.exists()
    report_drift_job()
    add_events(wearers[:1], timedelta(), format="jpeg-xl")
    add_events(wearers[:3], timedelta(), format="gif")
    assert evaluate_alerts_job() == []
    add_events(wearers[1:2], timedelta(), format="jpeg-xl")
    report_drift_job()  # Both have a vote in this one, and are not news yet.
    assert evaluate_alerts_job() == []
    add_events(wearers[:1], timedelta(), format="jpeg-xl")
    assert len(evaluate_alerts_job()) == 1
    alert = rule.alerts.get()
    assert (alert.aspect, alert.state) == ("format", "firing")
    made = DriftReport.objects.count()
    with CaptureQueriesContext(connection) as asked:
        assert not has_news(timezone.now())
    assert len(asked) <= 6
    assert evaluate_alerts_job() == [] and DriftReport.objects.count() == made


def test_a_few_wearers_hear_of_a_new_format_too(wearers: list[User]) -> None:
    few = wearers[:3]
    add_events(few * 8, BEFORE)
    add_events(few[:2] * 2, THIS_WEEK, format="jpeg-xl")
    found = find(report.make_report(), "format")
    assert (found.p, found.state) == (None, "new")


def test_a_young_site_has_no_news(wearers: list[User]) -> None:
    add_events(wearers, THIS_WEEK)
    made = report.make_report()
    assert {one.state for one in sentences.read_findings(made)} == {"too few"}
    verdict = sentences.say(made, timezone.now())
    assert (verdict.level, verdict.word) == ("off", "Too few")


def test_numbers_are_compared_by_bins_of_equal_size(wearers: list[User]) -> None:
    for i, owner in enumerate(wearers):
        add_events([owner], BEFORE, brightness=100 + i)
        add_events([owner], THIS_WEEK, brightness=30 + i / 10)
    found = find(report.make_report(), "brightness")
    assert found.state == "drifted"
    assert [bar.now + bar.reference for bar in found.bars] == [24] * 5


def add_golden(
    kinds: list[str], task: str = "digitize_photo", label: str = "garments", file: str = ""
) -> None:
    prompt, _ = Prompt.objects.get_or_create(name=task)
    dataset = Dataset.objects.create(prompt=prompt, name="golden")
    version = DatasetVersion.objects.create(dataset=dataset, number=1, sha256="0" * 64)
    for i, kind in enumerate(kinds):
        Example.objects.create(
            dataset_version=version,
            ordinal=i,
            key=str(i),
            sha256=f"{i:064}",
            input={},
            expected={label: [{"type": kind}]},
            slices=["jpeg", "dark"],
            file=file,
        )
    DatasetChange.objects.create(dataset=dataset, to_version=version)
    Dataset.objects.filter(pk=dataset.pk).update(current=version)


def test_the_golden_photos_are_a_reference_but_no_news(wearers: list[User]) -> None:
    for ago in (THIS_WEEK, BEFORE):
        add_events(wearers, ago, format="heif")
    add_golden(["shirt"] * 30)
    made = report.make_report()
    assert find(made, "format").state == "usual"
    assert find(made, "format", GOLDEN).state == "drifted"
    verdict = sentences.say(made, timezone.now())
    assert (verdict.level, verdict.why) == ("ok", "Unlike in the golden photos: format.")
    assert sentences.find_news(DriftReport.objects.first(), timezone.now()) == []


def test_what_the_golden_photos_show_is_not_new(wearers: list[User]) -> None:
    add_events(wearers, BEFORE, format="heif")
    add_events(wearers, THIS_WEEK)
    assert find(report.make_report(), "format").new
    add_golden(["shirt"] * 30)
    assert find(report.make_report(), "format").new == ()


def test_golden_photos_are_those_of_every_task_that_takes_photos(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = all_tasks()
    tasks = {**known, "tag_photo": known["digitize_photo"]}
    monkeypatch.setattr(golden, "all_tasks", lambda: tasks)
    add_golden(["shirt"])
    add_golden(["sunset", "beach"], task="tag_photo", label="tags")
    add_golden(["wedding"], task="suggest_outfit")
    photos = golden.GoldenPhotos()
    assert [seen.value for seen in properties.golden_formats(photos)] == ["jpeg"] * 3
    assert [seen.value for seen in properties.golden_types(photos)] == ["shirt"]


def read(name: str) -> list[Any]:
    [one] = [one for one in properties.PROPERTIES if one.name == name]
    return sorted(seen.value for seen in one.read(current_window(timezone.now())))


def test_each_property_reads_its_rows() -> None:
    owner, ago = make_user(), timezone.now() - THIS_WEEK
    values = {"megapixels": 12.0, "brightness": 90.5, "blur": 40.0, "colour_profile": "srgb"}
    add_events([owner], THIS_WEEK, refusal="damaged", outcome="refused")
    add_events([owner], THIS_WEEK, format="heif", **values)
    photo = make_photo(owner, created_at=ago)
    for i in range(5):
        make_garment(
            owner,
            photo=photo,
            ordinal=i,
            type="shirt",
            model_values={"type": "coat"} if i else {},
            confidence={"type": 0.5},
            call=make_call() if i < 2 else None,
            created_at=ago,
        )
    event = Event.objects.create(
        owner=owner, kind="business", date=ago.date(), starts_at="09:00", ends_at="10:00"
    )
    weather = {"categories": {"temperature": "mild", "rain": "dry"}}
    for i, kind in enumerate([weather, {}]):
        Suggestion.objects.create(
            owner=owner,
            event=event,
            request_key=f"00000000-0000-0000-0000-00000000000{i}",
            weather=kind,
            created_at=ago,
        )
    expected = {
        "format": ["heif", "jpeg"],
        "refusal": ["damaged", "not refused"],
        **{name: [value] for name, value in values.items()},
        "garments": ["4 or more"],
        "type": ["coat", "shirt"],
        "confidence": [0.5, 0.5],
        "occasion": ["business", "business"],
        "weather": ["mild, dry"],
    }
    assert {one.name for one in properties.PROPERTIES} == expected.keys()
    assert {name: read(name) for name in expected} == expected
    assert list(properties.PROPERTIES[0].read(previous_window(timezone.now()))) == []


def test_one_entry_is_one_more_property(
    wearers: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_weekday(window: Window) -> Iterable[Observation]:
        return (Observation(owner.pk, owner.pk, "Sunday") for owner in wearers)

    extra = Property("weekday", "Weekday", "uploads", read_weekday)  # type: ignore[arg-type]
    monkeypatch.setattr(properties, "PROPERTIES", [*properties.PROPERTIES, extra])
    monkeypatch.setattr(report, "PROPERTIES", properties.PROPERTIES)
    monkeypatch.setattr(sentences, "PROPERTIES", properties.PROPERTIES)
    assert find(report.make_report(), "weekday").state == "usual"


def add_vectors(owners: list[User], ago: datetime, shift: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for i, owner in enumerate(owners):
        vector = rng.normal(size=DIMENSIONS)
        vector[:8] += shift
        pixels = f"{seed:032}{i:032}"
        make_photo(owner, pixel_sha256=pixels)
        PhotoEmbedding.objects.create(
            owner=owner, extractor=EXTRACTOR, pixel_sha256=pixels, vector=vector, created_at=ago
        )


def test_photos_that_look_different_are_named(wearers: list[User]) -> None:
    now = timezone.now()
    add_vectors(wearers[:30], now - BEFORE, 0.0, 1)
    add_vectors(wearers[30:], now - THIS_WEEK, 6.0, 2)
    found = compare_look(current_window(now), previous_window(now))
    assert found.p is not None and found.p <= 0.001
    assert found.auc is not None and found.auc > 0.9
    new = {str(photo.pk) for owner in wearers[30:] for photo in owner.photos.all()}
    assert len(found.photos) == 12
    assert {key for key, _ in found.photos} <= new
    assert Finding.from_json(found.to_json()) == found


def test_too_few_photos_are_not_told_apart(wearers: list[User]) -> None:
    now = timezone.now()
    add_vectors(wearers[:19], now - BEFORE, 0.0, 1)
    add_vectors(wearers[19:], now - THIS_WEEK, 6.0, 2)
    assert compare_look(current_window(now), previous_window(now)).state == "too few"


def test_the_scheduler_makes_a_report_every_hour_and_forgets_old_ones() -> None:
    DriftReport.objects.create(created_at=timezone.now() - timedelta(days=29))
    kept = DriftReport.objects.create(created_at=timezone.now() - timedelta(days=27))
    assert settings.SCHEDULED_JOBS["monitoring.jobs.report_drift_job"] == 3600
    made = report_drift_job()
    assert set(DriftReport.objects.values_list("pk", flat=True)) == {made, kept.pk}


def test_upload_events_are_read_once_a_window_and_golden_photos_once(wearers: list[User]) -> None:
    add_golden(["shirt"])
    with CaptureQueriesContext(connection) as queries:
        report.make_report()

    def count(words: str) -> int:
        return sum(words in one["sql"] for one in queries)

    assert count("wardrobe_uploadevent") == 2
    assert count('FROM "registry_example"') == 1
    assert count('"monitoring_goldenpicture"."brightness"') == 1


def draw_of(one_of: int) -> set[int]:
    """Who is read of the uploads there are."""
    window = current_window(timezone.now(), one_of=one_of)
    return {seen.wearer for seen in properties.PROPERTIES[0].read(window)}  # type: ignore[misc]


def test_a_small_site_is_read_whole(wearers: list[User]) -> None:
    for ago in (THIS_WEEK, BEFORE):
        add_events(wearers, ago)
    made = report.make_report()
    assert (made.one_of, find(made, "format").wearers) == (1, 60)


def test_a_large_site_is_read_by_a_sample_that_stays_the_same(
    wearers: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_events(wearers, THIS_WEEK)
    half, quarter = draw_of(2), draw_of(4)
    assert quarter < half < {one.pk for one in wearers}
    assert 15 <= len(half) <= 45 and len(quarter) >= 5
    add_events(wearers, BEFORE)
    add_events(wearers[:10], THIS_WEEK)
    assert (draw_of(2), draw_of(4)) == (half, quarter)
    monkeypatch.setattr("monitoring.drift.windows.MOST_WEARERS", 30)
    made = report.make_report()
    found = find(made, "format")
    assert (made.one_of, found.one_of) == (2, 2)
    assert (found.wearers, found.reference_wearers) == (len(half), len(half))


def test_a_drift_is_found_in_a_sample(wearers: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    add_events(wearers, BEFORE)
    add_events(wearers, THIS_WEEK, format="heif")
    monkeypatch.setattr("monitoring.drift.windows.MOST_WEARERS", 59)
    made = report.make_report()
    assert (made.one_of, find(made, "format").is_drift) == (2, True)


def test_news_between_two_reports_is_looked_for_among_the_same_wearers(
    wearers: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a value that the report cannot see would make one each minute."""
    monkeypatch.setattr("monitoring.drift.windows.MOST_WEARERS", 59)
    for ago in (THIS_WEEK, BEFORE):
        add_events(wearers, ago)
    made = report.make_report()
    drawn = draw_of(made.one_of)
    left_out = [one for one in wearers if one.pk not in drawn]
    add_events(left_out[:3], timedelta(seconds=-1), format="jpeg-xl")
    later = timezone.now() + timedelta(minutes=1)
    assert not has_news(later)
    add_events([one for one in wearers if one.pk in drawn][:3], timedelta(0), format="jpeg-xl")
    assert has_news(later)
