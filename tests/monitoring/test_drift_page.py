"""Data drift, as the operator sees it."""

import re
import uuid
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.models import ReviewItem
from feedback.services.consents import give_consent
from monitoring.drift.findings import Bar, Finding
from monitoring.drift.page import shorten
from monitoring.drift.statistics import NewCategory
from monitoring.headline import reports
from monitoring.headline.levels import Level
from monitoring.models import DriftReport
from styling.models import Event, Suggestion
from tests.factories import (
    make_call,
    make_described_garment,
    make_garment,
    make_operator,
    make_photo,
    make_user,
    make_version,
)
from wardrobe.models import UploadEvent

pytestmark = pytest.mark.django_db

PAGE = "/admin/monitoring/drift/"
HEIF_UP = (Bar("jpeg", 10, 60), Bar("heif", 30, 20), Bar("<b>", 0, 0))


def make_finding(name: str = "format", **fields: Any) -> Finding:
    values = {"p": 0.0001, "adjusted_p": 0.0015, "distance": 0.4, "bars": HEIF_UP, **fields}
    return Finding(name, values.pop("reference", "previous"), 40, 80, 50, **values)


def store(*findings: Finding, hours: float = 0) -> DriftReport:
    made_at = timezone.now() - timedelta(hours=hours)
    stored = [one.to_json() for one in findings]
    return DriftReport.objects.create(created_at=made_at, findings=stored)


@pytest.fixture
def as_operator(client: Client) -> Client:
    client.force_login(make_operator())
    return client


def test_visitors_and_wearers_are_kept_out(client: Client) -> None:
    assert reverse("monitoring:drift") == PAGE
    assert client.get(PAGE).status_code == 302
    client.force_login(make_user())
    assert client.get(PAGE).status_code == 302


def test_before_the_first_report_it_cannot_tell(as_operator: Client) -> None:
    page = as_operator.get(PAGE).text
    assert "Cannot tell: no report has been made yet." in page
    assert "The first report comes within the hour" in page
    assert reports.judge_drift(DriftReport.objects.first(), timezone.now()).level is Level.NONE


def test_a_late_report_is_never_green(as_operator: Client) -> None:
    store(make_finding(adjusted_p=1.0), hours=4)
    page = as_operator.get(PAGE).text
    assert "Cannot tell: the newest report is of" in page
    assert "o-state--ok" in page  # What it found is still there to be read.
    one = reports.judge_drift(DriftReport.objects.first(), timezone.now())
    assert (one.level, one.title) == (Level.WATCH, "Nobody knows whether data drifted.")


def test_too_few_is_a_state(as_operator: Client) -> None:
    store(make_finding(p=None, adjusted_p=None, distance=None))
    page = as_operator.get(PAGE).text
    assert "Too few to tell: 40 wearers in one of the windows, and 20 are needed." in page
    assert "None" not in page


def test_one_wearer_is_one(as_operator: Client) -> None:
    finding = make_finding(p=None, adjusted_p=None, distance=None)
    store(replace(finding, wearers=1))
    assert "Too few to tell: 1 wearer in one of the windows" in as_operator.get(PAGE).text


def test_drift_is_said_first_and_shown_with_its_figures(as_operator: Client) -> None:
    store(make_finding(), make_finding("blur", adjusted_p=1.0, distance=0.02))
    page = as_operator.get(PAGE).text
    assert "Not as in the 28 days before: format." in page
    assert "heif: 75 % now, 25 % before" in page
    assert "0.0015" in page
    assert "&lt;b&gt;" in page
    assert "<b></" not in page
    assert page.index("Not as in") < page.index("Ranked by evidence")


def test_the_bars_are_as_high_as_the_table_says(as_operator: Client) -> None:
    store(make_finding())
    page = as_operator.get(PAGE)
    [entry] = page.context["entries"]
    assert [row.now_percent for row in entry.rows] == [25, 75, 0]
    assert entry.top_percent == 80
    heights = [column.now_height for column in entry.columns]
    assert heights == [pytest.approx(84 * share / 80, abs=0.01) for share in (25, 75, 0)]
    assert all(column.now_y + column.now_height == pytest.approx(92) for column in entry.columns)
    svg = page.text[page.text.index('<svg class="o-plot') :]
    assert re.search(r"NaN|None|style=", svg[: svg.index("</svg>")]) is None


