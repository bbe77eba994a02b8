"""Versions written in the admin: what the form takes, what it refuses, and that nothing is lost."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from registry import roles
from registry.forms import write_draft
from registry.models import Deployment, Prompt, PromptVersion
from registry.prompts.files import make_bundle
from registry.services.versions import create_version
from tests.factories import make_operator, make_user
from tests.registry.golden import recall_guests
from tests.registry.live import BUNDLE, make_live

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def live(prompt: Prompt, tmp_path: Path) -> PromptVersion:
    recall_guests(tmp_path)
    return make_live(prompt)


@pytest.fixture
def author(client: Client) -> Client:
    roles.make_roles()
    member = make_user("author@example.org", is_staff=True)
    member.groups.add(Group.objects.get(name=roles.AUTHOR))
    client.force_login(member)
    return client


def draft_url(version: PromptVersion) -> str:
    return reverse("admin:registry_promptversion_draft", args=[version.pk])


def send(client: Client, base: PromptVersion, **changes: str) -> HttpResponse:
    return client.post(draft_url(base), {"notes": "", **write_draft(base), **changes})


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_form_begins_with_what_the_version_holds(author: Client, live: PromptVersion) -> None:
    form = author.get(draft_url(live)).context["form"]
    assert form.initial["system"] == live.bundle["system"]
    assert 'engine = "' in form.initial["settings"]


def test_saving_makes_a_version_that_is_not_live(author: Client, live: PromptVersion) -> None:
    response = send(author, live, user="Greet $name warmly.", notes="Warmer")
    saved = live.prompt.versions.get(notes="Warmer")
    assert response.url == reverse("admin:registry_promptversion_try", args=[saved.pk])
    assert (saved.bundle["user"], saved.source) == ("Greet $name warmly.", "admin")
    assert saved.author and saved.author.email == "author@example.org"
    assert live.prompt.production() and live.prompt.production().version == live


def test_saving_changes_nothing_of_the_version_it_began_with(
    author: Client, live: PromptVersion
) -> None:
    before = dict(live.bundle)
    send(author, live, user="Greet $name.")
    live.refresh_from_db()
    assert live.bundle == before
    assert Deployment.objects.count() == 1


def test_what_the_form_shows_saved_as_it_is_adds_nothing(
    author: Client, prompt: Prompt, tmp_path: Path
) -> None:
    recall_guests(tmp_path)
    base = create_version(
        prompt=prompt, bundle=make_bundle({}, system="Be kind.", user="Greet $name.")
    )
    page = author.post(draft_url(base), {"notes": "", **write_draft(base)}, follow=True)
    assert prompt.versions.count() == 1
    assert "That is version 1" in text(page)


def test_lines_as_browsers_send_them_are_lines(author: Client, live: PromptVersion) -> None:
    send(author, live, system="One.\r\nTwo.", notes="Lines")
    assert live.prompt.versions.get(notes="Lines").bundle["system"] == "One.\nTwo."


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"user": "It costs 5 $."}, "user", "lone $"),
        ({"user": "Greet $nobody."}, "user", "Nothing fills $nobody; there are $name."),
        ({"settings": 'engine = "abacus"'}, "settings", "No engine is called abacus"),
        ({"settings": 'engine = "builtin'}, "settings", "(at "),
        ({"settings": "motor = 1"}, "settings", "unknown keys"),
        ({"settings": "enable_thinking = 1"}, "settings", "must be a bool"),
        ({"settings": '[parameters]\nword = "Lost"'}, "settings", "The dictionary is gone."),
        ({"settings": '[parameters]\nword = "\\u0000"'}, "settings", "NUL"),
        ({"settings": "[parameters]\nword = nan"}, "settings", "JSON cannot hold it"),
        ({"settings": "[sampling]\nmax_tokens = 0"}, "settings", "a whole number from 1"),
        ({"user": " \n"}, "user", "a model is asked with both texts"),
        ({"notes": "x" * 301}, "notes", "300"),
    ],
)
def test_what_would_not_work_is_said_and_nothing_is_lost(
    author: Client, live: PromptVersion, changes: dict[str, str], field: str, told: str
) -> None:
    response = send(author, live, **{"system": "My long <b>work</b>.", **changes})
    assert response.status_code == 422
    assert told in " ".join(response.context["form"].errors[field])
    assert "My long &lt;b&gt;work&lt;/b&gt;." in text(response)
    assert live.prompt.versions.count() == 1


def test_a_version_that_no_text_can_say_is_left_alone(author: Client, live: PromptVersion) -> None:
    bundle = {**BUNDLE, "parameters": {"word": None}}
    odd = create_version(prompt=live.prompt, bundle=bundle)
    response = author.get(draft_url(odd), follow=True)
    assert "cannot be written as text" in text(response)


def test_who_may_not_write_is_refused(client: Client, live: PromptVersion) -> None:
    client.force_login(make_user("reader@example.org", is_staff=True))
    assert client.get(draft_url(live)).status_code == 403
    assert send(client, live, user="Mine.").status_code == 403
    assert live.prompt.versions.count() == 1


def test_wearers_are_sent_to_sign_in(client: Client, live: PromptVersion) -> None:
    client.force_login(make_user("wearer@example.org"))
    assert client.get(draft_url(live)).status_code == 302


def test_the_page_of_the_prompt_leads_there(client: Client, live: PromptVersion) -> None:
    client.force_login(make_operator())
    page = client.get(reverse("admin:registry_prompt_change", args=[live.prompt_id]))
    assert draft_url(live) in text(page)
