"""Prompts over HTTP: read them, load versions, move what is live."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from registry import roles
from registry.models import Alias, Deployment, Prompt, PromptVersion
from registry.prompts import bundles
from registry.prompts.files import PromptFile, write_prompt
from tests.registry.api_client import Program, make_member
from tests.registry.golden import evaluate, make_draft, recall_guests
from tests.registry.live import BUNDLE, make_live

pytestmark = pytest.mark.django_db

FILE = '+++\nnotes = "kinder"\n+++\n\n# System\n\nYou greet.\n\n# User\n\nGreet $name kindly.\n'


@pytest.fixture
def author(prompt: Prompt) -> Program:
    return Program(make_member(roles.AUTHOR, "ada@example.org"))


@pytest.fixture
def releaser(prompt: Prompt) -> Program:
    return Program(make_member(roles.RELEASER, "rui@example.org"))


@pytest.fixture
def two_versions(prompt: Prompt) -> tuple[PromptVersion, PromptVersion]:
    """The second is live, at epoch 2."""
    return make_live(prompt), make_live(prompt, user="Greet $name well.")


def move(version: int = 1, expected_epoch: int = 2, **changes: Any) -> dict[str, Any]:
    return {"version": version, "reason": "better", "expected_epoch": expected_epoch, **changes}


def test_prompts_are_listed_with_what_is_live(author: Program, prompt: Prompt) -> None:
    assert author.get("prompts")[1] == {
        "prompts": [{"name": "greet", "description": "", "live": None}]
    }
    version = make_live(prompt)
    [found] = author.get("prompts")[1]["prompts"]
    assert found["live"]["version"] == 1 and found["live"]["epoch"] == 1
    assert found["live"]["sha256"] == version.sha256


def test_a_prompt_has_its_versions(author: Program, prompt: Prompt, two_versions: Any) -> None:
    make_draft(prompt)
    status, found = author.get("prompts/greet")
    states = [(v["number"], v["is_live"], v["was_live"]) for v in found["versions"]]
    assert (status, states) == (200, [(3, False, False), (2, True, True), (1, False, True)])


def test_a_version_has_its_bundle_and_the_gates_word(author: Program, prompt: Prompt) -> None:
    make_live(prompt)
    status, found = author.get("prompts/greet/versions/1")
    bundle = {**BUNDLE, "schema_revision": 1, "vocabulary_revision": ""}
    assert (status, found["bundle"], found["prompt"]) == (200, bundle, "greet")
    assert found["failures"] == ["greet has no golden dataset to pass."] and not found["passed"]


@pytest.mark.parametrize(
    "path",
    [
        "prompts/oracle",
        "prompts/oracle/versions/1",
        "prompts/greet/versions/9",
        f"prompts/greet/versions/{10**30}",
        "prompts/oracle/history",
        "prompts/oracle/live",
        "prompts/greet/live",
    ],
)
def test_what_there_is_not_is_not_found(author: Program, path: str) -> None:
    assert author.get(path)[1]["kind"] == "not-found"


def test_the_history_comes_in_pages(author: Program, two_versions: Any) -> None:
    _, newest = author.get("prompts/greet/history", limit=1)
    assert [m["to_version"] for m in newest["moves"]] == [2] and newest["next_before"] == 2
    _, first = author.get("prompts/greet/history", limit=1, before=2)
    assert [m["kind"] for m in first["moves"]] == ["initial"] and first["next_before"] is None


def test_what_was_live_is_known_for_any_moment(author: Program, prompt: Prompt) -> None:
    make_live(prompt)
    moment = timezone.now().isoformat()
    status, found = author.get("prompts/greet/live", at=moment)
    assert (status, found["to_version"], found["actor"]) == (200, 1, None)
    assert author.get("prompts/greet/live")[1]["epoch"] == 1
    assert author.get("prompts/greet/live", at="2020-02-29T12:00:00Z")[0] == 404


def test_a_move_is_found_by_its_time(author: Program, two_versions: Any) -> None:
    for shown in author.get("prompts/greet/history")[1]["moves"]:
        assert author.get("prompts/greet/live", at=shown["created_at"])[1] == shown


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("live", {"at": "yesterday"}),
        ("live", {"at": "2026-11-23T14:05:00"}),
        ("live", {"moment": "2026-11-23T14:05:00Z"}),
        ("history", {"limit": 0}),
        ("history", {"before": 10**30}),
    ],
)
def test_a_question_that_is_none_is_refused(author: Program, path: str, query: Any) -> None:
    status, problem = author.get(f"prompts/greet/{path}", **query)
    assert (status, problem["kind"]) == (422, "invalid")
    assert problem["errors"][0]["where"] == next(iter(query))


def test_a_file_becomes_a_version_of_its_owner_that_is_not_live(author: Program) -> None:
    status, loaded = author.post("prompts/greet/versions", FILE)
    assert (status, loaded["number"], loaded["notes"]) == (201, 1, "kinder")
    assert (loaded["author"], loaded["source"]) == ("ada@example.org", "api")
    assert loaded["bundle"]["user"] == "Greet $name kindly."
    assert not Alias.objects.exists()
    status, again = author.post("prompts/greet/versions", FILE)
    assert (status, again["number"]) == (200, 1)


def test_a_new_version_says_where_it_is(author: Program) -> None:
    address = "/api/v1/registry/prompts/greet/versions"
    response = author.client.post(
        address, FILE, content_type="text/markdown", headers=author.authorization
    )
    assert response["Location"] == f"{address}/1"


def test_a_version_comes_back_as_it_was_written(author: Program) -> None:
    bundle = {**bundles.DEFAULTS, "schema_revision": 1, "system": "+++"}
    bundle["user"] = "# User\n\\# System \u00e9 $name"
    text = write_prompt(PromptFile("greet", "", "", bundle))
    _, loaded = author.post("prompts/greet/versions", text)
    assert loaded["sha256"] == bundles.digest(bundle)


def test_the_first_version_of_a_task_makes_its_prompt(author: Program) -> None:
    Prompt.objects.all().delete()
    assert author.post("prompts/greet/versions", FILE)[0] == 201
    assert author.post("prompts/oracle/versions", FILE)[0] == 404


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hm", "invalid-prompt-file"),
        (FILE.replace("notes", "engime"), "invalid-prompt-file"),
        (FILE.replace('"kinder"', "5"), "invalid-prompt-file"),
        (FILE.replace("kinder", "k" * 301), "invalid-prompt-file"),
        (FILE.replace("kinder", r"\u0000"), "invalid-prompt-file"),
        (FILE.replace("kindly", "\0"), "invalid-prompt-file"),
        (FILE.replace('"kinder"', "[" * 5000), "invalid-prompt-file"),
        (FILE.replace('"kinder"', "1" * 5000), "invalid-prompt-file"),
        (FILE.replace("kindly", "k" * 300_000), "too-large"),
        (FILE.encode("utf-16"), "invalid"),
    ],
)
def test_a_file_that_is_none_makes_nothing(author: Program, text: Any, kind: str) -> None:
    _, problem = author.post("prompts/greet/versions", text)
    assert problem["kind"] == kind
    assert not PromptVersion.objects.exists()


@pytest.mark.parametrize(("part", "text"), [("system", "$weather"), ("user", "$nam")])
def test_a_variable_that_nothing_fills_is_told_at_its_text(
    author: Program, part: str, text: str
) -> None:
    bundle = {**bundles.DEFAULTS, "system": "You greet.", "user": "Greet.", part: text}
    file = write_prompt(PromptFile("greet", "", "", bundle))
    _, problem = author.post("prompts/greet/versions", file)
    assert problem["kind"] == "invalid-prompt-file"
    assert [fault["where"] for fault in problem["errors"]] == [part]
    assert f"Nothing fills {text}; there are $name." in problem["errors"][0]["message"]
    assert not PromptVersion.objects.exists()


def test_a_backslash_is_no_nul(author: Program) -> None:
    assert author.post("prompts/greet/versions", FILE.replace("kindly", r"\u0000"))[0] == 201


def test_bodies_say_what_they_are(author: Program, releaser: Program) -> None:
    form = "application/x-www-form-urlencoded"
    assert author.post("prompts/greet/versions", FILE, form)[0] == 415
    assert releaser.post("prompts/greet/promote", move(), form)[0] == 415
    assert releaser.post("prompts/greet/promote", b"version=1", form)[0] == 415


def test_a_body_that_is_too_large_is_not_read(releaser: Program) -> None:
    status, problem = releaser.post("prompts/greet/promote", move(reason="r" * 300_000))
    assert (status, problem["kind"]) == (413, "too-large")


@pytest.mark.django_db(transaction=True)
def test_a_releaser_promotes_what_passed(releaser: Program, prompt: Prompt, tmp_path: Path) -> None:
    make_live(prompt)
    draft = make_draft(prompt)
    run = evaluate(draft, recall_guests(tmp_path))
    status, live = releaser.post("prompts/greet/promote", move(2, 1))
    assert (status, live["version"], live["epoch"]) == (200, 2, 2)
    row = Deployment.objects.get(epoch=2)
    assert (row.actor, row.reason, row.evaluation) == (releaser.owner, "better", run)


def test_what_has_not_passed_is_refused_with_the_failures(
    releaser: Program, prompt: Prompt, tmp_path: Path
) -> None:
    make_live(prompt)
    make_draft(prompt), recall_guests(tmp_path)
    status, problem = releaser.post("prompts/greet/promote", move(2, 1))
    assert (status, problem["kind"]) == (422, "not-passed")
    failure = "No evaluation on golden 1 has been completed with Built-in."
    assert problem["failures"] == [failure]
    assert Alias.objects.get().epoch == 1


def test_the_first_version_expects_that_nothing_is_live(releaser: Program, prompt: Prompt) -> None:
    make_draft(prompt)
    assert releaser.post("prompts/greet/promote", move(1, 1))[1]["kind"] == "moved-meanwhile"
    assert releaser.post("prompts/greet/promote", move(1, 0))[0] == 200
    assert releaser.post("prompts/greet/promote", move(1, 0))[1]["kind"] == "moved-meanwhile"


def test_an_author_may_not_release_their_own_where_it_takes_two(
    settings: Settings, author: Program, releaser: Program, prompt: Prompt, tmp_path: Path
) -> None:
    settings.TWO_PERSON_RELEASE = True
    make_live(prompt), recall_guests(tmp_path)
    releaser.post("prompts/greet/versions", FILE)
    status, problem = releaser.post("prompts/greet/promote", move(2, 1))
    assert (status, problem["kind"]) == (403, "same-person")


def test_a_releaser_rolls_back(releaser: Program, two_versions: Any) -> None:
    status, live = releaser.post("prompts/greet/roll-back", move(in_flight="stop"))
    assert (status, live["version"], live["epoch"]) == (200, 1, 3)
    row = Deployment.objects.get(kind="rollback")
    assert (row.actor, row.reason, row.in_flight) == (releaser.owner, "better", "stop")


@pytest.mark.parametrize(
    ("changes", "status", "kind"),
    [
        ({"expected_epoch": 1}, 409, "moved-meanwhile"),
        ({"version": 2}, 409, "moved-meanwhile"),
        ({"version": 3}, 422, "not-once-live"),
        ({"version": 9}, 404, "not-found"),
    ],
)
def test_a_rollback_that_cannot_be_changes_nothing(
    releaser: Program, two_versions: Any, prompt: Prompt, changes: Any, status: int, kind: str
) -> None:
    make_draft(prompt)
    found, problem = releaser.post("prompts/greet/roll-back", move(**changes))
    assert (found, problem["kind"]) == (status, kind)
    assert Alias.objects.get().epoch == 2


def test_what_this_release_cannot_run_does_not_come_back(releaser: Program, prompt: Prompt) -> None:
    lost = make_live(prompt, engine="builtin", parameters={"word": "Lost"})
    make_live(prompt)
    problem = releaser.post("prompts/greet/roll-back", move(lost.number))[1]
    assert (problem["status"], problem["kind"]) == (422, "unusable")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (move(reason=" "), "reason"),
        (move(reason="\0"), "reason"),
        (move(reason="r" * 501), "reason"),
        (move(version="one"), "version"),
        (move(version=10**30), "version"),
        (move(expected_epoch=None), "expected_epoch"),
        (move(in_flight="burn"), "in_flight"),
        (move(force=True), "force"),
        ({}, "version"),
        ([], ""),
    ],
)
def test_a_bad_body_says_what_is_wrong_where(
    releaser: Program, two_versions: Any, body: Any, where: str
) -> None:
    status, problem = releaser.post("prompts/greet/roll-back", body)
    assert (status, problem["kind"]) == (422, "invalid")
    assert problem["errors"][0]["where"] == where


@pytest.mark.parametrize("text", [b"{", b"\xff", b'{"reason": "\\ud800"}'])
def test_a_body_that_is_no_json_is_refused(releaser: Program, text: bytes) -> None:
    assert releaser.post("prompts/greet/promote", text, "application/json")[0] == 422


@pytest.mark.parametrize("verb", ["promote", "roll-back"])
def test_an_author_moves_nothing(author: Program, two_versions: Any, verb: str) -> None:
    status, problem = author.post(f"prompts/greet/{verb}", move())
    assert (status, problem["kind"]) == (403, "forbidden")
    assert Alias.objects.get().epoch == 2


def test_who_may_only_read_loads_nothing(prompt: Prompt) -> None:
    member = make_member(roles.AUTHOR)
    member.groups.clear()
    assert Program(member).post("prompts/greet/versions", FILE)[0] == 403
    assert not PromptVersion.objects.exists()