def test_names_of_many_bars_stand_on_two_lines(as_operator: Client) -> None:
    """Else neighbours run into each other on a phone."""
    store(make_finding("weather", bars=tuple(Bar(f"value {n}", 9, 9) for n in range(6))))
    lines = re.findall(
        r'<text x="[^"]+" y="(\d+)" text-anchor="middle">', as_operator.get(PAGE).text
    )
    assert lines == ["108", "122"] * 3
    store(make_finding("format"))
    assert 'y="122"' not in as_operator.get(PAGE).text


def test_a_bar_leads_to_the_uploads_behind_it(as_operator: Client) -> None:
    owner = make_user()
    for days, format in ((1, "heif"), (2, "heif"), (3, "jpeg"), (9, "heif")):
        moment = timezone.now() - timedelta(days=days)
        UploadEvent.objects.create(
            owner=owner, created_at=moment, format=format, outcome="admitted", bytes=1, blur=days
        )
    bins = (Bar("below 1.5", 1, 0, None, 1.5), Bar("from 1.5", 2, 0, 1.5, None))
    store(make_finding(), make_finding("blur", bars=bins))
    formats, blur = as_operator.get(PAGE).context["entries"]
    counts = [
        as_operator.get(row.address).context["cl"].result_count
        for row in (formats.rows[1], formats.rows[0], *blur.rows)
    ]
    assert counts == [2, 1, 1, 2]


def test_every_value_leads_to_the_rows_that_were_counted(as_operator: Client) -> None:
    """Of the type the model's word, whatever the wearer made of it."""
    owner = make_user()
    call = make_call(make_version("digitize_photo"))
    pairs, single = make_photo(owner), make_photo(owner)
    make_photo(owner, status="failed")
    said = {"call": call, "type": "blouse", "model_values": {"type": "shirt"}}
    for ordinal, sure in enumerate((0.2, 0.9)):
        fields = {"photo": pairs, "ordinal": ordinal, "confidence": {"type": sure}}
        make_garment(owner, **{**said, **fields})
    make_garment(owner, photo=single, call=call, type="blouse")
    make_garment(owner, type="shirt")
    for kind, temperature in (("work", "cold"), ("party", "cold"), ("work", "mild")):
        weather = {"categories": {"temperature": temperature, "rain": "dry"}}
        event = Event.objects.create(
            owner=owner, kind=kind, date=date(2026, 1, 1), starts_at=time(9), ends_at=time(17)
        )
        Suggestion.objects.create(
            owner=owner, event=event, request_key=uuid.uuid4(), weather=weather
        )
    expected = {
        "type": {"shirt": 2, "blouse": 1},
        "garments": {"2": 1, "1": 1, "4 or more": 0},
        "occasion": {"work": 2, "party": 1},
        "weather": {"cold, dry": 2, "mild, dry": 1},
    }
    bins = (Bar("below 0.5", 1, 0, None, 0.5), Bar("from 0.5", 1, 0, 0.5, None))
    store(
        make_finding("confidence", bars=bins),
        *(
            make_finding(name, bars=tuple(Bar(value, 1, 1) for value in values))
            for name, values in expected.items()
        ),
    )
    DriftReport.objects.update(created_at=timezone.now() + timedelta(seconds=1))
    counts: dict[str, dict[str, int]] = {}
    for entry in as_operator.get(PAGE).context["entries"]:
        for row in entry.rows:
            listed = as_operator.get(row.address)
            assert listed.status_code == 200, row.address
            found = listed.context["cl"].result_count
            counts.setdefault(entry.finding.name, {})[row.value] = found
    assert counts == {**expected, "confidence": {"below 0.5": 1, "from 0.5": 1}}


def test_uploads_that_were_not_refused_can_be_opened(as_operator: Client) -> None:
    for refusal in ("", "", "damaged"):
        UploadEvent.objects.create(
            owner=make_user(),
            outcome="refused" if refusal else "admitted",
            refusal=refusal,
            bytes=1,
        )
    store(make_finding("refusal", bars=(Bar("not refused", 2, 1), Bar("damaged", 1, 1))))
    now = timezone.now() + timedelta(seconds=1)
    DriftReport.objects.update(created_at=now)
    [entry] = as_operator.get(PAGE).context["entries"]
    counts = [as_operator.get(row.address).context["cl"].result_count for row in entry.rows]
    assert counts == [2, 1]


def test_a_new_value_comes_first(as_operator: Client) -> None:
    new = (NewCategory("jpeg-xl", 14, 6),)
    store(make_finding(new=new, adjusted_p=1.0), make_finding("blur"))
    page = as_operator.get(PAGE).text
    assert "<h1>Format never seen before: jpeg-xl, 14 uploads of 6 wearers.</h1>" in page
    assert "Not as in the 28 days before: blur." in page
    assert "The 14 uploads" in page
    one = reports.judge_drift(DriftReport.objects.first(), timezone.now())
    assert (one.level, one.title) == (Level.WATCH, "A value that was never seen.")
    assert one.reason.endswith("Data drifted.")


