"""The page on latency: who may see it, its sentences, its figures and its charts."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from monitoring import latency
from monitoring.figures.buckets import ERROR
from monitoring.figures.changes import find_slowdown
from monitoring.figures.reading import Figures, Period, newest_at, read_series
from monitoring.latency import describe_tasks, say_all
from monitoring.times.forms import SPANS
from monitoring.times.releases import Release
from registry import tasks
from registry.models import PromptVersion
from registry.tasks import get_task
from tests.factories import make_operator, make_user, make_version, promote
from tests.monitoring.calls import MINUTE, NOON, build_figures, end_call, fail_call

pytestmark = pytest.mark.django_db

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
TASK = "suggest_outfit"
PAGE = "monitoring:latency"


def answer(
    version: PromptVersion, since: datetime, *, minutes: int, ms: float, each: int = 2
) -> None:
    """`each` answers a minute, of nearly one time."""
    for minute in range(minutes):
        for number in range(each):
            end_call(version, ms + minute % 7 + number, at=since + minute * MINUTE)


def describe(period: Period) -> latency.TaskLatency:
    [told] = [one for one in describe_tasks(period, newest_at()) if one.task.name == TASK]
    return told


def read_page(client: Client, **query: str) -> str:
    return client.get(reverse(PAGE), query).content.decode()


def test_nobody_sees_it_without_signing_in_or_as_a_wearer(client: Client) -> None:
    assert client.get(reverse(PAGE)).status_code == 302
    client.force_login(make_user())
    assert client.get(reverse(PAGE)).status_code == 302


def test_staff_need_the_permission_to_see_calls(client: Client) -> None:
    clerk = make_user(is_staff=True)
    client.force_login(clerk)
    assert client.get(reverse(PAGE)).status_code == 403
    assert reverse(PAGE) not in client.get(reverse("admin:index")).content.decode()
    clerk.user_permissions.add(Permission.objects.get(codename="view_inferencecall"))
    assert client.get(reverse(PAGE)).status_code == 200
    assert reverse(PAGE) in client.get(reverse("admin:index")).content.decode()


def test_without_figures_or_with_late_ones_it_cannot_tell(
    client: Client, live: PromptVersion
) -> None:
    client.force_login(make_operator())
    assert "Cannot tell" in read_page(client)
    now = timezone.now()
    answer(live, now - HOUR, minutes=40, ms=500)
    build_figures(now - 10 * MINUTE)
    page = read_page(client)
    assert "Cannot tell" in page
    assert "No, answers are not getting slower." not in page
    build_figures()
    assert "No, answers are not getting slower." in read_page(client)


def test_an_empty_system_says_that_there_is_too_little(client: Client) -> None:
    build_figures()
    client.force_login(make_operator())
    page = read_page(client)
    assert "Too few answers in this period to tell." in page
    assert "The chart begins with the first 30 answers." in page


@pytest.mark.parametrize("span", [*SPANS, "", "7y"])
def test_every_span_is_shown(client: Client, live: PromptVersion, span: str) -> None:
    answer(live, timezone.now() - HOUR, minutes=50, ms=700)
    build_figures()
    client.force_login(make_operator())
    page = read_page(client, span=span)
    assert "p95 is" in page
    shown = span if span in SPANS else "24h"
    assert f'href="?span={shown}" aria-current="true"' in page


def test_twenty_nine_answers_are_too_few_and_thirty_tell(live: PromptVersion) -> None:
    answer(live, NOON, minutes=29, ms=500, each=1)
    fail_call(live, at=NOON)
    build_figures(NOON + HOUR)
    assert describe(Period(NOON, NOON + HOUR)).word == "Too few"
    end_call(live, at=NOON + 50 * MINUTE)
    build_figures(NOON + HOUR)
    assert describe(Period(NOON, NOON + HOUR)).word == "All right"


def test_a_slowdown_is_named_with_the_release_it_began_with(live: PromptVersion) -> None:
    answer(live, NOON, minutes=60, ms=1_200)
    later = make_version(TASK, system="longer")
    promote(later)
    answer(later, NOON + HOUR, minutes=60, ms=2_100)
    build_figures(NOON + 2 * HOUR)
    level, _, sentence = say_at(later, NOON + HOUR + MINUTE, Period(NOON, NOON + 2 * HOUR))
    beginning = f"{timezone.localtime(NOON + HOUR + MINUTE):%H:%M}"
    assert level == "watch"
    assert f"{TASK} is slower since v2 went live at {beginning}: p95" in sentence
    now, was = (float(text) for text in re.findall(r"(\d\.\d)\u00a0s", sentence))
    assert (now, was) == (pytest.approx(2.1, abs=0.1), pytest.approx(1.2, abs=0.1))


def say_at(version: PromptVersion, moved_at: datetime, period: Period) -> tuple[str, str, str]:
    """The task's state as if a version had gone live at that moment; the database changes no deployment."""
    releases = [Release(moved_at, "live", version.number, "Promoted", "")]
    step = 5 * MINUTE
    series = read_series(period.since, period.until, step=step, task=TASK)
    slowdown = find_slowdown([(at, figures.latency) for at, figures in series])
    return latency.say_task(
        get_task(TASK), Figures(), Figures(), slowdown, releases, step, period.until
    )


