"""Each input of the headline: what makes it bad, to watch, unknown or all right."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from monitoring import selectors
from monitoring.figures.building import LENGTHS, Grain, floor_to
from monitoring.headline.levels import Level
from registry.canary.service import start_canary
from registry.engines.breaker import Breaker
from registry.models import (
    Canary,
    Dataset,
    DatasetChange,
    DatasetVersion,
    EvaluationRun,
    Override,
    PromptVersion,
    Verdict,
)
from registry.services import releases
from tests.factories import make_photo, make_version, promote
from tests.monitoring.calls import SHOWN, WITHHELD, build_figures, end_call, fail_call
from tests.monitoring.headline.rows import read_headline, read_inputs
from wardrobe.models import Photo

pytestmark = pytest.mark.django_db

UNOWNED = {"code": "unowned_item", "message": "", "shown": True}
TASK = "suggest_outfit"


def level_of(name: str) -> Level:
    return read_inputs()[name].level


def go_live(version: PromptVersion) -> PromptVersion:
    releases.promote_version(version=version, actor=None, reason="first")
    return version


def add_golden(version: PromptVersion) -> DatasetVersion:
    """A dataset without examples that the version's prompt is judged by."""
    dataset = Dataset.objects.create(prompt=version.prompt, name="golden")
    golden = DatasetVersion.objects.create(dataset=dataset, number=1, sha256="0" * 64)
    DatasetChange.objects.create(dataset=dataset, to_version=golden)
    Dataset.objects.filter(pk=dataset.pk).update(current=golden)
    return golden


def judge(
    version: PromptVersion, golden: DatasetVersion, *failures: str, engine: str = "builtin"
) -> None:
    run = EvaluationRun.objects.create(
        version=version,
        dataset_version=golden,
        engine=engine,
        ending="completed",
        ended_at=timezone.now(),
    )
    Verdict.objects.create(
        run=run,
        version=version,
        dataset_version=golden,
        engine=engine,
        passed=not failures,
        failures=list(failures),
    )


@pytest.fixture
def live() -> PromptVersion:
    """A first version that has passed."""
    version = go_live(make_version(TASK))
    judge(version, add_golden(version))
    return version


def golden_of(version: PromptVersion) -> DatasetVersion:
    return DatasetVersion.objects.get(dataset__prompt=version.prompt)


@pytest.fixture
def with_model(settings: Settings) -> None:
    settings.VLLM_BASE_URL = "http://gpu.example.org:8000"
    chain = {**settings.INFERENCE_ENGINES["default"], "OPTIONS": {"engines": ["vllm", "builtin"]}}
    settings.INFERENCE_ENGINES = {**settings.INFERENCE_ENGINES, "default": chain}


def test_a_version_that_has_passed_and_answers_is_all_right(live: PromptVersion) -> None:
    end_call(live)
    build_figures()
    told = read_headline()
    assert told.word == "All right", told
    assert read_inputs()["Versions"].title == "1 of 1 live versions have passed."


def test_a_live_version_that_fails_is_bad(live: PromptVersion) -> None:
    judge(live, golden_of(live), "Too few are right.")
    one = read_inputs()["Versions"]
    assert (one.level, one.title) == (Level.BAD, "suggest_outfit v1 is live and has failed.")
    assert one.reason == "Too few are right."


def test_a_failed_version_is_bad_under_an_override_too(live: PromptVersion) -> None:
    later = make_version(TASK, system="new")
    promote(later)
    judge(later, golden_of(live), "Too few are right.")
    inputs = read_inputs()
    assert (inputs["Versions"].level, inputs["Overrides"].level) == (Level.BAD, Level.WATCH)
    assert read_headline().sentence == "suggest_outfit v2 is live and has failed."


def test_a_version_under_an_override_is_to_watch_until_it_passes(live: PromptVersion) -> None:
    later = make_version(TASK, system="new")
    promote(later, reason="a hurry")
    one = read_inputs()["Overrides"]
    assert one.level is Level.WATCH
    assert one.title == "suggest_outfit v2 is live under an override, and has not passed."
    assert "It holds until" in one.reason and "“a hurry”" in one.reason
    judge(later, golden_of(live))
    assert level_of("Overrides") is Level.NONE


def test_an_override_that_has_ended_says_so(live: PromptVersion) -> None:
    promote(make_version(TASK, system="new"))
    ended = Override.objects.get(version__number=2).expires_at + timedelta(minutes=1)
    one = read_inputs(ended)["Overrides"]
    assert one.level is Level.WATCH and "It ended at" in one.reason


