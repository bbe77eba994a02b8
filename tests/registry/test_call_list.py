"""The list of calls: what its address finds, its pages, and what it says to a bad one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.calls import finding
from registry.calls.links import link_to_calls
from registry.models import InferenceCall, Prompt, PromptVersion
from tests.factories import make_call, make_operator, make_user, make_version
from tests.registry.live import make_live
from tests.registry.toy import Greet

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LIST = "admin:registry_inferencecall_changelist"
SHOWN = {"code": "too_cold", "message": "", "shown": True}
WITHHELD = {"code": "unowned_item", "message": "", "shown": False}


@pytest.fixture
def version(prompt: Prompt) -> PromptVersion:
    return make_live(prompt)


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(make_operator())
    return client


def end(version: PromptVersion, at: datetime = NOON, **fields: object) -> InferenceCall:
    succeeded = {"outcome": "succeeded", "output": {}}
    return make_call(version, **{**succeeded, "finished_at": at, "started_at": at, **fields})


def find(client: Client, **query: object) -> set[InferenceCall]:
    response = client.get(link_to_calls(**query))
    assert response.status_code == 200
    found = set(response.context["page"].calls)
    assert response.context["count"] == len(found)
    return found


def refuse(client: Client, **query: object) -> str:
    response = client.get(f"{reverse(LIST)}?{urlencode(query)}")
    assert response.status_code == 422
    page = response.content.decode()
    assert "Nothing was looked for." in page
    return page


def test_calls_of_evaluations_are_a_list_of_their_own(
    operator: Client, version: PromptVersion
) -> None:
    asked, evaluated = end(version), end(version, subject="example:7")
    assert find(operator) == find(operator, who="people") == {asked}
    assert find(operator, who="evaluations") == {evaluated}


def test_each_outcome_has_its_list(operator: Client, version: PromptVersion) -> None:
    succeeded, running = end(version), make_call(version)
    failed = end(version, outcome="failed", output=None)
    stopped = {
        end(version, outcome=outcome, output=None) for outcome in ("cancelled", "superseded")
    }
    assert find(operator, outcome="succeeded") == {succeeded}
    assert find(operator, outcome="failed") == {failed}
    assert find(operator, outcome="stopped") == stopped
    assert find(operator, outcome="running") == {running}


def test_what_was_shown_and_what_was_withheld_are_found_apart(
    operator: Client, version: PromptVersion
) -> None:
    end(version)
    shown, withheld = end(version, violations=[SHOWN]), end(version, violations=[WITHHELD])
    both = end(version, violations=[SHOWN, {**WITHHELD, "code": "too_cold"}])
    assert find(operator, seen="shown") == {shown, both}
    assert find(operator, seen="withheld") == {withheld, both}
    assert find(operator, violation="too_cold") == {shown, both}
    assert find(operator, violation="too_cold", seen="withheld") == {both}
    assert find(operator, violation="unowned_item", seen="shown") == set()


def test_what_must_never_be_shown_is_found_of_any_code_of_the_task(
    operator: Client, version: PromptVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Greet, "never_shown", ("too_cold", "wrong_name"))
    shown = end(version, violations=[SHOWN])
    other = end(version, violations=[{**SHOWN, "code": "wrong_name"}, WITHHELD])
    end(version, violations=[{**SHOWN, "code": "rude"}])
    end(version, violations=[{**SHOWN, "shown": False}])
    assert find(operator, seen="never_shown") == {shown, other}
    assert find(operator, seen="never_shown", task="greet") == {shown, other}
    assert find(operator, seen="never_shown", violation="too_cold") == {shown}
    monkeypatch.setattr(Greet, "never_shown", ())
    assert find(operator, seen="never_shown") == set()


def test_answers_that_took_longer_than_a_goal_are_found(
    operator: Client, version: PromptVersion
) -> None:
    slow = end(version, latency_ms=3000.5)
    end(version, latency_ms=3000.0)
    make_call(version)
    assert find(operator, slower=3000.0, outcome="succeeded") == {slow}
    assert "Write milliseconds" in refuse(operator, slower="soon")


def test_a_period_is_half_open_and_of_when_calls_ended(
    operator: Client, version: PromptVersion
) -> None:
    make_call(version, started_at=NOON)
    end(version, NOON - SECOND)
    first, last = end(version), end(version, NOON + 9 * SECOND, started_at=NOON - 3600 * SECOND)
    end(version, NOON + 10 * SECOND)
    assert find(operator, since=NOON, until=NOON + 10 * SECOND) == {first, last}


def test_version_task_and_engine_are_found_together(operator: Client, prompt: Prompt) -> None:
    versions = make_live(prompt), make_live(prompt, user="Greet $name well.")
    wanted = end(versions[0], engine="vllm")
    end(versions[0], engine="builtin")
    end(versions[1], engine="vllm")
    query = {"task": prompt.name, "version": versions[0].pk, "engine": "vllm"}
    assert find(operator, **query) == {wanted}


@pytest.mark.parametrize("digits", [8, 10, 32])
def test_the_first_digits_of_a_trace_find_its_call(
    operator: Client, version: PromptVersion, digits: int
) -> None:
    wanted = end(version, trace_id=UUID("3f2a91c07d" + "0" * 22))
    evaluated = end(version, trace_id=UUID("4f2a91c07d" + "f" * 22), subject="example:7")
    end(version, trace_id=UUID("3f2a91c17d" + "0" * 22))
    assert find(operator, q=wanted.trace_id.hex[:digits].upper()) == {wanted}
    assert find(operator, q=evaluated.trace_id.hex[:digits], who="people") == {evaluated}


def test_a_subject_finds_all_of_its_calls(operator: Client, version: PromptVersion) -> None:
    wanted = {end(version, subject="photo:1"), make_call(version, subject="photo:1")}
    end(version, subject="photo:11")
    assert find(operator, q="photo:1") == wanted


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"q": "3f2a91c"}, "eight or more"),
        ({"q": "warm coat"}, "eight or more"),
        ({"task": "paint"}, "There is no “paint” to choose."),
        ({"engine": "fallback"}, "There is no “fallback” to choose."),
        ({"outcome": "cancelled"}, "There is no “cancelled” to choose."),
        ({"seen": "maybe"}, "There is no “maybe” to choose."),
        ({"who": "nobody"}, "There is no “nobody” to choose."),
        ({"version": "first"}, "There is no such version."),
        ({"version": "9" * 40}, "There is no such version."),
        ({"violation": "%' OR 1"}, "A rule’s code is one word"),
        ({"since": "yesterday"}, "Write a date and a time"),
        ({"until": "2026-11-31T12:00"}, "Write a date and a time"),
        ({"since": "2026-11-20T12:00", "until": "2026-11-20T12:00"}, "not after the beginning"),
        ({"older": "7"}, "Enter a valid UUID."),
        ({"started_at__gte": "2026-11-20"}, "This list knows no started_at__gte."),
    ],
)
def test_a_bad_address_is_told_and_finds_nothing(
    operator: Client, version: PromptVersion, query: dict[str, str], said: str
) -> None:
    call = end(version)
    page = refuse(operator, **query)
    assert said in page
    assert str(call.pk) not in page


def test_pages_hold_every_call_once_in_order_there_and_back(
    operator: Client, version: PromptVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PAGE_SIZE", 3)
    running = [make_call(version, started_at=NOON + n * SECOND) for n in range(2)]
    tied = [end(version) for _ in range(5)]
    older = [end(version, NOON - n * SECOND) for n in range(1, 5)]
    there = list(walk(operator, "older"))
    seen = [call for page in there for call in page]
    assert [len(page) for page in there] == [3, 3, 3, 2]
    assert seen[:2] == running[::-1] and set(seen[2:7]) == set(tied) and seen[7:] == older
    back = list(walk(operator, "newer", start=there[-1][0]))
    assert back == [there[2], there[1], there[0]]


def walk(
    client: Client, direction: str, start: InferenceCall | None = None
) -> Iterator[list[InferenceCall]]:
    query = {"outcome": "", **({direction: start.pk} if start else {})}
    while True:
        page = client.get(reverse(LIST), query).context["page"]
        yield page.calls
        key = getattr(page, direction)
        if key is None:
            return
        query = {"outcome": "", direction: key}


def test_the_pages_keep_what_was_asked_for(
    operator: Client, version: PromptVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PAGE_SIZE", 1)
    for _ in range(2):
        end(version)
    page = operator.get(reverse(LIST), {"outcome": "succeeded"}).content.decode()
    assert 'href="?outcome=succeeded&amp;older=' in page


def test_a_page_that_goes_on_from_a_deleted_call_is_the_first(
    operator: Client, version: PromptVersion
) -> None:
    call, gone = end(version), end(version)
    InferenceCall.objects.filter(pk=gone.pk).delete()
    for direction in ("older", "newer"):
        assert find(operator, **{direction: gone.pk}) == {call}


def test_more_than_are_counted_are_told_so(
    operator: Client, version: PromptVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        end(version)
    assert "4 calls</h1>" in operator.get(reverse(LIST)).content.decode()
    monkeypatch.setattr(finding, "COUNTED", 3)
    monkeypatch.setattr("registry.admin.calls.COUNTED", 3)
    assert "3+ calls</h1>" in operator.get(reverse(LIST)).content.decode()


def test_filters_that_fit_hardly_a_call_are_given_up(operator: Client) -> None:
    with pytest.raises(finding.TooLongError), finding.time_limit(1), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(600)")
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


def test_a_list_that_took_too_long_says_what_to_do(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_up(*_: object) -> None:
        raise finding.TooLongError

    monkeypatch.setattr("registry.admin.calls.count_calls", give_up)
    assert "Give a shorter time, or fewer filters." in refuse(operator)


def test_no_query_reads_more_calls_than_it_shows_or_counts(
    operator: Client, version: PromptVersion
) -> None:
    """Each has a limit, and the choices come from no call."""
    end(version)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        find(operator, task=version.prompt.name, outcome="succeeded", seen="")
    reads = [query["sql"] for query in queries if '"registry_inferencecall"' in query["sql"]]
    assert len(reads) == 2
    assert all("LIMIT" in sql and "OFFSET" not in sql for sql in reads)


def test_a_version_of_another_task_is_refused(operator: Client, version: PromptVersion) -> None:
    page = refuse(operator, task=version.prompt.name, version=make_version("suggest_outfit").pk)
    assert "That is a version of another task." in page


def test_dates_are_shown_as_they_were_asked_for(operator: Client) -> None:
    query = {"since": "2026-11-20T14:00:00+02:00", "until": "2026-11-20T13:00:00.250Z"}
    page = operator.get(reverse(LIST), query).content.decode()
    assert 'value="2026-11-20T12:00:00"' in page
    assert 'value="2026-11-20T13:00:00.250"' in page


def test_a_version_that_was_never_live_can_be_asked_for(
    operator: Client, prompt: Prompt, version: PromptVersion
) -> None:
    trial = prompt.versions.create(number=9, sha256="9" * 64, bundle={})
    assert f'value="{trial.pk}"' not in operator.get(reverse(LIST)).content.decode()
    wanted = end(trial)
    assert find(operator, version=trial.pk) == {wanted}


def test_words_of_a_model_are_escaped(operator: Client, version: PromptVersion) -> None:
    end(version, violations=[{**SHOWN, "code": "<b>bold</b>"}])
    page = operator.get(reverse(LIST)).content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt;" in page and "<b>bold" not in page


def test_staff_need_the_permission(client: Client) -> None:
    clerk = make_user(is_staff=True)
    client.force_login(clerk)
    assert client.get(reverse(LIST)).status_code == 403
    clerk.user_permissions.add(Permission.objects.get(codename="view_inferencecall"))
    assert client.get(reverse(LIST)).status_code == 200