def test_a_slowdown_without_a_release_is_named_with_its_time(live: PromptVersion) -> None:
    answer(live, NOON, minutes=60, ms=1_200)
    answer(live, NOON + HOUR, minutes=60, ms=2_100)
    build_figures(NOON + 2 * HOUR)
    told = describe(Period(NOON, NOON + 2 * HOUR))
    beginning = f"{timezone.localtime(NOON + HOUR):%H:%M}"
    assert f"{TASK} is slower since {beginning}: p95" in told.sentence


def test_above_its_goal_is_told_by_the_exact_count(live: PromptVersion) -> None:
    goal_ms = get_task(TASK).goals.latency_ms
    for number in range(100):
        end_call(live, goal_ms + (1 if number % 10 == 0 else -1), at=NOON + number % 50 * MINUTE)
    build_figures(NOON + HOUR)
    told = describe(Period(NOON, NOON + HOUR))
    assert (told.level, told.word) == ("watch", "Above goal")
    assert "90 of 100 answers" in told.sentence
    with_none = say_all([told], timezone.now(), newest_at())
    assert with_none[1] == "Cannot tell"  # Noon was days ago.


def test_the_worst_task_speaks(live: PromptVersion) -> None:
    now = timezone.now()
    goal_ms = get_task(TASK).goals.latency_ms
    answer(live, now - HOUR, minutes=40, ms=2 * goal_ms)
    photos = make_version("digitize_photo")
    promote(photos)
    answer(photos, now - HOUR, minutes=40, ms=200)
    build_figures(now)
    told = describe_tasks(Period(now - HOUR, now), newest_at())
    assert {one.task.name: one.level for one in told} == {TASK: "watch", "digitize_photo": "ok"}
    assert say_all(told, now, newest_at())[2] == told[0].sentence


def test_figures_stand_beside_the_same_hours_of_four_weeks(live: PromptVersion) -> None:
    answer(live, NOON, minutes=55, ms=2_000, each=7)
    for weeks, ms in ((1, 900), (2, 1_000), (4, 1_000)):
        answer(live, NOON - weeks * WEEK, minutes=55, ms=ms)
        answer(live, NOON - weeks * WEEK + 3 * HOUR, minutes=20, ms=9_000)
    answer(live, NOON - 5 * WEEK, minutes=55, ms=9_000)
    build_figures(NOON + HOUR)
    told = describe(Period(NOON, NOON + HOUR))
    whole = next(one for one in told.measures if one.name == "Whole answer, p95")
    assert (whole.now, whole.usual) == ("2.0\u00a0s", "1.0\u00a0s")
    assert told.plot is not None
    assert len(told.plot.bands) == 1


