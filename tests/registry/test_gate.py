"""Which versions may go live: judged by the service, in words."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from registry import selectors
from registry.engines import get_engine
from registry.evaluation import gate
from registry.evaluation.gate import NotPassedError
from registry.models import Alias, DatasetVersion, Deployment, Prompt, PromptVersion
from registry.services import releases
from registry.services.overrides import NotSuperuserError
from registry.tasks import Violation
from tests.factories import make_operator, make_user
from tests.registry.golden import evaluate, import_guests, make_draft, recall_guests, write_guests
from tests.registry.live import make_live
from tests.registry.toy import Greet

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def golden(prompt: Prompt, tmp_path: Path) -> DatasetVersion:
    return recall_guests(tmp_path)


def promote(version: PromptVersion, **options: Any) -> Alias:
    return releases.promote_version(
        version=version, **{"actor": None, "reason": "better", **options}
    )


def test_a_passed_version_goes_live_and_the_history_names_its_run(
    prompt: Prompt, golden: DatasetVersion
) -> None:
    make_live(prompt)
    draft = make_draft(prompt)
    run = evaluate(draft, golden)
    assert promote(draft).version == draft
    move = Deployment.objects.get(to_version=draft)
    assert (move.kind, move.evaluation, move.override) == (Deployment.Kind.PROMOTE, run, None)


def test_a_version_without_a_whole_run_stays_a_draft(
    prompt: Prompt, golden: DatasetVersion
) -> None:
    live, draft = make_live(prompt), make_draft(prompt)
    with pytest.raises(NotPassedError, match="No evaluation on golden 1 has been completed"):
        promote(draft)
    assert Alias.objects.get().version == live


def test_the_first_version_of_a_prompt_needs_no_run(prompt: Prompt, golden: DatasetVersion) -> None:
    assert promote(make_draft(prompt)).epoch == 1


def test_a_prompt_without_a_dataset_has_nothing_to_pass(prompt: Prompt) -> None:
    make_live(prompt)
    with pytest.raises(NotPassedError, match="no golden dataset"):
        promote(make_draft(prompt))


def test_what_was_live_has_to_pass_like_any_other(prompt: Prompt, golden: DatasetVersion) -> None:
    first = make_draft(prompt)
    promote(first)
    second = make_draft(prompt)
    evaluate(second, golden)
    promote(second)
    with pytest.raises(NotPassedError):
        promote(first)
    evaluate(first, golden)
    assert promote(first).version == first


def test_a_new_dataset_version_asks_for_a_new_run(
    prompt: Prompt, golden: DatasetVersion, tmp_path: Path
) -> None:
    make_live(prompt)
    draft = make_draft(prompt)
    evaluate(draft, golden)
    import_guests(tmp_path, accuracy=0.9)
    with pytest.raises(NotPassedError, match="No evaluation on golden 2"):
        promote(draft)


def test_only_the_newest_run_counts(
    prompt: Prompt, golden: DatasetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_live(prompt)
    draft = make_draft(prompt)
    evaluate(draft, golden)
    monkeypatch.setattr(Greet, "offline", lambda *_: iter(['{"mood": "kind", "prose": ""}']))
    evaluate(draft, golden, is_fresh=True)
    with pytest.raises(NotPassedError, match=r"50.0% of all fields are right"):
        promote(draft)


def test_the_pass_of_an_engine_that_is_not_asked_here_is_none(
    prompt: Prompt, golden: DatasetVersion, settings: Any
) -> None:
    another = settings.INFERENCE_ENGINES["builtin"]
    settings.INFERENCE_ENGINES = {**settings.INFERENCE_ENGINES, "another": another}
    make_live(prompt)
    draft = make_draft(prompt)
    evaluate(draft, golden, engine="another")
    with pytest.raises(NotPassedError, match="No evaluation on golden 1 .* with Built-in"):
        promote(draft)


def test_a_stand_ins_answers_pass_nothing(
    prompt: Prompt, golden: DatasetVersion, settings: Any
) -> None:
    make_live(prompt)
    draft = make_draft(prompt)
    default = {**settings.INFERENCE_ENGINES["default"], "OPTIONS": {"engines": ["vllm", "builtin"]}}
    settings.INFERENCE_ENGINES = {**settings.INFERENCE_ENGINES, "default": default}
    get_engine.cache_clear()
    evaluate(draft, golden)
    with pytest.raises(NotPassedError, match="12 answers are not of vllm"):
        promote(draft)


def test_one_invented_thing_fails_what_is_right_in_all(
    prompt: Prompt, golden: DatasetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_live(prompt)
    draft = make_draft(prompt)
    invented = [Violation("unowned_item", "a hat")]
    monkeypatch.setattr(Greet, "check", lambda _, guest, output: invented * (guest.name == "bob"))
    evaluate(draft, golden)
    with pytest.raises(NotPassedError, match="1 things were named that were not offered"):
        promote(draft)


def test_a_version_that_is_much_worse_than_the_live_one_fails(
    prompt: Prompt, tmp_path: Path
) -> None:
    names = [f"guest{number}" for number in range(8)]
    golden = import_guests(write_guests(tmp_path, names), accuracy=0.5, slice_floor=0.5)
    evaluate(make_live(prompt), golden)
    draft = make_draft(prompt, parameters={"word": "Hi"})
    evaluate(draft, golden)
    with pytest.raises(NotPassedError, match=r"worse than the live greet v1: 8 .* p = 0.0039"):
        promote(draft)


def test_chance_alone_does_not_make_a_version_worse(prompt: Prompt, tmp_path: Path) -> None:
    golden = import_guests(write_guests(tmp_path), accuracy=0.5, slice_floor=0.5)
    evaluate(make_live(prompt), golden)
    draft = make_draft(prompt, parameters={"word": "Hi"})
    evaluate(draft, golden)
    assert promote(draft).version == draft


def test_a_superuser_overrides_and_it_stays_open_until_a_run_passes(
    prompt: Prompt, golden: DatasetVersion
) -> None:
    make_live(prompt)
    draft, operator = make_draft(prompt), make_operator()
    promote(draft, actor=operator, override_reason="The old one is down")
    move = Deployment.objects.get(to_version=draft)
    assert move.override
    assert (move.kind, move.override.actor) == (Deployment.Kind.OVERRIDE, operator)
    assert selectors.find_open_override(prompt) == move.override
    evaluate(draft, golden)
    assert selectors.find_open_override(prompt) is None


def test_nobody_else_overrides(prompt: Prompt) -> None:
    live, draft = make_live(prompt), make_draft(prompt)
    for actor in (None, make_user(is_staff=True), make_operator(is_active=False)):
        with pytest.raises(NotSuperuserError):
            promote(draft, actor=actor, override_reason="please")
    assert Alias.objects.get().version == live


def test_a_refused_move_leaves_no_override(prompt: Prompt) -> None:
    make_live(prompt)
    draft = make_draft(prompt)
    with pytest.raises(releases.MovedMeanwhileError):
        promote(draft, actor=make_operator(), override_reason="now", expected_epoch=9)
    assert not draft.overrides.exists()


def test_what_this_release_cannot_run_never_goes_live(prompt: Prompt) -> None:
    lost = make_live(prompt, parameters={"word": "Lost"})
    live = make_live(prompt)
    with pytest.raises(releases.UnusableVersionError, match="dictionary is gone"):
        promote(lost, actor=make_operator(), override_reason="please")
    with pytest.raises(releases.UnusableVersionError, match="dictionary is gone"):
        releases.roll_back(
            prompt=prompt, to_version=lost, actor=None, reason="worse", expected_epoch=2
        )
    assert Alias.objects.get().version == live


def race(*moves: Callable[[], Alias]) -> list[str]:
    """What became of moves that begin at the same moment, each in a connection of its own."""
    barrier = Barrier(len(moves))

    def play(move: Callable[[], Alias]) -> str:
        barrier.wait()
        try:
            return f"version {move().version.number}"
        except releases.MovedMeanwhileError:
            return "moved meanwhile"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(moves)) as pool:
        return sorted(pool.map(play, moves))


def test_of_two_operators_at_once_one_is_told(prompt: Prompt, golden: DatasetVersion) -> None:
    make_live(prompt)
    drafts = [make_draft(prompt), make_draft(prompt)]
    for draft in drafts:
        evaluate(draft, golden)
    endings = race(*(partial(promote, draft, expected_epoch=1) for draft in drafts))
    assert endings == ["moved meanwhile", f"version {Alias.objects.get().version.number}"]
    assert Deployment.objects.count() == Alias.objects.get().epoch == 2


def test_a_promotion_that_races_a_rollback_leaves_one_truth(
    prompt: Prompt, golden: DatasetVersion
) -> None:
    first, _ = make_live(prompt), make_live(prompt, user="Greet $name well.")
    draft = make_draft(prompt)
    evaluate(draft, golden)
    move_back = partial(
        releases.roll_back,
        prompt=prompt,
        to_version=first,
        actor=None,
        reason="x",
        expected_epoch=2,
    )
    endings = race(partial(promote, draft, expected_epoch=2), move_back)
    assert endings == ["moved meanwhile", f"version {Alias.objects.get().version.number}"]
    assert Deployment.objects.count() == Alias.objects.get().epoch == 3


def test_the_command_promotes_what_passed(
    prompt: Prompt, golden: DatasetVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    make_live(prompt)
    evaluate(make_draft(prompt), golden)
    call_command("promote", "greet@2", reason="better")
    assert "greet v2 is live, epoch 2" in capsys.readouterr().out


def test_the_command_lists_why_it_refuses(prompt: Prompt, golden: DatasetVersion) -> None:
    make_live(prompt)
    evaluate(make_draft(prompt, parameters={"word": "Hi"}), golden)
    with pytest.raises(CommandError, match="50.0% of all fields.*\n.*Slice early") as error:
        call_command("promote", "greet@2", reason="better")
    assert error.value.returncode == 1


def test_the_command_overrides_in_a_superusers_name(prompt: Prompt) -> None:
    make_live(prompt)
    draft = make_draft(prompt)
    with pytest.raises(CommandError, match="no user nobody@example.org"):
        call_command("promote", "greet@2", reason="x", override_as="nobody@example.org")
    call_command("promote", "greet@2", reason="x", override_as=make_operator().email)
    assert gate.has_passed(draft) is False
    assert Alias.objects.get().version == draft
