"""The pages of the queues take a permission, and odd addresses lead nowhere."""

import django_rq
import pytest
from asgiref.sync import async_to_sync
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import get_resolver, reverse
from django_rq.settings import get_queues_map
from rq import Queue

from dresscode.asgi import application
from tests.factories import make_operator, make_user

pytestmark = pytest.mark.django_db

VALUES = {"queue_index": 0, "job_id": "x", "result_id": "x", "key": "x", "connection_index": 0}
VALUES |= {"scheduler_name": "x", "cron_job_name": "x", "scheduler_index": 0}


def list_pages(**odd: object) -> list[str]:
    """Every address of the queues; `odd` values take the place of plain ones."""
    resolver = next(
        one for one in get_resolver().url_patterns if getattr(one, "app_name", "") == "django_rq"
    )
    patterns = [(one.name, getattr(one.pattern, "converters", {})) for one in resolver.url_patterns]
    values = {**VALUES, **odd}
    return [
        reverse(f"django_rq:{name}", kwargs={key: values[key] for key in converters})
        for name, converters in patterns
    ]


@pytest.fixture
def staff(client: Client) -> Client:
    staff = make_user(is_staff=True)
    client.force_login(staff)
    client.staff = staff
    return client


@pytest.mark.parametrize("method", ["get", "post"])
def test_staff_without_the_permission_see_and_do_nothing(staff, method):
    answers = {page: getattr(staff, method)(page).status_code for page in list_pages()}
    assert len(answers) > 20
    assert set(answers.values()) == {403}


@pytest.fixture
def queue(django_capture_on_commit_callbacks) -> Queue:
    """With one job in it."""
    queue = django_rq.get_queue("photos")
    with django_capture_on_commit_callbacks(execute=True):
        queue.enqueue("tests.dresscode.jobs.nothing_job")
    assert queue.count == 1
    return queue


def test_staff_without_the_permission_empty_no_queue(staff, queue):
    assert (
        staff.post(reverse("django_rq:clear", args=[get_queues_map()["photos"]])).status_code == 403
    )
    assert queue.count == 1


def test_the_permission_opens_them_and_the_link_to_them(staff, queue):
    assert reverse("django_rq:home") not in staff.get(reverse("admin:index")).content.decode()
    staff.staff.user_permissions.add(
        Permission.objects.get(content_type__app_label="django_rq", codename="admin")
    )
    assert staff.get(reverse("django_rq:home")).status_code == 200
    assert reverse("django_rq:home") in staff.get(reverse("admin:index")).content.decode()
    assert (
        staff.post(reverse("django_rq:clear", args=[get_queues_map()["photos"]])).status_code == 302
    )
    assert queue.count == 0


@pytest.mark.parametrize(
    "odd", [{}, {"queue_index": 99}, {"queue_index": 10**30}, {"key": "rq:worker:gone"}]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_there_is_not_found(client, odd, method):
    client.force_login(make_operator())
    for page in list_pages(**odd):
        assert getattr(client, method)(page).status_code < 500, page
    job = reverse("django_rq:job_detail", args=[odd.get("queue_index", 0), "no-such-job"])
    assert getattr(client, method)(job).status_code == 404


def test_a_queues_page_leads_nowhere_else(client):
    client.force_login(make_operator())
    data = {"action": "delete", "job_ids": ["x"], "next_url": "https://evil.example/"}
    assert client.post(reverse("django_rq:actions", args=[0]), data).status_code == 404


ODD = [
    "1/1",
    "x/y",
    "99999999999999999999/1",
    "1/99999999999999999999",
    "1/%00",
    "%00/1",
    "-1/-1",
    "a/b/c/",
]


@pytest.mark.parametrize("odd", ODD)
def test_the_admins_shortcuts_lead_nowhere(client, odd):
    client.force_login(make_operator())
    assert client.get(f"/admin/r/{odd}/").status_code == 404


ORIGIN = [(b"host", b"localhost:8000"), (b"origin", b"http://localhost:8000")]


@pytest.mark.parametrize("path", ["/ws/", "/ws/photos", "/ws/outfits/x/", "/", "/ws/nowhere/%00/"])
def test_a_socket_to_nowhere_is_not_found(path):
    async def ask() -> dict:
        communicator = WebsocketCommunicator(application, path, headers=ORIGIN)
        communicator.scope["extensions"] = {"websocket.http.response": {}}
        await communicator.send_input({"type": "websocket.connect"})
        return await communicator.receive_output()

    assert async_to_sync(ask)() == {
        "type": "websocket.http.response.start",
        "status": 404,
        "headers": [],
    }


def test_a_server_that_cannot_say_so_ends_the_handshake():
    async def connect() -> bool:
        connected, _ = await WebsocketCommunicator(
            application, "/ws/nowhere/", headers=ORIGIN
        ).connect()
        return connected

    assert async_to_sync(connect)() is False
