"""The list of calls: what its address finds, its pages, and what it says to a bad one."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from registry.calls import finding
from registry.calls.links import link_to_calls
from registry.models import InferenceCall, Prompt, PromptVersion
from registry.tasks import name_code
from telemetry.lines import log_fields
from telemetry.traces import Trace, new_trace, within
from tests.dresscode.lines import keep_lines
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


@pytest.mark.parametrize(
    "spelling",
    [
        "3f2a91c0-7d00-0000-0000-0000000000ab",
        "3F2A91C07D",
        " 3f2a 91c0 7d ",
        "00-3f2a91c07d00000000000000000000ab-00f067aa0ba902b7-01",
    ],
)
def test_a_trace_is_found_however_it_is_spelt(
    operator: Client, version: PromptVersion, spelling: str
) -> None:
    wanted = end(version, trace_id=UUID("3f2a91c07d00000000000000000000ab"))
    assert find(operator, q=spelling) == {wanted}


def test_a_call_is_found_by_the_key_of_its_log_line(
    operator: Client, version: PromptVersion
) -> None:
    wanted, _ = end(version), end(version)
    assert find(operator, q=wanted.pk.hex) == find(operator, q=str(wanted.pk)) == {wanted}


def test_a_call_s_page_has_its_trace_as_logs_have_it_and_leads_there(
    operator: Client, version: PromptVersion, settings: Settings
) -> None:
    call = end(version, trace_id=UUID("3f2a91c07d00000000000000000000ab"))
    page = reverse("admin:registry_inferencecall_change", args=[call.pk])
    shown = operator.get(page).content.decode()
    assert ">3f2a91c07d00000000000000000000ab<" in shown and ">3f2a91c07d</a>" in shown
    assert f'href="{reverse(LIST)}?q=3f2a91c07d00000000000000000000ab"' in shown
    assert "traces.example.org" not in shown
    settings.TRACE_URL = "https://traces.example.org/trace/{trace_id}"
    shown = operator.get(page).content.decode()
    assert 'href="https://traces.example.org/trace/3f2a91c07d00000000000000000000ab"' in shown


TRACE = "3f2a91c07d00000000000000000000ab"


def write_logs(settings: Settings, folder: Path, trace_id: str) -> None:
    """What two processes wrote in a trace and besides: the formatters are the product's own."""
    settings.STATE_DIR = folder
    (folder / "logs").mkdir()
    with keep_lines() as kept:
        with within(Trace(trace_id, "1" * 16)):
            log_fields(logging.getLogger("registry"), "call", task="greet")
            logging.getLogger("a").warning("below", exc_info=ValueError("Charlie's scarf"))
        with within(new_trace()):
            logging.getLogger("a").warning("of somebody else")
    (folder / "logs" / "web.log").write_text("".join(f"{line}\n" for line in kept.objects))
    (folder / "logs" / "worker-photos-1.log.1").write_text("\n".join(kept.texts))
    quoted = f"2026-11-29 18:00:01.123 UTC [71] STATEMENT: SELECT '{trace_id}', 'a red scarf'\n"
    (folder / "logs" / "postgres.log").write_text(quoted)


def test_a_wearer_s_number_finds_the_call_its_log_lines_and_its_spans(
    operator: Client, version: PromptVersion, settings: Settings, tmp_path: Path
) -> None:
    write_logs(settings, tmp_path, TRACE)
    settings.TRACE_URL = "https://traces.example.org/{trace_id}"
    settings.LOG_URL = "https://logs.example.org/?q={trace_id}"
    call = end(version, trace_id=UUID(TRACE))
    response = operator.get(f"{reverse(LIST)}?q=3f2a-91c0-7d")
    shown = response.content.decode()
    assert response.context["page"].calls == [call]
    processes = [line.process for line in response.context["trace"].lines]
    assert sorted(processes) == ["web", "web", "worker-photos-1", "worker-photos-1"]
    assert shown.count("task=greet") == 2 and "of somebody else" not in shown
    assert "scarf" not in shown
    assert f'href="https://traces.example.org/{TRACE}"' in shown
    assert 'href="https://logs.example.org/?q=3f2a91c07d"' in shown


def test_the_number_of_a_page_that_broke_before_any_call_finds_its_lines(
    operator: Client, settings: Settings, tmp_path: Path
) -> None:
    write_logs(settings, tmp_path, TRACE)
    settings.TRACE_URL = "https://traces.example.org/{trace_id}"
    shown = operator.get(f"{reverse(LIST)}?q={TRACE[:10]}").content.decode()
    assert "No call fits that." in shown and "below" in shown
    assert f'href="https://traces.example.org/{TRACE}"' in shown
    other = operator.get(f"{reverse(LIST)}?q=4{TRACE[1:10]}").content.decode()
    assert "No log file of this machine has these digits." in other


def test_no_list_but_that_of_a_trace_reads_log_files(
    operator: Client, version: PromptVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.calls.traces.find_lines", lambda *_: pytest.fail("was read"))
    end(version, subject="photo:1")
    find(operator)
    find(operator, q="photo:1")


def test_faults_are_told_in_words(operator: Client, version: PromptVersion) -> None:
    end(version, violations=[SHOWN, WITHHELD])
    shown = operator.get(reverse(LIST)).content.decode()
    assert f"<span>{name_code('too_cold', version.prompt.name)}</span>" in shown
    assert f"<span>{name_code('unowned_item', version.prompt.name)}</span>" in shown
    assert "too_cold" not in shown and "unowned_item" not in shown.replace("such as", "")


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
