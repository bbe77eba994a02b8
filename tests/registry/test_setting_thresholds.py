"""Setting in the admin what a version must reach, and who may see it."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import migrations
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from registry import roles
from registry.canary.service import start_canary
from registry.evaluation.thresholds import Thresholds, find_thresholds
from registry.models import DatasetVersion, GateThresholds, Prompt
from registry.services.overrides import record_override
from tests.factories import make_operator, make_user
from tests.registry.golden import import_guests, make_draft, write_guests
from tests.registry.live import make_live

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = {
    "accuracy": "97.5",
    "validity": "100",
    "slice_floor": "80",
    "slice_floors": "late 93",
    "reason": "The shop opens",
}


@pytest.fixture
def golden(prompt: Prompt, tmp_path: Path) -> DatasetVersion:
    return import_guests(write_guests(tmp_path), accuracy=0.9)


@pytest.fixture
def operator_client(client: Client) -> Client:
    client.force_login(make_operator())
    return client


def page_of(prompt: Prompt) -> str:
    return reverse("admin:registry_gatethresholds_set", args=[prompt.pk])


def post(client: Client, prompt: Prompt, **changes: str) -> HttpResponse:
    response: HttpResponse = client.post(page_of(prompt), {**ASKED, **changes})  # type: ignore[assignment]
    return response


def test_the_form_begins_with_what_holds(
    operator_client: Client, prompt: Prompt, golden: DatasetVersion
) -> None:
    page = operator_client.get(page_of(prompt)).content.decode()
    assert 'name="accuracy" value="90"' in page


def test_a_change_holds_and_stands_on_the_prompts_page(
    operator_client: Client, prompt: Prompt, golden: DatasetVersion
) -> None:
    page_url = reverse("admin:registry_prompt_change", args=[prompt.pk])
    assert "As its golden dataset came with" in operator_client.get(page_url).content.decode()
    assert post(operator_client, prompt).status_code == 302
    assert find_thresholds(golden) == Thresholds(0.975, 1.0, 0.8, {"late": 0.93})
    page = operator_client.get(page_url).content.decode()
    assert "97.5 % of all fields, 80 % in each slice (93 % in late), 100 % well-formed" in page
    assert "The shop opens" in page


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"accuracy": "101"}, "Write a number from 0 to 100."),
        ({"slice_floors": "lat 93"}, "No example is in “lat”. Slices: early, late."),
        ({"slice_floors": "late high"}, "Write a number from 0 to 100."),
        ({"slice_floors": "late"}, "Write a number from 0 to 100."),
        ({"slice_floors": "late 93\nearly 90\nlate 20"}, "“late” stands there twice."),
        ({"reason": " "}, "Say why"),
    ],
)
def test_what_cannot_hold_is_refused(
    operator_client: Client,
    prompt: Prompt,
    golden: DatasetVersion,
    changes: dict[str, str],
    told: str,
) -> None:
    response = post(operator_client, prompt, **changes)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not GateThresholds.objects.exists()


def test_blanks_between_a_slice_and_its_floor_are_no_part_of_it(
    operator_client: Client, prompt: Prompt, golden: DatasetVersion
) -> None:
    assert post(operator_client, prompt, slice_floors="  late \t 93 \n").status_code == 302
    assert find_thresholds(golden).slice_floors == {"late": 0.93}


def test_a_releaser_sees_thresholds_and_does_not_set_them(client: Client, prompt: Prompt) -> None:
    roles.make_roles()
    releaser = make_user("releaser@example.org", is_staff=True)
    releaser.groups.add(Group.objects.get(name=roles.RELEASER))
    client.force_login(releaser)
    page = client.get(reverse("admin:registry_prompt_change", args=[prompt.pk])).content.decode()
    assert "What a version must reach" in page
    assert page_of(prompt) not in page
    assert post(client, prompt).status_code == 403


def test_groups_that_were_there_see_a_model_that_is_new() -> None:
    roles.make_roles()
    Group.objects.get(name=roles.AUTHOR).permissions.clear()
    step = migrations.Migration("step", "registry")
    step.operations = [migrations.CreateModel("Canary", []), migrations.CreateModel("Other", [])]
    roles.make_roles(plan=[(step, False)])
    seen = Permission.objects.filter(group__name=roles.AUTHOR)
    assert [permission.codename for permission in seen] == ["view_canary"]


def test_releasers_that_were_there_retrain_once_training_is_there() -> None:
    roles.make_roles()
    releasers = Group.objects.get(name=roles.RELEASER)
    retrain = Permission.objects.get(codename="retrain")
    releasers.permissions.remove(retrain)
    step = migrations.Migration("0008_keep_training_sets", "feedback")
    own = [("retrain", "Can retrain")]
    step.operations = [migrations.CreateModel("TrainingRun", [], {"permissions": own})]
    roles.make_roles(plan=[(step, False)])
    assert Group.objects.get(permissions=retrain) == releasers


@pytest.mark.parametrize("codenames", [["view_prompt"], ["view_prompt", "view_canary"]])
def test_only_who_may_see_canaries_is_told_of_one(
    client: Client, prompt: Prompt, codenames: list[str]
) -> None:
    make_live(prompt)
    draft = make_draft(prompt)
    record_override(version=draft, actor=None, reason="x", days=1)
    start_canary(version=draft, share=0.1, actor=None, reason="see")
    staff = make_user("staff@example.org", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(staff)
    page = client.get(reverse("admin:registry_prompt_change", args=[prompt.pk])).content.decode()
    assert ("On trial" in page) is ("view_canary" in codenames)
