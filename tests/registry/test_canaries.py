"""A canary: who is in it, how it reaches every process, when it ends."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.models import Correction
from registry import inference, jobs
from registry.canary import guards, service
from registry.canary.service import (
    CanaryRefusedError,
    check_canaries,
    promote_canary,
    start_canary,
    stop_canary,
)
from registry.evaluation.gate import NotPassedError
from registry.models import (
    Alias,
    Canary,
    CanaryCall,
    DatasetVersion,
    Deployment,
    InferenceCall,
    Prompt,
    PromptVersion,
)
from registry.prompts import live_versions
from registry.services import releases
from registry.services.overrides import ReasonRequiredError
from registry.tasks import Violation
from tests.factories import make_call, make_garment, make_operator
from tests.recalling import recall
from tests.registry.golden import import_guests, make_draft, pass_beside_a_live_one, recall_guests
from tests.registry.live import make_live
from tests.registry.toy import Greet, Guest
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db(transaction=True)

WEARERS = range(1, 201)


@pytest.fixture
def golden(prompt: Prompt, tmp_path: Path) -> DatasetVersion:
    return recall_guests(tmp_path)


@pytest.fixture
def draft(prompt: Prompt, golden: DatasetVersion) -> PromptVersion:
    """A version that has passed, beside a live one."""
    return recall("beside a live one", lambda: pass_beside_a_live_one(prompt, golden))


@pytest.fixture
def canary(draft: PromptVersion) -> Canary:
    return start(draft)


def start(version: PromptVersion, **options: Any) -> Canary:
    return start_canary(
        version=version, **{"share": 0.25, "actor": None, "reason": "see", **options}
    )


def who_is_in(version: PromptVersion) -> set[int]:
    return {
        wearer
        for wearer in WEARERS
        if live_versions.resolve("greet", wearer).version_id == version.pk
    }


def test_a_share_of_the_wearers_gets_the_candidate_and_keeps_it(
    canary: Canary, draft: PromptVersion
) -> None:
    first = who_is_in(draft)
    assert 30 <= len(first) <= 70
    live_versions.forget()
    assert who_is_in(draft) == first


def test_nobody_in_particular_gets_the_live_version(canary: Canary) -> None:
    assert live_versions.resolve("greet").number == 1


def test_another_canary_takes_other_wearers(canary: Canary, draft: PromptVersion) -> None:
    first = who_is_in(draft)
    stop_canary(canary=canary, actor=None, reason="enough")
    start(draft)
    assert who_is_in(draft) != first


def test_it_needs_the_pass_that_a_promotion_needs(prompt: Prompt, golden: DatasetVersion) -> None:
    make_live(prompt)
    with pytest.raises(NotPassedError, match="No evaluation on golden 1"):
        start(make_draft(prompt))
    assert not Canary.objects.exists()


@pytest.mark.parametrize("share", [0, -0.1, 0.51, float("nan")])
def test_a_share_is_above_nothing_and_up_to_a_half(draft: PromptVersion, share: float) -> None:
    with pytest.raises(CanaryRefusedError, match="A share is"):
        start(draft, share=share)


def test_it_says_why(draft: PromptVersion) -> None:
    with pytest.raises(ReasonRequiredError):
        start(draft, reason=" ")


def test_only_one_runs_at_a_time(canary: Canary, draft: PromptVersion) -> None:
    with pytest.raises(CanaryRefusedError, match="A canary runs already"):
        start(draft)


def test_of_two_operators_who_start_one_is_told(draft: PromptVersion) -> None:
    def play(_: int) -> str:
        try:
            return start(draft).state
        except CanaryRefusedError:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(play, range(2))) == ["refused", "running"]


def test_the_live_version_is_no_canary(prompt: Prompt, draft: PromptVersion) -> None:
    with pytest.raises(CanaryRefusedError, match="live already"):
        start(prompt.versions.get(number=1))


def test_who_looked_at_another_live_version_is_told(draft: PromptVersion) -> None:
    with pytest.raises(releases.MovedMeanwhileError):
        start(draft, expected_epoch=7)


def test_stopping_gives_everybody_the_live_version(canary: Canary, draft: PromptVersion) -> None:
    operator = make_operator()
    stop_canary(canary=canary, actor=operator, reason="enough")
    canary.refresh_from_db()
    assert (canary.state, canary.ended_by) == (Canary.State.STOPPED, operator)
    assert who_is_in(draft) == set()


def test_it_is_stopped_once(canary: Canary) -> None:
    stop_canary(canary=canary, actor=None, reason="enough")
    with pytest.raises(CanaryRefusedError, match="ended already"):
        stop_canary(canary=canary, actor=None, reason="enough")


def test_promoting_goes_through_the_gate_and_ends_it(canary: Canary, draft: PromptVersion) -> None:
    promote_canary(canary=canary, actor=None, reason="good", confirm=True)
    canary.refresh_from_db()
    move = Deployment.objects.get(to_version=draft)
    assert (canary.state, move.kind) == (Canary.State.PROMOTED, Deployment.Kind.PROMOTE)
    assert move.evaluation == canary.evaluation


def test_too_few_answers_to_tell_take_a_confirmation(canary: Canary, draft: PromptVersion) -> None:
    with pytest.raises(releases.TooFewAnswersError, match="0 answers, too few to tell: 120"):
        promote_canary(canary=canary, actor=None, reason="good")
    stop_canary(canary=canary, actor=None, reason="enough")
    with pytest.raises(releases.TooFewAnswersError):
        releases.promote_version(version=draft, actor=None, reason="good")
    with pytest.raises(CommandError, match="too few to tell"):
        call_command("promote", f"greet@{draft.number}", reason="good")
    call_command("promote", f"greet@{draft.number}", reason="good", anyway=True)
    assert Alias.objects.get().version == draft


def test_enough_answers_take_none(canary: Canary, draft: PromptVersion) -> None:
    Canary.objects.filter(pk=canary.pk).update(calls=120)
    promote_canary(canary=canary, actor=None, reason="good")
    assert Alias.objects.get().version == draft


def test_one_that_reverted_by_itself_comes_again_for_a_reason(
    canary: Canary, draft: PromptVersion
) -> None:
    releases.end_canary(
        canary.prompt, state=Canary.State.REVERTED, actor=None, ending="Was slow: 9 of 9."
    )
    with pytest.raises(releases.TakenBackError, match="by its canary: Was slow"):
        releases.promote_version(version=draft, actor=None, reason="good")
    releases.promote_version(
        version=draft, actor=None, reason="good", again_reason="The server was slow."
    )
    assert Alias.objects.get().version == draft


def test_what_no_longer_passes_is_not_promoted(canary: Canary, tmp_path: Path) -> None:
    import_guests(tmp_path, accuracy=0.9)
    with pytest.raises(NotPassedError):
        promote_canary(canary=canary, actor=None, reason="good")
    canary.refresh_from_db()
    assert canary.is_running


def test_any_move_of_production_stops_it(prompt: Prompt, canary: Canary) -> None:
    make_live(prompt, user="Greet $name well.")
    canary.refresh_from_db()
    assert canary.state == Canary.State.STOPPED
    assert "Production moved to version 3" in canary.ending


def test_a_process_that_missed_the_end_begins_nothing_on_it(
    canary: Canary, draft: PromptVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its memory says that the canary runs, for an hour more."""
    monkeypatch.setattr(live_versions, "CHECK_EVERY_S", 3600)
    assert who_is_in(draft)
    monkeypatch.setattr(live_versions, "publish_move", lambda *_: None)
    stop_canary(canary=canary, actor=None, reason="enough")
    assert live_versions.resolve("greet").canary
    assert who_is_in(draft) == set()


