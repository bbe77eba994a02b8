"""Any two versions side by side: chosen by a form, tested by Fisher's exact test."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry.models import PromptVersion
from tests.factories import make_version, promote
from tests.monitoring.accuracy.test_page import PAGE, answer, correct, describe, wear
from tests.monitoring.calls import SHOWN, WITHHELD, build_figures, fail_call

pytestmark = pytest.mark.django_db

TASK = "suggest_outfit"


@pytest.fixture
def three() -> list[PromptVersion]:
    versions = [make_version(TASK, system=str(number)) for number in range(3)]
    for version in versions:
        promote(version)
    return versions


def compare(client: Client, first: PromptVersion, second: PromptVersion) -> dict[str, object]:
    page = client.get(reverse(PAGE), {"version": first.pk, "against": second.pk})
    assert page.status_code == 200
    return {row.name: row for row in page.context["pair"].rows}


def test_versions_that_do_not_follow_each_other_are_compared(
    operator: Client, three: list[PromptVersion]
) -> None:
    answer(three[0], SHOWN, each=1)
    answer(three[1])
    answer(three[2], SHOWN, each=14)
    build_figures()
    row = compare(operator, three[0], three[2])["Shown with a fault"]
    assert (row.first, row.second) == ("1 of 40, 2.5\u00a0%", "14 of 40, 35\u00a0%")  # type: ignore[attr-defined]
    assert row.level == "watch" and row.change.startswith("more, p = 0.0002")  # type: ignore[attr-defined]
    back = compare(operator, three[2], three[0])["Showed an outfit that is too cold"]
    assert back.level == "ok" and back.change.startswith("fewer")  # type: ignore[attr-defined]


def test_each_count_of_calls_leads_to_them(operator: Client, three: list[PromptVersion]) -> None:
    answer(three[0], SHOWN, each=14)
    answer(three[2], WITHHELD, each=5)
    fail_call(three[2])
    build_figures()
    rows = compare(operator, three[0], three[2]).values()
    sides = [(row.first, row.first_link) for row in rows]  # type: ignore[attr-defined]
    sides += [(row.second, row.second_link) for row in rows]  # type: ignore[attr-defined]
    counts = [(int(text.split()[0]), link) for text, link in sides if link]
    assert sorted(count for count, _ in counts) == [1, 5, 5, 14, 14]
    assert [operator.get(link).context["count"] for _, link in counts] == [n for n, _ in counts]


def test_what_is_neither_good_nor_bad_has_no_level(
    operator: Client, three: list[PromptVersion]
) -> None:
    answer(three[0])
    answer(three[2], WITHHELD, each=20)
    build_figures()
    row = compare(operator, three[0], three[2])["Withheld a garment that is not owned"]
    assert row.change.startswith("more") and row.level == ""  # type: ignore[attr-defined]


def test_corrections_by_field_wear_and_failures_are_compared(
    operator: Client, three: list[PromptVersion]
) -> None:
    answer(three[0])
    fail_call(three[2])
    correct(describe(three[0]))
    describe(three[2])
    wear(three[2])
    build_figures()
    rows = compare(operator, three[0], three[2])
    assert rows["Garments whose pattern was changed"].first == "1 of 1, 100\u00a0%"  # type: ignore[attr-defined]
    assert rows["Outfits worn"].second == "1 of 1, 100\u00a0%"  # type: ignore[attr-defined]
    assert rows["Outfits worn"].change == "too few"  # type: ignore[attr-defined]
    assert rows["Failed"].second == "1 of 2, 50\u00a0%"  # type: ignore[attr-defined]


def test_a_version_that_nobody_asked_has_nothing(
    operator: Client, three: list[PromptVersion]
) -> None:
    answer(three[0])
    build_figures()
    assert compare(operator, three[0], three[1])["Shown with a fault"].second == "–"  # type: ignore[attr-defined]
    assert compare(operator, three[1], three[2]) == {}


def test_versions_that_cannot_be_compared_are_refused(
    operator: Client, three: list[PromptVersion]
) -> None:
    other = make_version("digitize_photo")
    promote(other)
    first = three[0].pk
    for against in (other.pk, first, "", 10**9):
        page = operator.get(reverse(PAGE), {"version": first, "against": against})
        assert page.status_code == 422 and page.context["pair"] is None
    assert operator.get(reverse(PAGE), {"version": "", "against": first}).status_code == 422


def test_what_went_live_is_drawn_on_the_chart_of_faults(
    operator: Client, three: list[PromptVersion]
) -> None:
    answer(three[2], SHOWN, each=3)
    build_figures(timezone.now() + timedelta(seconds=1))
    page = operator.get(reverse(PAGE), {"span": "24h"})
    [task] = [one for one in page.context["told"] if one.name == TASK]
    assert [flag.kind for flag in task.faults.flags] == ["live"] * 3
    assert "v3 went live on" in task.faults.summary