def test_the_overview_speaks_of_drift(as_operator: Client) -> None:
    store(make_finding())
    page = as_operator.get(reverse("admin:index")).text
    assert "Not as in the 28 days before: format." in page
    assert PAGE in page


def test_photos_are_for_those_who_may_see_photos(client: Client) -> None:
    photo, gone = make_photo(), uuid.uuid4()
    look = make_finding("look", auc=0.8, bars=(), photos=((str(photo.pk), 0.97), (str(gone), 0.9)))
    store(look)
    clerk = make_user(is_staff=True)
    client.force_login(clerk)
    address = reverse("admin:wardrobe_photo_change", args=[photo.pk])
    page = client.get(PAGE)
    assert page.status_code == 200
    assert address not in page.text
    clerk.user_permissions.add(Permission.objects.get(codename="view_photo"))
    page = client.get(PAGE)
    assert address in page.text
    assert "97&nbsp;% new" in page.text
    assert str(gone) not in page.text
    assert client.get(address).status_code == 200


def test_what_is_watched_no_more_is_left_out(as_operator: Client) -> None:
    store(make_finding("smell"))
    assert as_operator.get(PAGE).context["entries"] == []


def test_photos_that_give_it_away_are_sent_to_review_in_one_click(as_operator: Client) -> None:
    wearer = make_user()
    give_consent(wearer)
    agreed = make_described_garment(wearer, photo=make_photo(wearer)).photo
    silent = make_described_garment(photo=make_photo()).photo
    assert agreed and silent
    told = ((str(agreed.pk), 0.97), (str(silent.pk), 0.9))
    store(make_finding("look", bars=(), photos=told))
    page = as_operator.get(PAGE).text
    assert "Send these 2 to review" in page
    assert reverse("monitoring:drift-review") in page
    page = as_operator.post(reverse("monitoring:drift-review"), follow=True).text
    assert "1 garment more in the review queue. 1 photo was left out" in page
    assert [(one.reason, one.garment) for one in ReviewItem.objects.all()] == [
        ("drifted", agreed.garments.get())
    ]


def test_photos_of_any_property_that_drifted_are_sent_to_review(as_operator: Client) -> None:
    wearer = make_user()
    give_consent(wearer)
    looks, bright = (
        make_described_garment(wearer, photo=make_photo(wearer)).photo for _ in range(2)
    )
    assert looks and bright
    store(
        make_finding("look", bars=(), photos=((str(looks.pk), 0.97),)),
        make_finding("brightness", photos=((str(bright.pk), 1.0),)),
    )
    page = as_operator.get(PAGE).text
    assert 'name="property" value="brightness">Send 1 photo to review' in page
    as_operator.post(reverse("monitoring:drift-review"), {"property": "brightness"})
    assert [one.garment for one in ReviewItem.objects.all()] == [bright.garments.get()]


def test_sending_to_review_takes_a_permission_and_a_post(client: Client) -> None:
    viewer = make_user(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_photo"))
    client.force_login(viewer)
    store(make_finding("look", bars=(), photos=((str(make_photo().pk), 0.97),)))
    assert "to review" not in client.get(PAGE).text
    assert client.post(reverse("monitoring:drift-review")).status_code == 403
    client.force_login(make_operator())
    assert client.get(reverse("monitoring:drift-review")).status_code == 405


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("below 109", "<109"),
        ("109 to 120", "109–120"),
        ("from 1.05", "≥1.05"),
        ("chilly, rainy", "chil rain"),
        ("chilly, dry", "chil dry"),
        ("image/jpeg", "image/jp…"),
    ],
)
def test_values_of_small_charts_are_short_and_told_apart(value: str, said: str) -> None:
    assert shorten(value) == said


def test_the_page_says_whether_a_sample_was_read(as_operator: Client) -> None:
    store(make_finding())
    assert "wearers is read" not in as_operator.get(PAGE).text
    store(make_finding(one_of=4))
    page = as_operator.get(PAGE).text
    assert "One of 4 wearers is read" in page and "more than 10,000" in page


def test_the_address_of_a_comparison_leads_back(as_operator: Client) -> None:
    refused = as_operator.post(f"{PAGE}compare/", {"since": "", "until": ""})
    assert refused.status_code == 422
    assert as_operator.get(f"{PAGE}compare/").headers["Location"] == PAGE
