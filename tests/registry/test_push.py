"""A rollback or a canary reaches other processes, by message or, when that is lost, by the epoch check."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
import redis
from django.conf import settings
from django.db import connection, connections, transaction

from registry.canary.service import start_canary, stop_canary
from registry.inference import run
from registry.models import Alias, Deployment, InferenceCall, Prompt
from registry.prompts import live_versions
from registry.services import releases
from tests.dresscode.processes import leash
from tests.emptying import unguarded
from tests.factories import make_version
from tests.registry.live import make_live
from tests.registry.toy import Guest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WATCHER = """
import sys, django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from registry.prompts import live_versions as versions
if sys.argv[2] == "deaf":
    versions.ensure_listener = lambda: None
if sys.argv[2] == "without Redis":
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    versions.CHECK_EVERY_S = 3600.0
seen = None
while True:
    number = min(versions.resolve("greet", wearer).number for wearer in range(64))
    if number != seen:
        seen = number
        print(number, flush=True)
    import time; time.sleep(0.005)
"""


@pytest.fixture(params=["hearing", "deaf", "without Redis"])
def watcher(request: pytest.FixtureRequest, prompt: Prompt) -> Iterator[subprocess.Popen[str]]:
    """Another process that prints the oldest version that answers anybody, whenever it changes."""
    make_live(prompt)
    make_live(prompt, user="Greet $name well.")
    name = connection.settings_dict["NAME"]
    process = subprocess.Popen(
        leash([sys.executable, "-c", WATCHER, name, request.param]),
        stdout=subprocess.PIPE,
        text=True,
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "dresscode.settings"},
    )
    yield process
    process.kill()
    process.wait()
    assert process.stdout
    process.stdout.close()


def test_another_process_sees_a_rollback(watcher: subprocess.Popen[str], prompt: Prompt) -> None:
    assert watcher.stdout
    assert watcher.stdout.readline().strip() == "2"
    first = prompt.versions.get(number=1)
    releases.roll_back(prompt=prompt, to_version=first, actor=None, reason="x", expected_epoch=2)
    assert watcher.stdout.readline().strip() == "1"


def test_another_process_sees_a_canary_begin_and_end(
    watcher: subprocess.Popen[str], prompt: Prompt
) -> None:
    assert watcher.stdout
    assert watcher.stdout.readline().strip() == "2"
    first = prompt.versions.get(number=1)
    canary = start_canary(version=first, share=0.5, actor=None, reason="x")
    assert watcher.stdout.readline().strip() == "1"
    stop_canary(canary=canary, actor=None, reason="x")
    assert watcher.stdout.readline().strip() == "2"


def test_of_many_rollbacks_at_once_one_wins(prompt: Prompt) -> None:
    first = make_live(prompt)
    make_live(prompt, user="Greet $name well.")
    barrier, results = threading.Barrier(6), []

    def roll_back() -> None:
        barrier.wait()
        try:
            releases.roll_back(
                prompt=prompt, to_version=first, actor=None, reason="x", expected_epoch=2
            )
            results.append("won")
        except releases.MovedMeanwhileError:
            results.append("lost")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=roll_back) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["lost"] * 5 + ["won"]
    assert Alias.objects.get().epoch == Deployment.objects.count() == 3


def test_a_move_without_redis_still_moves(prompt: Prompt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(live_versions, "ensure_listener", lambda: None)  # Later tests need theirs.
    version = make_live(prompt)
    assert live_versions.resolve("greet").version_id == version.pk


def test_nothing_begins_on_a_version_after_its_rollback(
    prompt: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even in a process that has not heard of it, within the second until its next check."""
    before, after = make_live(prompt), make_live(prompt, user="Greet $name well.")
    run("greet", Guest(), subject="guest:1")
    held = live_versions._entries["greet"]
    monkeypatch.setattr(live_versions, "publish_move", lambda *move: None)
    releases.roll_back(
        prompt=prompt, to_version=before, actor=None, reason="worse", expected_epoch=2
    )
    live_versions._entries["greet"] = replace(
        held, checked_at=time.monotonic(), news=live_versions._news
    )
    assert live_versions.resolve("greet").version_id == after.pk
    call = run("greet", Guest(), subject="guest:2").call_id
    assert InferenceCall.objects.get(pk=call).version == before


def test_other_rows_of_the_same_epoch_are_noticed(prompt: Prompt) -> None:
    """As after rows were put back in a process that runs: of these nobody is told, and the epoch may be the same."""
    make_live(prompt)
    other = make_version("greet")
    held = live_versions.resolve("greet")
    with transaction.atomic(), unguarded(["registry_alias"]) as cursor:
        cursor.execute("UPDATE registry_alias SET version_id = %s", [other.pk])
    found = live_versions.resolve("greet", certain=True)
    assert (found.version_id, found.epoch) == (other.pk, held.epoch)


def test_a_move_tries_redis_once(prompt: Prompt, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever rolls back does not wait for the retries of a client library."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        monkeypatch.setattr(settings, "REDIS_URL", f"redis://127.0.0.1:{port}/0")
        live_versions.publish_move("greet", 1)
        deaf.setblocking(False)
        deaf.accept()[0].close()
        with pytest.raises(BlockingIOError):
            deaf.accept()


def test_a_cut_subscription_is_taken_up_again() -> None:
    live_versions.ensure_listener()
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        wait_for_listener(client)
        cut_listeners(client)
        wait_for_listener(client)
        before = live_versions._news
        client.publish(live_versions.channel(), "greet 1")
        while live_versions._news is before:
            time.sleep(0.01)


def cut_listeners(client: "redis.Redis") -> None:
    """Those of this process: other workers' tests listen on the same server, each in its own database."""
    for listener in client.client_list(_type="pubsub"):
        if listener["db"] == str(client.connection_pool.connection_kwargs.get("db", 0)):
            client.client_kill_filter(_id=listener["id"])


def wait_for_listener(client: "redis.Redis") -> None:
    while not client.pubsub_numsub(live_versions.channel())[0][1]:
        time.sleep(0.01)
