"""Canaries on the operator's pages and by the command."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from monitoring.headline.levels import Level
from registry import roles
from registry.canary.service import start_canary, stop_canary
from registry.models import Alias, Canary, DatasetVersion, Prompt, PromptVersion
from registry.services import releases
from tests.factories import make_operator, make_user
from tests.monitoring.headline.rows import read_inputs
from tests.recalling import recall
from tests.registry.golden import make_draft, pass_beside_a_live_one, recall_guests
from tests.registry.live import make_live

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def golden(prompt: Prompt, tmp_path: Path) -> DatasetVersion:
    return recall_guests(tmp_path)


@pytest.fixture
def draft(prompt: Prompt, golden: DatasetVersion) -> PromptVersion:
    """A version that has passed, beside a live one."""
    return recall("beside a live one", lambda: pass_beside_a_live_one(prompt, golden))


@pytest.fixture
def canary(draft: PromptVersion) -> Canary:
    return start_canary(version=draft, share=0.1, actor=None, reason="see")


@pytest.fixture
def releaser(client: Client) -> Client:
    return sign_in_as(client, roles.RELEASER)


def sign_in_as(client: Client, role: str) -> Client:
    roles.make_roles()
    member = make_user(is_staff=True)
    member.groups.add(Group.objects.get(name=role))
    client.force_login(member)
    return client


def start(client: Client, version: PromptVersion, **changes: object) -> tuple[int, str]:
    form = {"percent": "10", "reason": "see", "expected_epoch": 1, **changes}
    url = reverse("admin:registry_canary_start", args=[version.pk])
    response = client.post(url, form)
    return response.status_code, response.content.decode()


def act(client: Client, canary: Canary, name: str, **changes: object) -> tuple[int, str]:
    form = {"reason": "good", "expected_epoch": 1, **changes}
    response = client.post(reverse(f"admin:registry_canary_{name}", args=[canary.pk]), form)
    return response.status_code, response.content.decode()


def open_canary(client: Client, canary: Canary) -> str:
    url = reverse("admin:registry_canary_change", args=[canary.pk])
    return client.get(url).content.decode()


def test_a_releaser_begins_one_from_the_prompts_page(
    releaser: Client, draft: PromptVersion
) -> None:
    prompt_url = reverse("admin:registry_prompt_change", args=[draft.prompt_id])
    start_url = reverse("admin:registry_canary_start", args=[draft.pk])
    assert start_url in releaser.get(f"{prompt_url}?version=2").content.decode()
    assert "Share of the wearers" in releaser.get(start_url).content.decode()
    assert start(releaser, draft)[0] == 302
    assert Canary.objects.get().share == 0.1
    assert "v2 is on trial for 10 % of the wearers" in releaser.get(prompt_url).content.decode()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"percent": "60"}, "At most 50 %: the others"),
        ({"percent": "0"}, "At least 0.1 %."),
        ({"percent": ""}, "Say how many of a hundred"),
        ({"reason": ""}, "Say why"),
        ({"expected_epoch": 7}, "moved meanwhile"),
    ],
)
def test_what_cannot_begin_is_said(
    releaser: Client, draft: PromptVersion, changes: dict[str, object], says: str
) -> None:
    status, page = start(releaser, draft, **changes)
    assert (status, says in page) == (422, True)
    assert not Canary.objects.exists()


def test_what_has_not_passed_is_sent_to_the_gate(
    releaser: Client, prompt: Prompt, golden: DatasetVersion
) -> None:
    make_live(prompt)
    draft = make_draft(prompt)
    url = reverse("admin:registry_canary_start", args=[draft.pk])
    page = releaser.get(url).content.decode()
    assert reverse("admin:registry_prompt_promote", args=[prompt.pk, draft.pk]) in page
    assert "It has not passed" in start(releaser, draft)[1]


def test_the_page_shows_how_it_stands(releaser: Client, canary: Canary) -> None:
    page = open_canary(releaser, canary)
    assert "greet v2 for 10 % of the wearers" in page
    assert page.count("Nothing yet") == 5
    assert "Nothing reverts it before 10 calls" in page


def test_it_is_stopped(releaser: Client, canary: Canary) -> None:
    assert act(releaser, canary, "stop", reason="enough")[0] == 302
    page = open_canary(releaser, canary)
    assert "enough" in page
    assert 'commandfor="stop"' not in page


def test_it_is_promoted(releaser: Client, canary: Canary) -> None:
    status, page = act(releaser, canary, "promote")
    assert (status, "too few to tell" in page) == (422, True)
    assert act(releaser, canary, "promote", confirm="on")[0] == 302
    assert Alias.objects.get().version == canary.version
    canary.refresh_from_db()
    assert canary.state == Canary.State.PROMOTED


def test_an_act_without_a_reason_opens_its_dialog_again(releaser: Client, canary: Canary) -> None:
    status, page = act(releaser, canary, "stop", reason="")
    assert status == 422
    assert 'id="stop" aria-labelledby="stop-title" open' in page


@pytest.mark.parametrize("name", ["stop", "promote"])
def test_looking_at_the_address_of_an_act_leads_to_the_canary(
    releaser: Client, canary: Canary, name: str
) -> None:
    looked = releaser.get(reverse(f"admin:registry_canary_{name}", args=[canary.pk]))
    page = reverse("admin:registry_canary_change", args=[canary.pk])
    assert (looked.status_code, looked.headers["Location"]) == (302, page)
    assert Canary.objects.get().state == "running"


def test_what_ended_meanwhile_is_said(releaser: Client, canary: Canary) -> None:
    stop_canary(canary=canary, actor=None, reason="enough")
    for name in ("stop", "promote"):
        status, page = act(releaser, canary, name)
        assert (status, "It had ended already" in page) == (422, True)


def test_an_evaluator_may_only_look(client: Client, canary: Canary, draft: PromptVersion) -> None:
    sign_in_as(client, roles.EVALUATOR)
    assert "commandfor=" not in open_canary(client, canary)
    for name in ("stop", "promote"):
        assert act(client, canary, name)[0] == 403
    assert start(client, draft)[0] == 403


def test_a_revert_is_an_alert_until_something_follows(client: Client, canary: Canary) -> None:
    releases.end_canary(
        canary.prompt, state=Canary.State.REVERTED, actor=None, ending="Was no JSON: 9 of 9."
    )
    client.force_login(make_operator())
    assert "Was no JSON: 9 of 9." in client.get("/admin/").content.decode()
    prompt_url = reverse("admin:registry_prompt_change", args=[canary.prompt_id])
    assert "The canary of v2 was reverted" in client.get(prompt_url).content.decode()
    start_canary(version=canary.version, share=0.1, actor=None, reason="again")
    assert read_inputs()["Canaries"].level is Level.OK


def test_the_list_names_all(releaser: Client, canary: Canary) -> None:
    prompt_url = reverse("admin:registry_prompt_change", args=[canary.prompt_id])
    list_url = f"{reverse('admin:registry_canary_changelist')}?prompt__id__exact={canary.prompt_id}"
    assert list_url in releaser.get(prompt_url).content.decode()
    assert "greet v2" in releaser.get(list_url).content.decode()


def test_the_command_begins_shows_and_stops(
    draft: PromptVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("canary", "start", "greet@2", share=0.1, reason="see")
    call_command("canary", "status", "greet")
    call_command("canary", "stop", "greet", reason="enough")
    call_command("canary", "status", "greet")
    out = capsys.readouterr().out
    assert "On trial: greet v2 for 10 % of the wearers, beside greet v1" in out
    assert "0 calls, 0 of greet v1 meanwhile" in out
    assert "greet v2 for 10 %: stopped\nenough" in out


def test_the_command_says_why_not(prompt: Prompt, golden: DatasetVersion) -> None:
    make_live(prompt)
    make_draft(prompt)
    with pytest.raises(CommandError, match="No evaluation on golden 1"):
        call_command("canary", "start", "greet@2", share=0.1, reason="see")
    with pytest.raises(CommandError, match="has had no canary"):
        call_command("canary", "status", "greet")