def test_a_version_with_nothing_to_judge_it_by_is_to_watch() -> None:
    go_live(make_version(TASK))
    one = read_inputs()["Versions"]
    assert one.level is Level.WATCH and "no golden examples" in one.title


def test_a_version_is_being_evaluated_and_to_watch_after_ten_minutes() -> None:
    version = go_live(make_version(TASK))
    golden = add_golden(version)
    run = EvaluationRun.objects.create(version=version, dataset_version=golden, engine="builtin")
    one = read_inputs()["Evaluations"]
    assert one.level is Level.WAIT
    assert one.title == "suggest_outfit v1 is being evaluated with Built-in; Built-in answers."
    assert one.reason.startswith("Built-in: 0 of 0 since")
    later = read_inputs(run.started_at + timedelta(minutes=11))["Evaluations"]
    assert later.level is Level.WATCH


def test_the_model_that_waits_or_fails_while_the_built_in_engine_answers(
    with_model: None,
) -> None:
    version = go_live(make_version(TASK, engine="default"))
    golden = add_golden(version)
    judge(version, golden)
    one = read_inputs()["Evaluations"]
    assert one.level is Level.WAIT
    assert one.title == "suggest_outfit v1 has not been evaluated with Gemma yet; Built-in answers."
    judge(version, golden, "Too few are right.", engine="vllm")
    one = read_inputs()["Versions"]
    assert (one.level, one.title) == (
        Level.WATCH,
        "suggest_outfit v1 has failed with Gemma; Built-in answers.",
    )
    judge(version, golden, engine="vllm")
    assert level_of("Versions") is Level.OK and level_of("Evaluations") is Level.NONE


def test_a_reverted_canary_is_to_watch_until_something_follows(live: PromptVersion) -> None:
    candidate = make_version(TASK, system="new")
    judge(candidate, golden_of(live))
    start_canary(version=candidate, share=0.1, actor=None, reason="try")
    assert read_inputs()["Canaries"].title == "suggest_outfit v2 answers 10 %."
    releases.end_canary(
        live.prompt, state=Canary.State.REVERTED, actor=None, ending="Was no JSON: 9 of 9."
    )
    one = read_inputs()["Canaries"]
    assert one.level is Level.WATCH
    assert (one.title, one.reason) == (
        "The canary of suggest_outfit v2 was reverted.",
        "Was no JSON: 9 of 9.",
    )


def show(version: PromptVersion, *violations: dict[str, object]) -> None:
    end_call(version, violations=list(violations))
    build_figures()


def test_one_unowned_garment_shown_by_the_live_version_is_bad_at_once(live: PromptVersion) -> None:
    for _ in range(99):
        end_call(live)
    show(live, UNOWNED, SHOWN)
    one = read_inputs()["Shown faults"]
    assert one.level is Level.BAD
    assert (
        one.title
        == "suggest_outfit v1 shows a garment that is not owned: 1 of 100 in the last hour."
    )
    assert one.reason == "Besides: an outfit that is too cold 1."


def test_the_same_by_a_version_that_is_live_no_more_is_to_watch(live: PromptVersion) -> None:
    show(live, UNOWNED)
    promote(make_version(TASK, system="new"))
    one = read_inputs()["Shown faults"]
    assert (one.level, one.reason) == (Level.WATCH, "It answers nobody any more.")
    assert (
        one.title
        == "suggest_outfit v1 showed a garment that is not owned: 1 of 1 in the last hour."
    )


def test_a_candidate_of_a_canary_still_answers(live: PromptVersion) -> None:
    candidate = make_version(TASK, system="new")
    judge(candidate, golden_of(live))
    start_canary(version=candidate, share=0.1, actor=None, reason="try")
    show(candidate, UNOWNED)
    assert level_of("Shown faults") is Level.BAD


def test_what_was_withheld_is_no_alarm_and_other_faults_are_to_watch(live: PromptVersion) -> None:
    show(live, {**UNOWNED, "shown": False})
    one = read_inputs()["Shown faults"]
    assert one.level is Level.OK
    assert one.title == "0 of 1 answers were shown with a fault in the last hour."
    assert one.reason == "In 1 something was withheld."
    show(live, SHOWN, WITHHELD)
    assert level_of("Shown faults") is Level.WATCH


def test_an_hour_later_it_is_over(live: PromptVersion) -> None:
    end_call(live, violations=[UNOWNED], at=timezone.now() - timedelta(minutes=66))
    build_figures()
    assert level_of("Shown faults") is Level.NONE


