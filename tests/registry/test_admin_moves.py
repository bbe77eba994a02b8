"""Whatever an operator sends in the admin and is taken leaves a line that says who, and no word that was typed."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from monitoring.models import Alert, WebhookEndpoint
from registry.evaluation.runner import start_run
from registry.models import Prompt
from registry.services.versions import create_version
from tests.dresscode.lines import Kept, keep_lines
from tests.factories import make_call, make_operator, make_photo, make_user
from tests.registry.golden import evaluate, make_draft, recall_guests
from tests.registry.test_moves import open_alert

pytestmark = pytest.mark.django_db(transaction=True)

TYPED = "canary-typed-7a31"
FORMS = ("_add", "_change", "_changelist", "_history")
"""Django's own: an empty form is none of their moves."""


@pytest.fixture
def kept() -> Iterator[Kept]:
    with keep_lines() as kept:
        yield kept


@pytest.fixture
def operator(client: Client) -> User:
    user = make_operator()
    client.force_login(user)
    return user


def read_moves(kept: Kept) -> list[dict[str, Any]]:
    return kept.read("dresscode.moves")


def list_addresses() -> Iterator[tuple[str, str]]:
    """Each view below the admin's path, by its name, with keys that rows may have."""
    yield from walk(get_resolver().url_patterns, "", [])


def walk(patterns: Any, space: str, above: list[str]) -> Iterator[tuple[str, str]]:
    for one in patterns:
        route = [*above, str(one.pattern)]
        if isinstance(one, URLResolver):
            inside = f"{space}{one.namespace}:" if one.namespace else space
            yield from walk(one.url_patterns, inside, route)
        elif isinstance(one, URLPattern) and one.name and "".join(route).startswith("admin/"):
            yield f"{space}{one.name}", "".join(route)


def reverse_any(name: str, route: str, rows: dict[str, Any]) -> str | None:
    keys = {
        part.split(":")[-1].rstrip(">").split(">")[0]: part.split(":")[0]
        for part in route.split("<")[1:]
    }
    model = next((one for one in rows if f":{one}_" in name), "")
    values = {
        key: rows.get(model, UUID(int=1) if kind == "uuid" else 1) for key, kind in keys.items()
    }
    try:
        return reverse(name, kwargs=values)
    except NoReverseMatch:
        return None


def test_every_view_of_the_admin_that_takes_what_is_sent_leaves_a_line(
    prompt: Prompt, client: Client, operator: User, tmp_path: Any, kept: Kept
) -> None:
    """All but Django's own forms are sent a press of a button: each redirect is a move, and has a line of its own."""
    golden = recall_guests(tmp_path)
    version = make_draft(prompt)
    run = evaluate(version, golden)
    rows: dict[str, Any] = {
        "monitoring_alert": open_alert().pk,
        "monitoring_webhookendpoint": WebhookEndpoint.objects.create(url="https://a.example").pk,
        "registry_prompt": prompt.pk,
        "registry_evaluationrun": run.pk,
        "registry_inferencecall": make_call(version).pk,
        "wardrobe_photo": make_photo().pk,
        "accounts_user": make_user().pk,
        "auth_group": Group.objects.create(name="Some").pk,
    }
    client.raise_request_exception = False  # A job that is not there.
    taken = set()
    for name, route in list_addresses():
        address = reverse_any(name, route, rows)
        if address is None or name.endswith(FORMS) or name in {"admin:logout", "admin:login"}:
            continue
        before = len(read_moves(kept))
        answer = client.post(address, {"post": "yes", "comment": TYPED})
        if 300 <= answer.status_code < 400:
            lines = read_moves(kept)[before:]
            assert lines, name
            assert {line["actor"] for line in lines} == {operator.pk}, name
            taken.add(name)
        client.force_login(operator)
    assert taken >= {
        "admin:monitoring_alert_acknowledge",
        "admin:monitoring_alert_archive",
        "admin:monitoring_alert_restore",
        "admin:monitoring_webhookendpoint_delete",
    }
    assert len(admin.site._registry) > 20 and len(taken) > 8
    assert TYPED not in kept.all


def test_moves_of_the_product_say_what_they_are(
    prompt: Prompt, client: Client, operator: User, tmp_path: Any, kept: Kept
) -> None:
    golden = recall_guests(tmp_path)
    kept.objects.clear()
    bundle = {"system": TYPED, "user": "$name", "engine": "builtin", "parameters": {}}
    version = create_version(prompt=prompt, bundle=bundle, author=operator)
    create_version(prompt=prompt, bundle=bundle, author=operator)
    run = start_run(version=version, dataset_version=golden, actor=operator)
    cancel = reverse("admin:registry_evaluationrun_cancel", args=[run.pk])
    client.post(cancel)
    alert = open_alert()
    for deed in ("archive", "restore", "restore"):
        client.post(reverse(f"admin:monitoring_alert_{deed}", args=[alert.pk]))
    add = reverse("admin:monitoring_webhookendpoint_add")
    client.post(add, {"url": f"https://{TYPED}.example.org/", "is_enabled": "on"})
    chosen = {"action": "delete_selected", "_selected_action": [WebhookEndpoint.objects.get().pk]}
    hooks = reverse("admin:monitoring_webhookendpoint_changelist")
    client.post(hooks, {**chosen, "post": "yes"})
    photo = make_photo(status="failed", tries_left=0)
    photos = {"action": "retry_photos", "_selected_action": [str(photo.pk)]}
    client.post(reverse("admin:wardrobe_photo_changelist"), photos)
    client.post(reverse("admin:auth_group_add"), {"name": TYPED})
    told = [line["message"] for line in read_moves(kept)]
    assert told == [
        "write_version",
        "start_evaluation",
        "cancel_evaluation",
        "archive_alert",
        "restore_alert",
        "admin:monitoring_alert_restore",
        "save_webhook",
        "delete_webhook",
        "retry_photos",
        "admin:auth_group_add",
    ]
    assert Alert.objects.get().archived_at is None
    assert TYPED not in kept.all


@pytest.mark.parametrize("path", ["/", f"/{settings.ADMIN_PATH}"])
def test_a_wearer_s_requests_and_reading_are_no_moves(
    client: Client, kept: Kept, path: str
) -> None:
    client.force_login(make_user())
    client.post(path)
    client.get(path)
    client.force_login(make_operator("other@example.org"))
    client.get(path)
    assert read_moves(kept) == []