def test_without_a_database_its_wearers_get_the_live_version(
    canary: Canary, draft: PromptVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_versions.resolve("greet")

    def fail(*_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(Canary.objects, "running", fail)
    assert who_is_in(draft) == set()


def test_calls_say_on_which_side_they_were(canary: Canary, draft: PromptVersion) -> None:
    inside = min(who_is_in(draft))
    outside = min(set(WEARERS) - who_is_in(draft))
    for wearer in (inside, outside, None):
        inference.run("greet", Guest(), subject="guest:1", wearer=wearer)
    sides = CanaryCall.objects.values_list("call__version__number", "is_candidate")
    assert sorted(sides) == [(1, False), (2, True)]


def test_what_wearers_are_answered_is_weighed_by_the_job(
    canary: Canary, draft: PromptVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the one door: the candidate greets everybody by a wrong name."""
    monkeypatch.setattr(guards, "BATCH_AGE", timedelta())
    monkeypatch.setattr(service, "SETTLE", timedelta())
    monkeypatch.setattr(Greet, "check", lambda *_: [Violation("wrong_name", "")] * is_new())
    inside = who_is_in(draft)
    is_new = iter([wearer in inside for wearer in WEARERS]).__next__
    for wearer in WEARERS:
        inference.run("greet", Guest(), subject="guest:1", wearer=wearer)
    assert jobs.check_canaries_job() == ["greet v2 for 25 %"]
    canary.refresh_from_db()
    assert f"Broke a check: {len(inside)} of {len(inside)}" in canary.ending


def write_by_sql(version: PromptVersion, **changes: object) -> None:
    live = version.prompt.versions.get(number=1)
    row = {"prompt": version.prompt, "version": version, "live_version": live, "reason": "x"}
    Canary.objects.bulk_create([Canary(**{**row, "share": 0.1, **changes})])


def test_the_database_refuses_what_has_not_passed(prompt: Prompt, golden: DatasetVersion) -> None:
    make_live(prompt)
    with pytest.raises(IntegrityError, match="may not answer wearers"):
        write_by_sql(make_draft(prompt))


@pytest.mark.parametrize("changes", [{"share": 0.6}, {"share": 0}, {"reason": ""}])
def test_the_database_refuses_what_makes_no_sense(
    draft: PromptVersion, changes: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError):
        write_by_sql(draft, **changes)


def test_the_database_keeps_what_has_ended(canary: Canary) -> None:
    stop_canary(canary=canary, actor=None, reason="enough")
    row = Canary.objects.filter(pk=canary.pk)
    attempts: list[Callable[[], object]] = [
        lambda: row.update(state="running", ended_at=None, ending=""),
        lambda: row.update(ending="another"),
        row.delete,
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_the_database_keeps_what_it_is_about(canary: Canary) -> None:
    with pytest.raises(IntegrityError, match="only be watched and ended"), transaction.atomic():
        Canary.objects.update(share=0.5)
    assert Alias.objects.get().epoch == 1


class Wearers:
    """Calls of made-up wearers, on either side of a canary, that ended just now."""

    def __init__(self, canary: Canary) -> None:
        self.canary = canary

    def call(self, wearer: int, *, is_candidate: bool, **fields: Any) -> UUID:
        version = self.canary.version if is_candidate else self.canary.live_version
        ended = timezone.now() - timedelta(seconds=30)
        fields = {"outcome": "succeeded", "output": {}, "latency_ms": 100.0, **fields}
        if fields["outcome"] == "failed":
            fields["output"] = None
        call = make_call(version, **{"finished_at": ended, **fields})
        CanaryCall.objects.create(
            call=call, canary=self.canary, wearer=wearer, is_candidate=is_candidate
        )
        return call.pk

    def call_both(self, count: int, **candidate: Any) -> None:
        """As many of each side; the candidate's calls with these fields."""
        for wearer in range(count):
            self.call(wearer, is_candidate=False)
            self.call(1000 + wearer, is_candidate=True, **candidate)


@pytest.fixture
def wearers(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wearers]:
    """As if the canary had begun two hours ago, for the database keeps its clock to itself."""
    began = timezone.now() - timedelta(hours=2)
    monkeypatch.setattr(guards, "read_evidence", backdate(guards.read_evidence, began.isoformat()))
    yield Wearers(canary)


def backdate(read: Callable[..., guards.Evidence], began: str) -> Callable[..., guards.Evidence]:
    def read_backdated(canary: Canary, guard: guards.Guard) -> guards.Evidence:
        return read(canary, guard) if canary.evidence else guards.Evidence(began)

    return read_backdated


BROKEN = {"outcome": "failed", "error_code": "invalid_json"}


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"violations": [{"code": "wrong_name", "message": ""}]}, "Broke a check: 20 of 20"),
        (BROKEN, "Was no JSON: 20 of 20"),
        ({"outcome": "failed", "error_code": "engine_timeout"}, "Failed otherwise: 20 of 20"),
    ],
)
def test_a_bad_version_is_reverted_and_the_row_says_why(
    wearers: Wearers, draft: PromptVersion, fields: dict[str, Any], title: str
) -> None:
    wearers.call_both(20, **fields)
    [reverted] = check_canaries()
    assert (reverted.state, reverted.ended_by) == (Canary.State.REVERTED, None)
    assert title in reverted.ending
    assert who_is_in(draft) == set()