def test_late_figures_leave_no_input_green_that_reads_them(live: PromptVersion) -> None:
    end_call(live)
    build_figures()
    later = timezone.now() + timedelta(minutes=6)
    inputs = read_inputs(later)
    levels = {name: inputs[name].level for name in ("Figures", "Shown faults", "Latency")}
    assert set(levels.values()) == {Level.UNKNOWN}
    told = read_headline(later)
    assert told.word == "Cannot tell"
    assert told.sentence.startswith("Cannot tell. The figures are late: calls were counted until")


def test_late_figures_hide_nothing_that_is_bad(live: PromptVersion) -> None:
    show(live, UNOWNED)
    told = read_headline(timezone.now() + timedelta(minutes=6))
    assert told.level is Level.BAD and "a garment that is not owned" in told.sentence


def test_a_slowdown_within_the_hour_is_to_watch(live: PromptVersion) -> None:
    # At a whole step: at others the one that holds the change may hide it from so few points.
    now = floor_to(timezone.now(), LENGTHS[Grain.FIVE_MINUTES])
    for minute in range(55):
        for number in range(2):
            ms = (900 if minute > 25 else 2_400) + 7 * (minute % 5) + number
            end_call(live, ms, at=now - timedelta(minutes=minute, seconds=1))
    build_figures(now)
    one = read_inputs(now)["Latency"]
    assert one.level is Level.WATCH
    assert one.title.startswith("suggest_outfit is slower since")


def test_failed_calls_alone_are_for_the_rules_of_alerts(live: PromptVersion) -> None:
    for _ in range(3):
        fail_call(live)
    build_figures()
    assert read_headline().level is Level.OK


def test_a_stuck_photo_is_bad(live: PromptVersion) -> None:
    make_photo(status="received", created_at=timezone.now() - timedelta(minutes=2))
    assert level_of("Queues") is Level.OK
    make_photo(status="received", created_at=timezone.now() - timedelta(minutes=10))
    one = read_inputs()["Queues"]
    assert (one.level, one.title) == (Level.BAD, "Photos are stuck.")
    assert one.reason == "2 unfinished, the oldest for 10 minutes."


def test_photos_that_no_worker_can_look_at_are_bad_after_a_while(live: PromptVersion) -> None:
    """For a moment that is how a release goes."""
    left = make_photo(status="received", failure_code="other_release")
    assert level_of("Queues") is Level.OK
    since = timezone.now() - timedelta(minutes=10)
    Photo.objects.filter(pk=left.pk).update(updated_at=since, created_at=since)
    one = read_inputs()["Queues"]
    assert (one.level, one.title) == (Level.BAD, "No worker of photos can run the live version.")
    assert one.reason.startswith("1 waiting, the first for 10 minutes. None loses a try.")
    assert one.link and one.link.address.endswith("?failure_code=other_release")


def test_redis_away_is_bad_and_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "count_queued", lambda: None)
    one = read_inputs()["Queues"]
    assert (one.level, one.title) == (Level.BAD, "Redis does not answer.")


def test_a_model_server_that_is_away_is_to_watch_with_its_reason(with_model: None) -> None:
    assert level_of("Engines") is Level.OK
    Breaker("vllm").open("vLLM answered 500: out of memory")
    one = read_inputs()["Engines"]
    assert (one.level, one.title) == (Level.WATCH, "vLLM does not answer.")
    assert "out of memory. The built-in engine answers meanwhile" in one.reason


def test_it_is_bad_where_nobody_else_may_answer(with_model: None) -> None:
    version = go_live(make_version(TASK, engine="vllm"))
    judge(version, add_golden(version), engine="vllm")
    Breaker("vllm").open("away")
    one = read_inputs()["Engines"]
    assert one.level is Level.BAD
    assert "Nobody else may answer under suggest_outfit v1." in one.reason


def test_an_embeddings_server_that_fails_is_to_watch(settings: Settings) -> None:
    settings.EMBEDDINGS = {**settings.EMBEDDINGS, "base_url": "http://gpu.example.org:8001"}
    assert level_of("Engines") is Level.OK
    Breaker("embeddings").open("It sent 64 numbers, expected 768")
    one = read_inputs()["Engines"]
    assert (one.level, one.title) == (Level.WATCH, "The embeddings server fails.")
    assert "It sent 64 numbers, expected 768. Similar garments" in one.reason
