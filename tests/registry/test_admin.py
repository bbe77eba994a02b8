import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry.models import Alias, Deployment, Prompt, PromptVersion
from tests.factories import make_call, make_operator, make_user
from tests.registry.live import make_live

pytestmark = pytest.mark.django_db


@pytest.fixture
def versions(prompt: Prompt) -> tuple[PromptVersion, PromptVersion]:
    first = make_live(prompt)
    return first, make_live(prompt, user="Greet $name <b>well</b>.")


@pytest.fixture
def operator_client(client: Client) -> Client:
    client.force_login(make_operator())
    return client


def page_of(prompt: Prompt) -> str:
    return reverse("admin:registry_prompt_change", args=[prompt.pk])


def roll_back(client: Client, prompt: Prompt, version: PromptVersion, **changes: object) -> int:
    form = {"to_version": version.pk, "reason": "too long", "expected_epoch": 2, **changes}
    return client.post(
        reverse("admin:registry_prompt_roll_back", args=[prompt.pk]), form
    ).status_code


Versions = tuple[PromptVersion, PromptVersion]


def test_the_prompt_page_shows_what_is_live_and_what_changed(
    operator_client: Client, prompt: Prompt, versions: Versions
) -> None:
    page = operator_client.get(page_of(prompt)).content.decode()
    assert "Go back all the same" in page
    assert versions[1].short_sha in page
    assert "<mark> &lt;b&gt;well&lt;/b&gt;</mark>" in page


def test_any_two_versions_can_be_compared(
    operator_client: Client, prompt: Prompt, versions: Versions
) -> None:
    page = operator_client.get(page_of(prompt), {"version": 1, "against": 2}).content.decode()
    assert "v1 against v2" in page


def test_rollback_takes_effect_and_is_in_the_history(
    operator_client: Client, prompt: Prompt, versions: Versions
) -> None:
    assert roll_back(operator_client, prompt, versions[0]) == 302
    assert Alias.objects.get().version == versions[0]
    move = Deployment.objects.get(kind="rollback")
    assert (move.reason, move.actor and move.actor.email) == ("too long", "operator@example.org")
    assert "too long" in operator_client.get(page_of(prompt)).content.decode()


def test_a_rollback_from_a_page_of_before_says_that_it_was_done(
    operator_client: Client, prompt: Prompt, versions: Versions
) -> None:
    """As of a second tab: what it offers is live by now."""
    roll_back(operator_client, prompt, versions[0])
    address = reverse("admin:registry_prompt_roll_back", args=[prompt.pk])
    form = {"to_version": versions[0].pk, "reason": "too long", "expected_epoch": 2}
    page = operator_client.post(address, form).content.decode()
    assert "Nothing was rolled back." in page
    assert "That version is live by now, or never was." in page
    assert Deployment.objects.filter(kind="rollback").count() == 1


def test_rollback_without_a_reason_changes_nothing_and_says_so(
    operator_client: Client, prompt: Prompt, versions: Versions
) -> None:
    assert roll_back(operator_client, prompt, versions[0], reason="") == 422
    assert Alias.objects.get().version == versions[1]


def test_the_operator_chooses_what_becomes_of_answers_in_writing(
    operator_client: Client, prompt: Prompt, versions: Versions
) -> None:
    assert roll_back(operator_client, prompt, versions[0], in_flight="restart") == 302
    assert Deployment.objects.get(kind="rollback").in_flight == "restart"
    page = operator_client.get(page_of(prompt)).content.decode()
    assert "Answers in writing: they begin anew on the restored version." in page


def test_a_choice_that_is_none_changes_nothing(
    operator_client: Client, prompt: Prompt, versions: Versions
) -> None:
    assert roll_back(operator_client, prompt, versions[0], in_flight="panic") == 422
    assert Alias.objects.get().version == versions[1]


