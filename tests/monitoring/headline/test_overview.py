"""The operator's first page: who sees what, its charts, and where its figures lead."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from monitoring.headline import live as reading
from monitoring.models import AlertRule
from registry.models import PromptVersion
from tests.factories import make_call, make_photo, make_user, make_version, promote
from tests.monitoring.calls import MINUTE, SHOWN, WITHHELD, build_figures, end_call, fail_call

pytestmark = pytest.mark.django_db

CALLS = reverse("admin:registry_inferencecall_changelist")
TASK = "suggest_outfit"


def read(client: Client) -> str:
    return client.get(reverse("admin:index")).content.decode()


def find_counts(page: str) -> Iterator[tuple[str, int]]:
    """Each link to calls whose text is a count, and that count."""
    for address, text in re.findall(r'<a href="([^"]+)">([^<]*)</a>', page):
        if address.startswith(f"{CALLS}?") and (found := re.search(r"\d+", text)):
            yield unescape(address), int(found.group())


def test_wearers_do_not_see_it(client: Client) -> None:
    client.force_login(make_user())
    assert client.get(reverse("admin:index")).status_code == 302


def test_before_anything_was_counted_nobody_can_tell(operator: Client) -> None:
    page = read(operator)
    assert "<h1>Cannot tell. The figures are late: no calls were counted yet.</h1>" in page
    assert "It is all right" not in page


def test_an_empty_system_is_quiet(operator: Client) -> None:
    build_figures()
    page = read(operator)
    assert "<h1>Quiet. Nobody has asked in the last hour" in page
    assert "There are no prompts yet" in page
    assert "No alert is open." in page


def test_a_prompt_without_a_live_version_says_so(operator: Client) -> None:
    make_version("digitize_photo")
    assert "Not live" in read(operator)


def test_all_inputs_are_told_with_their_states(operator: Client, live: PromptVersion) -> None:
    end_call(live)
    build_figures()
    response = operator.get(reverse("admin:index"))
    inputs = response.context["inputs"]
    page = response.content.decode()
    assert f"All {len(inputs)} inputs of the sentence" in page
    for one in inputs:
        assert f'<th scope="row">{one.name}</th>' in page
        assert f"o-state--{one.level.css}" in page


def test_what_answers_is_told_with_its_override(operator: Client, live: PromptVersion) -> None:
    promote(make_version(TASK, system="new"))
    page = read(operator)
    assert "<b>v2</b>" in page
    assert "override until" in page


def test_the_three_questions_are_answered(operator: Client, live: PromptVersion) -> None:
    build_figures()
    assert re.findall(r"<strong>([^<]*)</strong>", read(operator)) == [
        "Too few to say.",
        "Cannot tell.",
        "Nobody asked.",
    ]
    for minute in range(40):
        end_call(live, 500, at=timezone.now() - minute * MINUTE)
        end_call(live, 500, at=timezone.now() - minute * MINUTE)
    build_figures()
    answers = re.findall(r"<strong>([^<]*)</strong>", read(operator))
    assert answers[2] == "No."
    end_call(live, violations=[SHOWN])
    build_figures()
    assert re.findall(r"<strong>([^<]*)</strong>", read(operator))[2] == "Yes."


@pytest.mark.parametrize("faults", [[], [SHOWN]])
def test_late_figures_answer_no_question_about_now(
    operator: Client, live: PromptVersion, faults: list[dict[str, object]]
) -> None:
    """What is known to be wrong stays: a fault that was shown is told, late or not."""
    late = timezone.now() - timedelta(minutes=10)
    end_call(live, at=late - MINUTE, violations=faults)
    build_figures(late)
    answers = re.findall(r"<strong>([^<]*)</strong>", read(operator))
    assert answers == ["Cannot tell.", "Cannot tell.", "Yes." if faults else "Cannot tell."]


def test_thin_traffic_is_judged_and_drawn_as_the_page_on_latency_does(
    operator: Client, live: PromptVersion
) -> None:
    """Forty answers in the hour, and in no five minutes of it thirty."""
    for minute in range(40):
        end_call(live, 1_500, at=timezone.now() - minute * MINUTE - timedelta(seconds=1))
    build_figures()
    response = operator.get(reverse("admin:index"))
    ask = response.context["questions"][0]
    assert ask.word == "No." and "p95 is 1.5\u00a0s" in ask.rest
    assert {one.name: one.title for one in response.context["inputs"]}["Latency"] == (
        "No task is getting slower."
    )
    plot = response.context["latency"].plot
    assert sum(row.calls for row in plot.rows) == 40
    assert any(row.p95_ms for row in plot.rows) and len(plot.rows) < 8
    detail = operator.get(reverse("monitoring:latency"), {"span": "1h"}).content.decode()
    assert "p95 is 1.5" in detail
    for row in plot.rows:
        listed = operator.get(row.calls_url)
        assert listed.context["count"] == row.calls


def test_busy_hours_have_a_chart_of_p95_and_of_faults(
    operator: Client, live: PromptVersion
) -> None:
    for number in range(60):
        faults = [SHOWN] if number < 6 else [WITHHELD] if number < 9 else []
        end_call(live, 800, at=timezone.now() - timedelta(seconds=1), violations=faults)
    build_figures()
    page = read(operator)
    assert 'class="o-ln"' in page
    assert page.count('class="o-bar--shown"') == page.count('class="o-bar--held"')
    assert "6 of 60 answers were shown with a fault." in page
    assert "nan" not in page.lower().replace("nano", "")
    assert "style=" not in page[page.index('class="op"') : page.rindex("</details>")]


def test_queues_and_engines_lead_to_what_is_behind_them(
    operator: Client, live: PromptVersion
) -> None:
    make_photo(status="failed")
    make_photo(status="received")
    build_figures()
    for fact in operator.get(reverse("admin:index")).context["facts"]:
        assert fact.link is not None, fact
        listed = operator.get(fact.link.address)
        assert listed.status_code == 200, fact
        if fact.title.startswith("Photos"):
            assert str(listed.context["cl"].result_count) == fact.figure == "1"


def test_bars_are_as_high_as_their_shares(operator: Client, live: PromptVersion) -> None:
    for faults in ([SHOWN], [WITHHELD], [], []):
        end_call(live, violations=faults)
    build_figures()
    chart = operator.get(reverse("admin:index")).context["faults"]
    assert chart.top_percent == 50
    assert sum(bar.shown_height for bar in chart.bars) == pytest.approx(89 / 2)
    assert sum(bar.withheld_height for bar in chart.bars) == pytest.approx(89 / 2)
    assert all(
        bar.withheld_y + bar.withheld_height == pytest.approx(bar.shown_y) for bar in chart.bars
    )


def test_every_count_leads_to_as_many_calls(operator: Client, live: PromptVersion) -> None:
    other = make_version("digitize_photo")
    promote(other)
    now = timezone.now()
    end_call(live, at=now - 7 * MINUTE, violations=[SHOWN])
    end_call(live, at=now - 20 * MINUTE, violations=[WITHHELD])
    fail_call(live, at=now - 3 * MINUTE)
    end_call(other, at=now - 3 * MINUTE)
    end_call(other, at=now - 90 * MINUTE, violations=[SHOWN])
    end_call(live, at=now - 5 * MINUTE, subject="example:7", violations=[SHOWN])
    make_call(live)
    build_figures(now)
    counts = list(find_counts(read(operator)))
    assert len(counts) > 8
    for address, count in counts:
        context = operator.get(address).context
        assert not context["form"].errors, address
        assert context["count"] == count, address


def test_without_the_permission_there_are_figures_and_no_links(
    client: Client, live: PromptVersion
) -> None:
    clerk = make_user(is_staff=True)
    client.force_login(clerk)
    end_call(live, violations=[SHOWN])
    build_figures()
    page = read(client)
    assert "1 of 1 in the last hour" in page
    assert CALLS not in page
    assert reverse("admin:monitoring_alert_changelist") not in page
    clerk.user_permissions.add(Permission.objects.get(codename="view_inferencecall"))
    assert CALLS in read(client)


def test_an_operators_reason_is_escaped(operator: Client, live: PromptVersion) -> None:
    promote(make_version(TASK, system="new"), reason="<script>alert(1)</script>")
    page = read(operator)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_open_alert_is_listed_and_speaks(operator: Client, live: PromptVersion) -> None:
    rule = AlertRule.objects.create(name="Too many", measure="failed", severity="bad")
    now = timezone.now()
    rule.alerts.create(
        task=TASK,
        version=live,
        state="firing",
        seen_at=now,
        opened_at=now,
        silenced_until=now + timedelta(hours=1),
        figures={"bad": 3, "total": 20, "p": 1e-6},
    )
    build_figures()
    page = read(operator)
    assert "is firing: Too many.</h1>" in page
    assert "3 of 20 calls failed (suggest_outfit v1)." in page
    rule.alerts.update(state="recovering")
    assert 'o-state--watch">Watch' in read(operator)


def test_each_version_is_asked_once(
    operator: Client, live: PromptVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[PromptVersion] = []
    find = reading.list_standings

    def listen(versions: list[PromptVersion]) -> Any:
        asked.extend(versions)
        return find(versions)

    monkeypatch.setattr(reading, "list_standings", listen)
    read(operator)
    assert asked == [live]
