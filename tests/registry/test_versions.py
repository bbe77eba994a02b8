from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from registry.models import Alias, Deployment, Prompt, PromptVersion
from registry.prompts import bundles, live_versions
from registry.prompts.files import PromptFileError
from registry.services import releases
from registry.services.overrides import ReasonRequiredError
from registry.services.versions import create_version, load_prompts
from tests.factories import promote
from tests.registry.live import BUNDLE, make_live

pytestmark = pytest.mark.django_db

FILE = """+++
description = "Greets."
notes = "First try."
sampling = { temperature = 0.2 }

[parameters]
word = "Hello"
+++

# System
You greet in JSON like {"mood": "kind"}.

# User
Greet $name.
"""


def write_prompt(folder: Path, text: str = FILE) -> Path:
    (folder / "greet.md").write_text(text)
    return folder


def test_a_prompt_file_becomes_a_live_version(tmp_path: Path) -> None:
    [version] = load_prompts(directory=write_prompt(tmp_path))
    assert version.bundle["user"] == "Greet $name."
    assert version.sha256 == bundles.digest(version.bundle)
    assert live_versions.resolve("greet").version_id == version.pk
    assert version.prompt.deployments.get().kind == Deployment.Kind.INITIAL


def test_loading_twice_changes_nothing(tmp_path: Path) -> None:
    load_prompts(directory=write_prompt(tmp_path))
    load_prompts(directory=tmp_path)
    assert PromptVersion.objects.count() == Deployment.objects.count() == 1


def test_a_changed_file_is_a_new_version_and_waits_for_the_gate(tmp_path: Path) -> None:
    load_prompts(directory=write_prompt(tmp_path))
    [second] = load_prompts(directory=write_prompt(tmp_path, FILE + "Be brief.\n"))
    assert second.number == 2
    assert live_versions.resolve("greet").number == 1


def test_a_live_version_that_this_release_cannot_run_is_replaced(
    greet: None, tmp_path: Path
) -> None:
    load_prompts(directory=write_prompt(tmp_path, FILE.replace("Hello", "Lost")))
    [second] = load_prompts(directory=write_prompt(tmp_path))
    move = Deployment.objects.get(to_version=second)
    assert (move.kind, Alias.objects.get().version) == (Deployment.Kind.OVERRIDE, second)
    assert "The dictionary is gone." in move.reason


def test_loading_again_does_not_undo_a_rollback(tmp_path: Path) -> None:
    [first] = load_prompts(directory=write_prompt(tmp_path))
    promote(*load_prompts(directory=write_prompt(tmp_path, FILE + "Be brief.\n")))
    releases.roll_back(
        prompt=first.prompt, to_version=first, actor=None, reason="worse", expected_epoch=2
    )
    load_prompts(directory=tmp_path)
    assert Alias.objects.get().version == first


def test_two_loads_leave_the_history_without_holes(tmp_path: Path) -> None:
    for text in (FILE, FILE + "Be brief.\n", FILE + "Be kind.\n", FILE):
        [version] = load_prompts(directory=write_prompt(tmp_path, text))
        promote(version)
    moves = list(Deployment.objects.order_by("epoch"))
    assert [move.epoch for move in moves] == [1, 2, 3, 4]
    for before, after in pairwise(moves):
        assert after.from_version == before.to_version
    assert Alias.objects.get().version == moves[-1].to_version


@pytest.mark.parametrize(
    "text",
    [
        "no front matter",
        FILE.replace("description", "descr"),
        FILE + "costs 5$ here",
        FILE.replace("temperature = 0.2", "temperature = nan"),
        FILE.replace("temperature = 0.2", "since = 2026-01-01"),
        FILE.replace("sampling = { temperature = 0.2 }", 'sampling = "cold"'),
        FILE.replace("sampling = { temperature = 0.2 }", "enable_thinking = 1"),
        FILE.replace("sampling = { temperature = 0.2 }", 'examples = [{ user = "Hi" }]'),
        FILE.replace("sampling = {", "sampling = {{"),
        FILE.replace("temperature = 0.2", "temperature = -0.1"),
        FILE.replace("temperature = 0.2", 'temperature = "hot"'),
        FILE.replace("temperature = 0.2", "max_tokens = -1"),
        FILE.replace("temperature = 0.2", "max_tokens = 1.5"),
        FILE.replace("temperature = 0.2", "top_p = true"),
    ],
)
def test_a_bad_prompt_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(PromptFileError, match=r"greet\.md"):
        load_prompts(directory=write_prompt(tmp_path, text))
    assert not Prompt.objects.exists()