def test_the_slower_operator_is_told(
    operator_client: Client, prompt: Prompt, versions: Versions
) -> None:
    roll_back(operator_client, prompt, versions[0])
    roll_back(operator_client, prompt, versions[1], expected_epoch=2)
    page = operator_client.get(page_of(prompt)).content.decode()
    assert "moved meanwhile" in page
    assert Alias.objects.get().version == versions[0]


def test_staff_without_the_permission_cannot_roll_back(
    client: Client, prompt: Prompt, versions: Versions
) -> None:
    staff = make_user("staff@example.org", is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_prompt"))
    client.force_login(staff)
    assert "Roll back to" not in client.get(page_of(prompt)).content.decode()
    assert roll_back(client, prompt, versions[0]) == 403
    assert Alias.objects.get().version == versions[1]


def test_a_rollback_is_never_a_get(
    operator_client: Client, prompt: Prompt, versions: Versions
) -> None:
    """Who left something out is told on a page of that address, and may load it again."""
    looked = operator_client.get(reverse("admin:registry_prompt_roll_back", args=[prompt.pk]))
    assert (looked.status_code, looked.headers["Location"]) == (302, page_of(prompt))
    assert Alias.objects.get().version == versions[1]


@pytest.mark.parametrize(
    "model", ["prompt", "promptversion", "alias", "deployment", "inferencecall"]
)
def test_rows_of_the_registry_are_listed_and_read_only(
    operator_client: Client, prompt: Prompt, versions: Versions, model: str
) -> None:
    make_call(versions[0], violations=[{"code": "too_warm", "message": ""}])
    assert operator_client.get(reverse(f"admin:registry_{model}_changelist")).status_code == 200
    assert operator_client.get(reverse(f"admin:registry_{model}_add")).status_code == 403


def test_a_version_can_be_opened(
    operator_client: Client, prompt: Prompt, versions: Versions
) -> None:
    url = reverse("admin:registry_promptversion_change", args=[versions[0].pk])
    assert "Greet $name." in operator_client.get(url).content.decode()


def test_a_call_shows_its_answer_its_checks_and_its_times(
    operator_client: Client, prompt: Prompt, versions: Versions
) -> None:
    call = make_call(
        versions[0],
        outcome="succeeded",
        finished_at=timezone.now(),
        output={"prose": "<b>Wear</b> wool."},
        violations=[{"code": "too_warm", "message": "a coat at 30 °C"}],
        ttft_ms=41.6,
    )
    url = reverse("admin:registry_inferencecall_change", args=[call.pk])
    page = operator_client.get(url).content.decode()
    assert "&lt;b&gt;Wear&lt;/b&gt; wool." in page
    assert "a coat at 30 °C" in page
    assert "42 ms" in page


def test_calls_are_filtered_by_version(
    operator_client: Client, prompt: Prompt, versions: Versions
) -> None:
    shown, other = make_call(versions[0]), make_call(versions[1])
    url = reverse("admin:registry_inferencecall_changelist")
    page = operator_client.get(url, {"version": versions[0].pk}).content.decode()
    assert str(shown.pk) in page
    assert str(other.pk) not in page


def test_without_scripts_a_link_opens_the_rollback_form(
    operator_client: Client, prompt: Prompt, versions: Versions
) -> None:
    closed, opened = (
        operator_client.get(page_of(prompt), query).content.decode() for query in ({}, {"to": 1})
    )
    assert 'aria-labelledby="rollback-title" open>' in opened
    assert 'aria-labelledby="rollback-title">' in closed


def test_a_rollback_must_carry_a_token(prompt: Prompt, versions: Versions) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_operator())
    assert roll_back(client, prompt, versions[0]) == 403
    assert Alias.objects.get().version == versions[1]


def test_a_prompt_that_was_never_live_has_a_page(operator_client: Client, prompt: Prompt) -> None:
    assert "load_prompts" in operator_client.get(page_of(prompt)).content.decode()
