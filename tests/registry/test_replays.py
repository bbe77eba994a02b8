"""What a call was asked is kept for a while, shown to those who may see it, and asked again."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from registry import inference
from registry.evaluation.replays import NotKeptError, ask_call, is_rebuilt
from registry.models import CallRequest, InferenceCall, Prompt
from registry.roles import AUTHOR
from registry.services import sweeps
from tests.factories import make_operator, make_user
from tests.registry.live import make_live
from tests.registry.toy import Guest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def operator_client(client: Client) -> Client:
    client.force_login(make_operator())
    return client


def greet(wearer: User | None, name: str = "Ada") -> InferenceCall:
    owner = wearer.pk if wearer else None
    finished = inference.run("greet", Guest(name), subject="guest:1", seed=7, wearer=owner)
    return InferenceCall.objects.get(pk=finished.call_id)


def page_of(call: InferenceCall) -> str:
    return reverse("admin:registry_inferencecall_change", args=[call.pk])


def replay_of(call: InferenceCall) -> str:
    return reverse("admin:registry_inferencecall_replay", args=[call.pk])


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_request_is_kept_as_it_was_rendered(prompt: Prompt) -> None:
    make_live(prompt)
    wearer = make_user()
    call = greet(wearer)
    request = CallRequest.objects.get(call=call)
    assert (request.owner, request.system, request.user) == (wearer, "You greet.", "Greet Ada.")
    assert request.context == {"name": "Ada", "pause_s": 0.0}
    assert is_rebuilt(call, ask_call(call))


def test_what_was_asked_for_nobody_is_not_kept(prompt: Prompt) -> None:
    make_live(prompt)
    call = greet(None)
    assert not CallRequest.objects.exists()
    with pytest.raises(NotKeptError, match="nobody's"):
        ask_call(call)


def test_what_was_asked_for_an_account_that_is_closed_is_not_kept(prompt: Prompt) -> None:
    make_live(prompt)
    owner = make_user()
    closed = owner.pk
    owner.delete()
    inference.run("greet", Guest(), subject="guest:1", wearer=closed)
    assert InferenceCall.objects.get().outcome == "succeeded"
    assert not CallRequest.objects.exists()


def test_a_request_of_a_call_that_failed_is_kept(prompt: Prompt) -> None:
    make_live(prompt, parameters={"word": "Hello"}, engine="vllm")
    with pytest.raises(inference.InferenceError) as failed:
        greet(make_user())
    assert CallRequest.objects.get().call_id == failed.value.call_id


def test_a_request_goes_with_its_account_and_the_call_stays(prompt: Prompt) -> None:
    make_live(prompt)
    wearer = make_user()
    call = greet(wearer)
    wearer.delete()
    assert not CallRequest.objects.exists()
    assert InferenceCall.objects.filter(pk=call.pk).exists()


def test_requests_are_removed_after_thirty_days(prompt: Prompt) -> None:
    make_live(prompt)
    wearer = make_user()
    old, young = greet(wearer), greet(wearer)
    for call, days in ((old, 31), (young, 29)):
        age = Now() - timedelta(days=days)
        CallRequest.objects.filter(call=call).update(created_at=age)
    assert sweeps.delete_old_requests() == 1
    assert CallRequest.objects.get().call_id == young.pk


def test_a_request_that_changed_code_would_render_differently_is_told(
    prompt: Prompt, operator_client: Client
) -> None:
    make_live(prompt)
    call = greet(make_user())
    assert "Rebuilt byte for byte" in text(operator_client.get(page_of(call)))
    request = CallRequest.objects.get()
    request.context["name"] = "Bea"
    request.save()
    assert not is_rebuilt(call, ask_call(call))
    assert "another request" in text(operator_client.get(page_of(call)))


def test_a_request_of_another_form_is_told(prompt: Prompt, operator_client: Client) -> None:
    make_live(prompt)
    call = greet(make_user())
    CallRequest.objects.update(context={"name": ["Ada"]})
    page = text(operator_client.get(page_of(call)))
    assert "Another release kept this request" in page
    assert "Greet Ada." in page


def test_the_same_is_asked_under_another_version(prompt: Prompt, operator_client: Client) -> None:
    make_live(prompt)
    call = greet(make_user())
    live = make_live(prompt, parameters={"word": "Howdy"})
    form = operator_client.get(replay_of(call)).context["form"]
    assert form.initial["version"] == live.pk
    response = operator_client.post(replay_of(call), {"version": live.pk})
    (_, _, before), (answer, _, after) = response.context["sides"]
    assert "Hello Ada" in before.json
    assert "Howdy Ada" in after.json
    assert answer.call.seed == call.seed == 7
    assert "What v1 answered, and what v2 answers" in text(response)
    assert "only one of them names it" not in text(response), "nothing is marked"
    assert InferenceCall.objects.for_people().get() == call
    assert text(response).index("Hello Ada") < text(response).index("Howdy Ada")


def test_a_replay_needs_a_version_of_the_same_prompt(
    prompt: Prompt, operator_client: Client
) -> None:
    make_live(prompt)
    call = greet(make_user())
    other = Prompt.objects.create(name="other").versions.create(
        number=1, sha256="0" * 64, bundle={}
    )
    assert operator_client.post(replay_of(call), {"version": other.pk}).status_code == 422
    assert InferenceCall.objects.count() == 1


def test_a_request_that_is_gone_is_not_replayed(prompt: Prompt, operator_client: Client) -> None:
    make_live(prompt)
    call = greet(make_user())
    CallRequest.objects.all().delete()
    assert "older than 30 days" in text(operator_client.get(page_of(call)))
    response = operator_client.post(replay_of(call), {"version": call.version_id}, follow=True)
    assert response.redirect_chain == [(page_of(call), 302)]
    assert InferenceCall.objects.count() == 1


@pytest.mark.parametrize("permission", ["view_callrequest", "add_promptversion"])
def test_who_may_not_see_a_request_or_try_a_version_gets_no_replay(
    prompt: Prompt, client: Client, permission: str
) -> None:
    make_live(prompt)
    call = greet(make_user())
    staff = make_user(is_staff=True)
    names = ["view_inferencecall", permission]
    staff.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(staff)
    page = text(client.get(page_of(call)))
    assert ("Greet Ada." in page) == (permission == "view_callrequest")
    assert replay_of(call) not in page
    assert client.post(replay_of(call), {"version": call.version_id}).status_code == 403
    assert InferenceCall.objects.count() == 1


def test_authors_may_replay(prompt: Prompt, client: Client) -> None:
    make_live(prompt)
    call = greet(make_user())
    author = make_user(is_staff=True)
    author.groups.add(Group.objects.get(name=AUTHOR))
    client.force_login(author)
    assert replay_of(call) in text(client.get(page_of(call)))
    assert client.post(replay_of(call), {"version": call.version_id}).status_code == 200


def test_what_a_request_says_is_escaped(prompt: Prompt, operator_client: Client) -> None:
    make_live(prompt)
    call = greet(make_user(), name="<script>alert(1)</script>")
    page = text(operator_client.get(page_of(call)))
    assert "&lt;script&gt;" in page
    assert "<script>alert(1)" not in page


def test_a_setting_that_cannot_be_imported_is_found(settings: Settings) -> None:
    settings.CALL_PICTURE_FINDER = "wardrobe.nothing"
    with pytest.raises(Exception, match="wardrobe.nothing cannot be imported"):
        call_command("check")