def test_identity_is_the_content_and_not_its_order() -> None:
    assert bundles.digest({"a": 1, "b": [2]}) == bundles.digest({"b": [2], "a": 1})


def test_what_a_variable_holds_is_never_a_template() -> None:
    assert bundles.render("Hi $name {x}", {"name": "$system {y}"}) == "Hi $system {y} {x}"


def test_a_missing_variable_raises() -> None:
    with pytest.raises(KeyError):
        bundles.render("Hi $name", {})


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE registry_promptversion SET bundle = '{}'",
        "DELETE FROM registry_promptversion",
        "UPDATE registry_deployment SET reason = 'another'",
        "DELETE FROM registry_deployment",
    ],
)
def test_the_database_refuses_to_change_history(prompt: Prompt, sql: str) -> None:
    make_live(prompt)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_not_even_a_replica_session_changes_history(prompt: Prompt) -> None:
    """Our role may not ask for one, and one that may would meet the triggers all the same."""
    make_live(prompt)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM registry_deployment")


def test_the_orm_cannot_change_a_version_either(prompt: Prompt) -> None:
    version = make_live(prompt)
    with pytest.raises(IntegrityError), transaction.atomic():
        PromptVersion.objects.filter(pk=version.pk).update(notes="x")


def test_rollback_moves_the_alias_and_writes_the_history(prompt: Prompt) -> None:
    first, _ = make_live(prompt), make_live(prompt, user="Greet $name well.")
    releases.roll_back(
        prompt=prompt, to_version=first, actor=None, reason="too long", expected_epoch=2
    )
    move = prompt.deployments.first()
    assert move is not None
    assert (move.kind, move.to_version, move.epoch) == (Deployment.Kind.ROLLBACK, first, 3)
    assert live_versions.resolve("greet").version_id == first.pk


def test_rollback_wants_a_reason(prompt: Prompt) -> None:
    first, _ = make_live(prompt), make_live(prompt, user="Greet $name well.")
    with pytest.raises(ReasonRequiredError):
        releases.roll_back(
            prompt=prompt, to_version=first, actor=None, reason=" ", expected_epoch=2
        )
    assert Alias.objects.get().epoch == 2


def test_a_version_that_was_never_live_cannot_be_rolled_back_to(prompt: Prompt) -> None:
    make_live(prompt)
    draft = create_version(prompt=prompt, bundle={**BUNDLE, "user": "Hm."})
    with pytest.raises(releases.NotOnceLiveError):
        releases.roll_back(
            prompt=prompt, to_version=draft, actor=None, reason="x", expected_epoch=1
        )


def test_the_second_of_two_operators_hears_of_the_first(prompt: Prompt) -> None:
    first, second = make_live(prompt), make_live(prompt, user="Greet $name well.")
    make_live(prompt, user="Greet $name better.")
    releases.roll_back(prompt=prompt, to_version=first, actor=None, reason="a", expected_epoch=3)
    with pytest.raises(releases.MovedMeanwhileError):
        releases.roll_back(
            prompt=prompt, to_version=second, actor=None, reason="b", expected_epoch=3
        )


def test_a_task_without_a_live_version_says_what_to_run(prompt: Prompt) -> None:
    with pytest.raises(live_versions.NoLiveVersionError, match="load_prompts"):
        live_versions.resolve("greet")


def test_the_last_known_version_holds_while_the_database_is_away(
    prompt: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = make_live(prompt)
    live_versions.resolve("greet")

    def fail(*args: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(live_versions, "refresh", fail)
    live_versions.forget()
    assert live_versions.resolve("greet").version_id == version.pk


def test_a_move_during_the_question_leaves_the_answer_stale(
    prompt: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer was read before the move: the next call must ask again, and not in a second."""
    make_live(prompt)
    refresh = live_versions.refresh

    def be_overtaken(*args: Any) -> live_versions.LiveVersion:
        live = refresh(*args)
        make_live(prompt, user="Greet $name well.")
        return live

    with monkeypatch.context() as patch:
        patch.setattr(live_versions, "refresh", be_overtaken)
        assert live_versions.resolve("greet").number == 1
    assert live_versions.resolve("greet").number == 2


def test_a_known_version_costs_no_query(
    prompt: Prompt, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_live(prompt)
    monkeypatch.setattr(live_versions, "CHECK_EVERY_S", 3600)
    monkeypatch.setattr(live_versions, "ensure_listener", lambda: None)
    live_versions.resolve("greet")
    with django_assert_num_queries(0):
        live_versions.resolve("greet")
