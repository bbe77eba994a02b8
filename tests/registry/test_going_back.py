"""What a rollback offers, what it keeps apart, and what a version that was taken back is asked."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from registry import roles, selectors
from registry.canary.service import start_canary
from registry.evaluation.standings import list_standings
from registry.models import Alias, DatasetVersion, Deployment, Prompt, PromptVersion
from registry.services import releases
from registry.services.releases import TakenBackError
from tests.factories import make_operator
from tests.recalling import recall
from tests.registry.api_client import Program, make_member
from tests.registry.golden import evaluate, make_draft, pass_and_promote, recall_guests

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def golden(prompt: Prompt, tmp_path: Path) -> DatasetVersion:
    return recall_guests(tmp_path)


@pytest.fixture
def three(prompt: Prompt, golden: DatasetVersion) -> list[PromptVersion]:
    """Each has passed and been live; the last one is."""
    return recall("three versions", lambda: [pass_and_promote(prompt, golden) for _ in range(3)])


def roll_back(to: PromptVersion, **options: str) -> None:
    epoch = Alias.objects.get().epoch
    releases.roll_back(
        prompt=to.prompt,
        to_version=to,
        actor=None,
        expected_epoch=epoch,
        **{"reason": "too long", **options},
    )


def override(prompt: Prompt) -> PromptVersion:
    """A version goes live that has failed."""
    bad = make_draft(prompt, parameters={"word": "Hi"})
    evaluate(bad, prompt.datasets.get().current)
    actor = make_operator("boss@example.org")
    releases.promote_version(version=bad, actor=actor, reason="now", override_reason="It burns")
    return bad


def read_page(prompt: Prompt, role: str = roles.RELEASER) -> str:
    client = Client()
    client.force_login(make_member(role))
    return client.get(reverse("admin:registry_prompt_change", args=[prompt.pk])).content.decode()


def list_returns(prompt: Prompt) -> tuple[list[int], list[int], list[int]]:
    versions = list(prompt.versions.all())
    found = selectors.list_returns(prompt, list_standings(versions))
    return (
        [version.number for version in found.offered],
        [version.number for version, _ in found.taken_back],
        [version.number for version in found.unpassed],
    )


def test_the_newest_that_passed_is_offered_first(
    prompt: Prompt, three: list[PromptVersion]
) -> None:
    override(prompt)
    assert list_returns(prompt) == ([3, 2, 1], [], [])
    assert "Roll back to v3" in read_page(prompt)


def test_what_was_just_taken_back_is_not_offered(
    prompt: Prompt, three: list[PromptVersion]
) -> None:
    roll_back(three[1])
    assert list_returns(prompt) == ([1], [3], [])
    page = read_page(prompt)
    assert "Roll back to v1" in page and "Roll back to v3" not in page
    assert "Taken back" in page and "too long" in page


def test_what_had_not_passed_is_listed_apart_with_what_it_failed(
    prompt: Prompt, three: list[PromptVersion]
) -> None:
    override(prompt)
    roll_back(three[2])
    assert list_returns(prompt) == ([2, 1], [], [4])
    page = read_page(prompt)
    assert "50.0% of all fields are right" in page
    assert 'name="is_override"' not in page


def test_a_superuser_goes_back_to_what_had_not_passed(
    prompt: Prompt, three: list[PromptVersion], client: Client
) -> None:
    bad = override(prompt)
    roll_back(three[2])
    client.force_login(make_operator())
    url = reverse("admin:registry_prompt_roll_back", args=[prompt.pk])
    form = {"to_version": bad.pk, "reason": "worse still", "expected_epoch": 5}
    page = client.post(url, form, follow=True).content.decode()
    assert "had not passed" in page
    assert client.post(url, {**form, "is_override": "on"}).status_code == 302
    move = Deployment.objects.get(epoch=6)
    assert (move.to_version, move.kind, bool(move.override)) == (bad, "rollback", True)
    assert "live without having passed" in read_page(prompt)


def test_a_form_that_is_shown_again_keeps_the_version(
    prompt: Prompt, three: list[PromptVersion], client: Client
) -> None:
    """With the first one in its place the next press would bring back another version than was chosen."""
    client.force_login(make_member(roles.RELEASER))
    url = reverse("admin:registry_prompt_roll_back", args=[prompt.pk])
    form = {"to_version": three[0].pk, "reason": " ", "expected_epoch": 3, "in_flight": "stop"}
    page = client.post(url, form)
    assert (page.status_code, "Say why" in page.text) == (422, True)
    assert f'<option value="{three[0].pk}" selected>v1' in page.text
    assert f'<option value="{three[1].pk}" selected>v2' not in page.text


def test_what_was_taken_back_comes_again_for_a_reason_of_its_own(
    prompt: Prompt, three: list[PromptVersion]
) -> None:
    roll_back(three[1])
    with pytest.raises(TakenBackError, match="too long"):
        releases.promote_version(version=three[2], actor=None, reason="again")
    with pytest.raises(TakenBackError):
        roll_back(three[2])
    releases.promote_version(
        version=three[2], actor=None, reason="again", again_reason="The words are cut now."
    )
    assert Deployment.objects.get(epoch=5).reason.endswith("comes again: The words are cut now.")


def test_the_page_asks_why_it_comes_again(
    prompt: Prompt, three: list[PromptVersion], client: Client
) -> None:
    roll_back(three[1])
    client.force_login(make_member(roles.RELEASER))
    url = reverse("admin:registry_prompt_promote", args=[prompt.pk, three[2].pk])
    assert "It was taken back." in client.get(url).content.decode()
    form = {"reason": "again", "expected_epoch": 4}
    refused = client.post(url, form)
    assert (refused.status_code, b"Say why it comes again" in refused.content) == (422, True)
    assert client.post(url, {**form, "again_reason": "It is cut"}).status_code == 302


def test_the_api_and_the_commands_ask_it_too(prompt: Prompt, three: list[PromptVersion]) -> None:
    roll_back(three[1])
    program = Program(make_member(roles.RELEASER))
    body = {"version": 3, "reason": "again", "expected_epoch": 4}
    for verb in ("promote", "roll-back"):
        status, problem = program.post(f"prompts/greet/{verb}", body)
        assert (status, problem["kind"]) == (422, "taken-back")
    with pytest.raises(CommandError, match="was taken back"):
        call_command("promote", "greet@3", reason="again")
    call_command("roll_back", "greet", 3, reason="again", again="It is cut")
    status, _ = program.post(
        "prompts/greet/roll-back", {"version": 1, "reason": "no", "expected_epoch": 5}
    )
    assert status == 200


def test_what_is_live_is_not_promoted_once_more(prompt: Prompt, three: list[PromptVersion]) -> None:
    """It would end a canary, and stand in the history as a move from a version to itself."""
    start_canary(version=three[0], share=0.1, actor=None, reason="once more")
    with pytest.raises(CommandError, match="Version 3 is live already"):
        call_command("promote", "greet@3", reason="again")
    body = {"version": 3, "reason": "again", "expected_epoch": 3}
    status, problem = Program(make_member(roles.RELEASER)).post("prompts/greet/promote", body)
    assert (status, problem["kind"]) == (409, "moved-meanwhile")
    assert (prompt.production().epoch, prompt.canaries.running().count()) == (3, 1)


def test_an_override_of_what_is_live_is_renewed(prompt: Prompt, three: list[PromptVersion]) -> None:
    bad = override(prompt)
    call_command("promote", "greet@4", reason="a week more", override_as="boss@example.org")
    assert (bad.overrides.count(), prompt.production().epoch) == (2, 5)


def test_a_version_says_over_http_what_each_engine_makes_of_it(
    prompt: Prompt, three: list[PromptVersion]
) -> None:
    _, found = Program(make_member(roles.RELEASER)).get("prompts/greet/versions/3")
    states = {engine["engine"]: engine["state"] for engine in found["engines"]}
    assert states == {"vllm": "unasked", "builtin": "passed"}
    assert found["passed"]


def test_the_pages_say_that_nobody_has_tried_it_on_gemma(
    prompt: Prompt, three: list[PromptVersion]
) -> None:
    page = read_page(prompt)
    assert "Is not connected to this machine." in page and "Answers wearers." in page
