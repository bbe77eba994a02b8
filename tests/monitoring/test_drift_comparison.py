"""Days that an operator chooses, pictures of golden photos as a reference, and small pictures of what gives drift away."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from feedback.models import ReviewItem
from feedback.services.consents import give_consent, withdraw_consent
from monitoring import jobs
from monitoring.drift import golden, report
from monitoring.drift.comparing import LOST_AFTER
from monitoring.drift.findings import GOLDEN
from monitoring.figures.building import floor_to
from monitoring.models import DriftComparison, GoldenPicture
from tests.factories import make_described_garment, make_image, make_operator, make_photo, make_user
from tests.monitoring.test_drift_page import PAGE, make_finding, store
from tests.monitoring.test_drift_report import add_events, add_golden, find

pytestmark = pytest.mark.django_db

COMPARE = "/admin/monitoring/drift/compare/"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def as_operator(client: Client) -> Client:
    client.force_login(make_operator())
    return client


@pytest.fixture
def wearers() -> list[User]:
    return User.objects.bulk_create(
        [User(email=f"w{i}@example.org", password="x") for i in range(30)]
    )


def pick(since: timedelta, until: timedelta) -> dict[str, str]:
    now = floor_to(timezone.now(), HOUR)
    return {"since": (now - since).isoformat(), "until": (now - until).isoformat()}


def ask(client: Client, days: dict[str, str]) -> str:
    return client.post(COMPARE, days, follow=True).text


def test_any_days_are_compared_with_the_28_before_them(
    as_operator: Client, wearers: list[User]
) -> None:
    add_events(wearers, 50 * DAY)
    add_events(wearers, 31 * DAY, format="heif")
    add_events(wearers, 2 * DAY)
    days = pick(32 * DAY, 30 * DAY)
    assert "These days have not been compared yet." in as_operator.get(PAGE, days).text
    assert not DriftComparison.objects.exists()
    page = ask(as_operator, days)
    assert "These days are being compared." in page and "Look again" in page
    [row] = DriftComparison.objects.all()
    jobs.compare_job(row.pk)
    page = as_operator.get(PAGE, days).text
    assert "Format never seen before: heif, 30 uploads of 30 wearers." in page
    since = row.since.isoformat().replace("+", "%2B").replace(":", "%3A")
    assert f"created_at__gte={since}" in page
    assert "no report has been made yet" in as_operator.get(PAGE).text


def test_a_comparison_is_made_once_unless_it_was_lost(
    as_operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[int] = []
    monkeypatch.setattr("monitoring.views.enqueue_comparison", lambda row: queued.append(row.pk))
    days = pick(3 * DAY, 1 * DAY)
    ask(as_operator, days)
    ask(as_operator, days)
    assert len(queued) == 1
    DriftComparison.objects.update(asked_at=timezone.now() - LOST_AFTER - HOUR)
    assert "This comparison did not come to an end." in as_operator.get(PAGE, days).text
    ask(as_operator, days)
    assert len(queued) == 2
    jobs.compare_job(queued[0])
    DriftComparison.objects.update(asked_at=timezone.now() - LOST_AFTER - HOUR)
    ask(as_operator, days)
    assert len(queued) == 2


@pytest.mark.parametrize(
    ("since", "until", "says"),
    [
        (DAY, 2 * DAY, "Choose between 1 and 28 days"),
        (40 * DAY, DAY, "Choose between 1 and 28 days"),
        (390 * DAY, 380 * DAY, "are kept no longer"),
    ],
)
def test_days_that_cannot_be_compared_are_refused(
    as_operator: Client, since: timedelta, until: timedelta, says: str
) -> None:
    answer = as_operator.post(COMPARE, pick(since, until))
    assert answer.status_code == 422 and says in answer.text
    assert as_operator.get(PAGE, pick(since, until)).status_code == 422
    assert as_operator.post(COMPARE, {"since": "", "until": "x"}).status_code == 422
    assert not DriftComparison.objects.exists()


def test_comparing_takes_a_permission_and_a_post(client: Client) -> None:
    client.force_login(make_user(is_staff=True))
    assert "Compare with the 28 days before" not in client.get(PAGE).text
    assert client.post(COMPARE, pick(3 * DAY, DAY)).status_code == 403
    client.force_login(make_operator())
    assert client.get(COMPARE).headers["Location"] == PAGE
    assert not DriftComparison.objects.exists()


def test_old_comparisons_go(as_operator: Client) -> None:
    ask(as_operator, pick(3 * DAY, DAY))
    DriftComparison.objects.update(asked_at=timezone.now() - 29 * DAY)
    report.make_report()
    assert not DriftComparison.objects.exists()


def test_golden_photos_are_measured_once_as_uploads_are(
    wearers: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = write_golden()
    add_events(wearers, DAY, brightness=30.0, blur=9.0, megapixels=12.0, aspect=1.333)
    add_events(wearers, 20 * DAY, brightness=30.0, blur=9.0, megapixels=12.0, aspect=1.333)
    made = report.make_report()
    [picture] = GoldenPicture.objects.all()
    assert (picture.file, picture.megapixels, picture.blur) == (name, 0.48, 0.0)
    assert picture.brightness == pytest.approx(128, abs=1)
    assert find(made, "brightness", GOLDEN).state == "drifted"
    assert find(made, "megapixels", GOLDEN).state == "drifted"
    monkeypatch.setattr(golden, "measure_file", lambda _: pytest.fail("measured twice"))
    report.make_report()


def write_golden() -> str:
    """Thirty examples of one grey picture of 800 by 600."""
    picture = make_image(size=(800, 600), colour="#808080", format="WEBP")
    name = default_storage.save("examples/grey.webp", ContentFile(picture))
    add_golden(["shirt"] * 30, file=name)
    return name


def test_a_golden_picture_that_is_gone_or_broken_is_passed_over(wearers: list[User]) -> None:
    name = write_golden()
    default_storage.delete(name)
    report.make_report()
    assert not GoldenPicture.objects.exists()


@pytest.mark.parametrize(
    ("megapixels", "aspect", "kept"), [(12.0, 4 / 3, 0.786), (12.0, 3 / 4, 0.786), (0.5, 1.0, 0.5)]
)
def test_megapixels_are_compared_as_they_are_kept(
    megapixels: float, aspect: float, kept: float
) -> None:
    assert golden.read_kept_megapixels(megapixels, aspect) == pytest.approx(kept, abs=0.001)


def show(client: Client, pk: object) -> int:
    return int(client.get(reverse("monitoring:drift-photo", args=[pk])).status_code)


def test_a_picture_is_shown_where_its_wearer_agreed_and_to_who_may_see_photos(
    client: Client,
) -> None:
    agreed, silent, other = (make_photo(with_image=True) for _ in range(3))
    for photo in (agreed, other):
        give_consent(photo.owner)
    store(make_finding("look", bars=(), photos=((str(agreed.pk), 0.97), (str(silent.pk), 0.9))))
    viewer = make_user(is_staff=True)
    client.force_login(viewer)
    assert show(client, agreed.pk) == 403
    viewer.user_permissions.add(Permission.objects.get(codename="view_photo"))
    page = client.get(PAGE).text
    assert reverse("monitoring:drift-photo", args=[agreed.pk]) in page
    assert reverse("monitoring:drift-photo", args=[silent.pk]) not in page
    assert "without consent" in page
    answer = client.get(reverse("monitoring:drift-photo", args=[agreed.pk]))
    assert answer["Content-Type"] == "image/webp" and "no-store" in answer["Cache-Control"]
    assert [show(client, one.pk) for one in (silent, other)] == [404, 404]
    withdraw_consent(agreed.owner)
    assert show(client, agreed.pk) == 404


def test_photos_of_a_comparison_are_sent_to_review(as_operator: Client) -> None:
    wearer = make_user()
    give_consent(wearer)
    photo = make_described_garment(wearer, photo=make_photo(wearer, with_image=True)).photo
    assert photo
    now = floor_to(timezone.now(), HOUR)
    found = make_finding("look", bars=(), photos=((str(photo.pk), 0.97),)).to_json()
    row = DriftComparison.objects.create(since=now - 3 * DAY, until=now - DAY, findings=[found])
    page = as_operator.get(PAGE, pick(3 * DAY, DAY)).text
    address = f"{reverse('monitoring:drift-photo', args=[photo.pk])}?comparison={row.pk}"
    assert f'src="{address}"' in page
    assert as_operator.get(reverse("monitoring:drift-photo", args=[photo.pk])).status_code == 404
    assert as_operator.get(address.replace(f"={row.pk}", "=nonsense")).status_code == 404
    assert f'name="comparison" value="{row.pk}"' in page
    sent = as_operator.post(reverse("monitoring:drift-review"), {"comparison": row.pk}, follow=True)
    assert f'name="comparison" value="{row.pk}"' in sent.text, "its days are shown again"
    assert "1 garment more in the review queue." in sent.text
    assert ReviewItem.objects.filter(garment__photo=photo, reason="drifted").exists()


def test_redis_away_leaves_a_comparison_that_can_be_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def break_off(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(jobs, "get_queue", break_off)
    jobs.push_comparison(1)


def test_the_form_begins_with_the_last_seven_days(as_operator: Client) -> None:
    page = as_operator.get(PAGE).text
    now: datetime = timezone.localtime(floor_to(timezone.now(), HOUR))
    assert f'value="{now - 7 * DAY:%Y-%m-%dT%H:%M:%S}"' in page
