"""The page on accuracy: its sentences, who sees it, its figures and where they lead."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.models import Correction, Rating
from feedback.review.accuracy import Estimate, FieldEstimate
from monitoring.accuracy.figures import VersionFigures, read_versions, widen
from monitoring.accuracy.page import SPANS
from monitoring.accuracy.sentences import Verdict, say_all, say_task
from monitoring.figures.reading import Period, newest_at
from monitoring.models import DriftReport
from monitoring.opinions.reading import read_opinions
from registry.evaluation.statistics import Proportion
from registry.models import PromptVersion
from styling.models import Event, Suggestion
from tests.factories import (
    make_garment,
    make_photo,
    make_user,
    make_version,
    promote,
)
from tests.monitoring.calls import MINUTE, SHOWN, WITHHELD, build_figures, end_call, fail_call
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db

TASK = "suggest_outfit"
NEVER = ("unowned_item",)
PAGE = "monitoring:accuracy"
UNOWNED = {"code": "unowned_item", "message": "", "shown": True}
CALLS = reverse("admin:registry_inferencecall_changelist")
CORRECTIONS = reverse("admin:feedback_correction_changelist")


@pytest.fixture
def versions() -> list[PromptVersion]:
    """Two of one task; the second is live."""
    made = [make_version(TASK), make_version(TASK, system="new")]
    for version in made:
        promote(version)
    return made


def answer(version: PromptVersion, *faulty: object, times: int = 40, each: int = 0) -> None:
    """`times` answers, of which the first `each` have the faults."""
    for number in range(times):
        end_call(version, violations=list(faulty) if number < each else [])


def last_day(now: datetime | None = None) -> Period:
    now = now or timezone.now()
    return widen(Period(now - timedelta(days=1), now), newest_at())


def read_day() -> dict[str, list[VersionFigures]]:
    now = timezone.now()
    period = last_day(now)
    return read_versions(period, newest_at(), read_opinions(period, now))


def tell(*, never: tuple[str, ...] = NEVER) -> Verdict:
    build_figures()
    found = read_day()
    return say_task(TASK, found.get(TASK, []), never)


def describe(
    version: PromptVersion, *, format: str = "jpeg", type: float = 0.9, at: datetime | None = None
) -> Garment:
    photo = make_photo(source_format=format)
    call = end_call(version, at=at)
    confidence = {"type": type, "colours": 0.9}
    return make_garment(photo.owner, photo=photo, call=call, confidence=confidence)


def correct(
    garment: Garment, field: str = "pattern", said: str = "solid", to: str = "striped"
) -> None:
    assert garment.call
    Correction.objects.create(
        owner=garment.owner,
        garment=garment,
        field=field,
        model_value=said,
        user_value=to,
        version=garment.call.version,
        call=garment.call,
    )


def test_one_that_was_shown_by_the_live_version_is_bad(versions: list[PromptVersion]) -> None:
    answer(versions[1], UNOWNED, each=1)
    told = tell()
    assert told.level == "bad"
    assert (
        told.sentence
        == "suggest_outfit v2 showed a garment that is not owned: 1 of 40, 2.5\u00a0%."
    )


def test_by_a_version_that_is_not_live_it_is_to_watch(versions: list[PromptVersion]) -> None:
    answer(versions[0], UNOWNED, each=1)
    answer(versions[1])
    told = tell()
    assert (told.level, told.sentence) == (
        "watch",
        "suggest_outfit v1 showed a garment that is not owned: 1 of 40, 2.5\u00a0%. It is not live.",
    )


def test_worse_than_the_version_before_is_to_watch(versions: list[PromptVersion]) -> None:
    answer(versions[0], SHOWN, each=1)
    answer(versions[1], SHOWN, each=12)
    told = tell()
    assert told.level == "watch"
    assert told.sentence.startswith(
        "suggest_outfit v2 is shown with a fault more often than v1: 12 of 40, 30\u00a0%, was 2.5\u00a0% (p = "
    )


def test_as_good_as_before_is_all_right_with_a_bound(versions: list[PromptVersion]) -> None:
    answer(versions[0], SHOWN, each=3)
    answer(versions[1], SHOWN, WITHHELD, each=4)
    told = tell()
    assert told.level == "ok"
    assert told.sentence == (
        "suggest_outfit v2 never showed a garment that is not owned: 0 of 40, so below 9\u00a0%."
    )
    assert tell(never=()).sentence == (
        "suggest_outfit v2 was shown with a fault in 4 of 40, 10\u00a0%."
    )


def test_few_calls_tell_nothing(versions: list[PromptVersion]) -> None:
    answer(versions[1], times=29)
    assert tell().sentence == "suggest_outfit: too few calls to tell, 29 of the live version."
    answer(versions[1], times=1)
    assert tell().level == "ok"


def test_the_worst_task_speaks_and_late_figures_are_never_green() -> None:
    good, few = Verdict("ok", "", "good"), Verdict("off", "", "few")
    watch, bad = Verdict("watch", "", "watch"), Verdict("bad", "", "bad")
    assert say_all([good, watch, bad], "").sentence == "bad"
    assert say_all([few, good, watch], "").sentence == "watch"
    assert say_all([few, good], "").sentence == "good"
    assert say_all([few], "").sentence == "few"
    assert say_all([], "").level == "off"
    assert say_all([good], "Late.").sentence == "Late."
    assert say_all([bad], "Late.").sentence == "bad"


def test_staff_need_the_permission_to_see_calls(client: Client) -> None:
    assert client.get(reverse(PAGE)).status_code == 302
    clerk = make_user(is_staff=True)
    client.force_login(clerk)
    assert client.get(reverse(PAGE)).status_code == 403
    assert reverse(PAGE) not in client.get(reverse("admin:index")).content.decode()
    clerk.user_permissions.add(Permission.objects.get(codename="view_inferencecall"))
    assert client.get(reverse(PAGE)).status_code == 200
    assert reverse(PAGE) in client.get(reverse("admin:index")).content.decode()


def read(client: Client, **query: str) -> str:
    return client.get(reverse(PAGE), query).content.decode()


@pytest.mark.parametrize("span", [*SPANS, "", "7y"])
def test_every_span_is_shown(operator: Client, versions: list[PromptVersion], span: str) -> None:
    answer(versions[1])
    build_figures()
    page = read(operator, span=span)
    shown = span if span in SPANS else "7d"
    assert f'href="?span={shown}" aria-current="true"' in page
    assert (
        "never showed a garment that is not owned nor a garment made up in prose: 0 of 40" in page
    )


def test_an_empty_system_says_so(operator: Client) -> None:
    build_figures()
    page = read(operator)
    assert "too few calls to tell" in page
    assert "Nothing was corrected in this period." in page


def test_late_figures_cannot_tell(operator: Client, versions: list[PromptVersion]) -> None:
    answer(versions[1])
    build_figures(timezone.now() - 10 * MINUTE)
    assert "<h1>Cannot tell. The figures are late" in read(operator)


def test_shown_and_withheld_stand_apart(operator: Client, versions: list[PromptVersion]) -> None:
    answer(versions[1], SHOWN, WITHHELD, each=4)
    build_figures()
    [task] = [one for one in operator.get(reverse(PAGE)).context["told"] if one.name == TASK]
    counts = {row.code: (row.shown, row.withheld) for row in task.codes}
    assert counts == {"unowned_item": (0, 4), "invented_garment": (0, 0), "too_cold": (4, 0)}
    assert [row.is_never_shown for row in task.codes] == [True, True, False]


def test_intervals_are_drawn_where_they_are(
    operator: Client, versions: list[PromptVersion]
) -> None:
    answer(versions[1], SHOWN, each=8, times=100)
    build_figures()
    [task] = [one for one in operator.get(reverse(PAGE)).context["told"] if one.name == TASK]
    cell, (low, high) = task.versions[0].cell, Proportion(8, 100).interval
    assert task.top == "20\u00a0%"
    assert (cell.low, cell.at) == (pytest.approx(500 * low, abs=0.01), 40.0)
    assert cell.low + cell.width == pytest.approx(500 * high, abs=0.02)


def test_garments_that_were_corrected_are_counted_once_each(versions: list[PromptVersion]) -> None:
    garments = [describe(versions[1]) for _ in range(4)]
    correct(garments[0])
    correct(garments[0], field="material")
    build_figures()
    [one] = read_day()[TASK]
    assert one.corrected == Proportion(1, 4)


def test_who_was_asked_to_look_is_told_by_the_models_doubt(versions: list[PromptVersion]) -> None:
    describe(versions[1], type=0.2)
    settled = describe(versions[1], type=0.2)
    Garment.objects.filter(pk=settled.pk).update(status="ready", edited_fields=["type"])
    describe(versions[1])
    build_figures()
    [one] = read_day()[TASK]
    assert one.asked == Proportion(2, 3)


def test_corrections_are_told_by_field_by_format_and_as_confusions(
    operator: Client, versions: list[PromptVersion]
) -> None:
    for format in ("jpeg", "jpeg", "heic"):
        correct(describe(versions[1], format=format))
    correct(describe(versions[1]), field="material", said="wool", to="cotton")
    describe(versions[1])
    build_figures()
    response = operator.get(reverse(PAGE))
    fields = {row.group.name: row.group for row in response.context["fields"]}
    assert (fields["pattern"].corrections, fields["pattern"].part) == (3, Proportion(3, 5))
    formats = {row.group.name: row.group.part for row in response.context["formats"]}
    assert formats == {"jpeg": Proportion(3, 4), "heic": Proportion(1, 1)}
    page = response.content.decode()
    assert "solid → striped" in page and "wool → cotton" in page


def find_counts(page: str) -> Iterator[tuple[str, int]]:
    for address, text in re.findall(r'<a href="([^"]+)">([\d,]+)(?: of [^<]*)?</a>', page):
        yield unescape(address), int(text.replace(",", ""))


@pytest.mark.parametrize("span", SPANS)
def test_every_count_leads_to_as_many_rows(
    operator: Client, versions: list[PromptVersion], span: str
) -> None:
    now = timezone.now()
    seed(versions, now)
    build_figures(now)
    counts = list(find_counts(read(operator, span=span)))
    assert len([address for address, _ in counts if address.startswith(CALLS)]) > 5
    assert any("error=engine_timeout" in address for address, _ in counts)
    assert any(address.startswith(CORRECTIONS) for address, _ in counts)
    if span == "24h":
        said = [address for address, _ in counts]
        for part in (
            "was_asked=",
            "corrections__isnull=",
            "source_format=",
            "model_value=",
            "verdict",
        ):
            assert any(part in address for address in said), part
    for address, count in counts:
        context = operator.get(address).context
        found = context["count"] if address.startswith(CALLS) else context["cl"].result_count
        assert found == count, address


def test_every_count_of_a_chosen_period_leads_to_as_many_rows(
    operator: Client, versions: list[PromptVersion]
) -> None:
    now = timezone.now()
    seed(versions, now)
    build_figures(now)
    since, until = (f"{now - timedelta(hours=hours):%Y-%m-%dT%H:%M:%S}" for hours in (6, 1))
    page = read(operator, since=since, until=until)
    counts = [found for found in find_counts(page) if found[0].startswith(CALLS)]
    assert any("seen=withheld" in address for address, _ in counts)
    for address, count in counts:
        assert operator.get(address).context["count"] == count, address


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"since": "1999-01-01T00:00"}, "Nothing was counted then."),
        ({"until": "2026-01-01T00:00"}, "Say from when."),
        ({"since": "yesterday"}, "Write a date and a time"),
    ],
)
def test_a_period_that_makes_no_sense_is_told(
    operator: Client, versions: list[PromptVersion], query: dict[str, str], says: str
) -> None:
    answer = operator.get(reverse(PAGE), query)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert answer.context["period"].length >= timedelta(days=7)


def seed(versions: list[PromptVersion], now: datetime) -> None:
    for version in versions:
        end_call(version, at=now - MINUTE, violations=[SHOWN, UNOWNED])
        end_call(version, at=now - 90 * MINUTE, violations=[WITHHELD])
        fail_call(version, at=now - timedelta(hours=5))
        end_call(version, at=now - timedelta(days=100), violations=[SHOWN])
    end_call(versions[1], at=now - MINUTE, subject="example:7", violations=[SHOWN])
    garment = describe(versions[1], at=now - MINUTE, type=0.2)
    correct(garment)
    describe(versions[1], at=now - MINUTE, format="png")
    wear(versions[1])
    Rating.objects.update(created_at=now - MINUTE)
    Garment.objects.update(created_at=now - 2 * MINUTE)
    Correction.objects.update(created_at=now - MINUTE)


def wear(version: PromptVersion) -> None:
    owner = make_user()
    event = Event.objects.create(
        owner=owner, kind="work", date=date(2026, 1, 1), starts_at=time(9), ends_at=time(17)
    )
    suggestion = Suggestion.objects.create(owner=owner, event=event, request_key=uuid4())
    Rating.objects.create(
        suggestion=suggestion, owner=owner, version=version, verdict=Rating.Verdict.ACCEPTED
    )


def test_codes_are_escaped(operator: Client, versions: list[PromptVersion]) -> None:
    answer(versions[1], {"code": "<b>x", "message": "", "shown": True}, each=1)
    build_figures()
    assert "<b>x" not in read(operator)


def test_the_accuracy_of_what_was_reviewed_has_its_interval_or_is_too_few(operator: Client) -> None:
    told = FieldEstimate("type", 400, 40, 36, Estimate(0.871, 0.02))
    few = FieldEstimate("pattern", 400, 4, 9, None)
    assert "The first report comes within the hour." in operator.get(reverse(PAGE)).text
    DriftReport.objects.create(reviewed=[told.to_json(), few.to_json()])
    page = unescape(operator.get(reverse(PAGE)).text)
    assert "87.1\u00a0% (83 to 91)" in page
    assert 'x="83.18%"' in page
    assert "too few: 9 of 10 reviewed" in page