def test_one_week_is_no_band(live: PromptVersion) -> None:
    for weeks in (0, 1):
        answer(live, NOON - weeks * WEEK, minutes=55, ms=1_000, each=7)
    build_figures(NOON + HOUR)
    told = describe(Period(NOON, NOON + HOUR))
    assert told.plot is not None
    assert told.plot.bands == []


def test_lines_are_the_points_of_the_table_and_break_where_calls_are_too_few(
    live: PromptVersion,
) -> None:
    for minutes in (0, 5, 20):
        answer(live, NOON + minutes * MINUTE, minutes=5, ms=800, each=7)
    answer(live, NOON + 10 * MINUTE, minutes=5, ms=800, each=1)
    build_figures(NOON + HOUR)
    plot = describe(Period(NOON, NOON + HOUR)).plot
    assert plot is not None
    assert [row.calls for row in plot.rows] == [35, 35, 5, 35]
    assert [row.p95_ms is None for row in plot.rows] == [False, False, True, False]
    assert plot.rows[0].p95_ms == pytest.approx(812, rel=ERROR)
    assert [len(run.split()) for run in plot.lines[1].runs] == [2, 2]  # The last is a dash.


def test_a_page_has_charts_with_a_table_behind_each_and_no_style(
    client: Client, live: PromptVersion
) -> None:
    answer(live, timezone.now() - HOUR, minutes=50, ms=1_000, each=7)
    build_figures()
    client.force_login(make_operator())
    page = read_page(client, span="1h")
    main = page[page.index('<div class="op">') :]
    [chart] = re.findall(r'<svg class="o-plot".*?</p>\s*<details.*?</details>', main, re.DOTALL)
    assert 'role="img"' in chart
    assert "<table" in chart
    assert "style=" not in chart
    assert "nan" not in chart.lower()
    assert "v1" in chart  # Its release.


def test_versions_stand_side_by_side(client: Client, live: PromptVersion) -> None:
    now = timezone.now()
    answer(live, now - HOUR, minutes=20, ms=1_000)
    later = make_version(TASK, system="new")
    answer(later, now - HOUR, minutes=10, ms=1_000)
    build_figures()
    told = describe(Period(now - HOUR, now))
    assert [(row.version_number, row.calls) for row, _, _ in told.versions] == [(2, 20), (1, 40)]


def test_within_goal_leads_to_the_slower_ones(client: Client, live: PromptVersion) -> None:
    goal_ms = get_task(live.prompt.name).goals.latency_ms
    for latency_ms in (goal_ms, goal_ms + 1, goal_ms + 2):
        end_call(live, latency_ms, at=timezone.now() - MINUTE)
    build_figures()
    client.force_login(make_operator())
    told = client.get(reverse(PAGE), {"span": "1h"}).context["told"]
    [(stats, _, slower)] = [one for task in told for one in task.versions]
    assert (stats.within_goal, stats.succeeded) == (1, 3)
    assert client.get(slower).context["count"] == 2


@pytest.fixture
def third_task(settings: Settings) -> Iterator[None]:
    settings.INFERENCE_TASKS = [*settings.INFERENCE_TASKS, "tests.registry.toy.Greet"]
    tasks.all_tasks.cache_clear()
    yield
    tasks.all_tasks.cache_clear()


@pytest.mark.usefixtures("third_task")
def test_a_third_task_appears_by_itself(client: Client) -> None:
    version = make_version("greet")
    promote(version)
    answer(version, timezone.now() - HOUR, minutes=50, ms=300)
    build_figures()
    client.force_login(make_operator())
    page = read_page(client, span="1h")
    assert "Greetings, v1 live" in page
    assert "greet is not getting slower" in page


def test_a_reason_is_escaped(client: Client) -> None:
    version = make_version(TASK)
    promote(version, reason="<b>fast</b>")
    answer(version, timezone.now() - HOUR, minutes=20, ms=300, each=7)
    build_figures()
    client.force_login(make_operator())
    page = read_page(client, span="1h")
    assert "&lt;b&gt;fast&lt;/b&gt;" in page
    assert "<b>fast</b>" not in page