def test_a_slow_version_is_reverted(wearers: Wearers) -> None:
    wearers.call_both(40, latency_ms=200.0)
    [reverted] = check_canaries()
    assert "Was slow: 40 of 40" in reverted.ending


def test_a_fifth_longer_is_tolerated(wearers: Wearers) -> None:
    wearers.call_both(40, latency_ms=119.0)
    assert check_canaries() == []


def test_what_wearers_correct_is_weighed_an_hour_later(wearers: Wearers) -> None:
    hour_ago = timezone.now() - timedelta(minutes=61)
    garment = make_garment()
    for wearer in range(40):
        ended = hour_ago if wearer < 36 else timezone.now() - timedelta(minutes=5)
        call = wearers.call(wearer, is_candidate=wearer % 2 == 0, finished_at=ended)
        if wearer % 2 == 0:
            correct(garment, call)
    [reverted] = check_canaries()
    assert "Was corrected or refused: 18 of 18 of the candidate, 0 of 18" in reverted.ending


def correct(garment: Garment, call: UUID) -> None:
    Correction.objects.create(
        owner=garment.owner,
        garment=garment,
        field="type",
        version=InferenceCall.objects.get(pk=call).version,
        call_id=call,
    )


def test_a_good_version_goes_on(wearers: Wearers) -> None:
    wearers.call_both(40)
    assert check_canaries() == []
    wearers.canary.refresh_from_db()
    assert (wearers.canary.calls, wearers.canary.live_calls) == (40, 40)
    assert wearers.canary.evidence["violations"]["candidate"] == [0, 40]


def test_a_few_calls_revert_nothing(wearers: Wearers) -> None:
    wearers.call_both(guards.MIN_CALLS - 1, **BROKEN)
    assert check_canaries() == []


def test_a_wearer_who_calls_all_evening_counts_once(wearers: Wearers) -> None:
    wearers.call_both(5)
    for _ in range(40):
        wearers.call(1000, is_candidate=True, **BROKEN)
    assert check_canaries() == []
    wearers.canary.refresh_from_db()
    assert wearers.canary.evidence["broken"]["candidate"] == [1, 5]


def test_one_wearer_whose_every_answer_breaks_reverts_nothing(wearers: Wearers) -> None:
    """On the twelfth evening, too."""
    for _ in range(12):
        for wearer in range(20):
            wearers.call(wearer, is_candidate=False)
        wearers.call(1000, is_candidate=True, **BROKEN)
        assert check_canaries() == []
        rewind(wearers.canary)
    assert guards.list_tallies(wearers.canary)[1].is_worse


def rewind(canary: Canary) -> None:
    """Age what was weighed by a minute, so that what comes next is a batch of its own."""
    canary.refresh_from_db()
    InferenceCall.objects.update(finished_at=F("finished_at") - timedelta(minutes=2))
    for evidence in canary.evidence.values():
        since = datetime.fromisoformat(evidence["judged_until"]) - timedelta(minutes=2)
        evidence["judged_until"] = since.isoformat()
    canary.save(update_fields=["evidence"])


def test_what_was_stopped_says_nothing(wearers: Wearers) -> None:
    wearers.call_both(20, outcome="cancelled", output=None)
    check_canaries()
    wearers.canary.refresh_from_db()
    assert wearers.canary.calls == 0


def test_what_is_wrong_with_both_speaks_against_neither(wearers: Wearers) -> None:
    for wearer in range(40):
        wearers.call(wearer, is_candidate=wearer % 2 == 0, **BROKEN)
    assert check_canaries() == []


def test_nothing_is_weighed_twice(wearers: Wearers) -> None:
    wearers.call_both(20)
    check_canaries()
    check_canaries()
    wearers.canary.refresh_from_db()
    assert wearers.canary.evidence["broken"]["candidate"] == [0, 20]


def test_guards_that_look_at_the_same_calls_read_them_once(wearers: Wearers) -> None:
    wearers.call_both(20)
    with CaptureQueriesContext(connection) as queries:
        check_canaries()
    reads = [query for query in queries if "latency_ms" in query["sql"]]
    assert (len(reads), len(guards.GUARDS)) == (2, 5)


def test_no_call_is_made_a_model_to_be_weighed(
    wearers: Wearers, monkeypatch: pytest.MonkeyPatch
) -> None:
    wearers.call_both(20)
    monkeypatch.setattr(InferenceCall, "__init__", lambda *args, **kwargs: pytest.fail("a model"))
    check_canaries()
    wearers.canary.refresh_from_db()
    assert wearers.canary.calls == 20
