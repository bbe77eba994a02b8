"""What a worker takes, what it refuses and what it leaves behind."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import rq
from django_rq import get_queue
from pytest_django.fixtures import Settings

from dresscode.queues.scheduling import make_scheduler
from tests.conftest import ROOT
from tests.dresscode import jobs
from tests.dresscode.processes import LONGEST_S, descendants, leash, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def spawn_worker(*options: str, queue: str = "maintenance") -> subprocess.Popen[str]:
    return subprocess.Popen(
        leash([sys.executable, "manage.py", "rqworker", queue, *options]),
        cwd=ROOT,
        env={**os.environ, "DRESSCODE_WORKER_MEMORY_MB": "1024", "DRESSCODE_PROCESS": "worker"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def work_off(queue: str = "maintenance") -> str:
    """Runs every job that waits; returns the worker's log."""
    output, _ = spawn_worker("--burst", queue=queue).communicate(timeout=LONGEST_S)
    return output


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[str]]:
    worker = spawn_worker()
    yield worker
    worker.kill()
    worker.communicate()


def test_a_job_that_wants_too_much_memory_fails_alone(tmp_path: Path) -> None:
    queue = get_queue("maintenance")
    greedy = queue.enqueue(jobs.take_memory_job, 2)
    modest = queue.enqueue(jobs.touch_job, str(tmp_path / "done"))
    work_off()
    assert "MemoryError" in greedy.latest_result().exc_string
    assert modest.get_status() == rq.job.JobStatus.FINISHED


def test_photo_jobs_find_the_networks_loaded_and_may_use_them(tmp_path: Path) -> None:
    job = get_queue("photos").enqueue(jobs.guess_type_job, str(tmp_path / "loaded"))
    work_off("photos")
    assert job.get_status() == rq.job.JobStatus.FINISHED
    assert (tmp_path / "loaded").read_text() == "1"


def test_photo_jobs_import_nothing_to_see(tmp_path: Path) -> None:
    get_queue("photos").enqueue(jobs.see_photo_job, str(tmp_path / "imported"))
    work_off("photos")
    assert (tmp_path / "imported").read_text() == ""


def test_photo_jobs_import_nothing_to_read_what_we_take(tmp_path: Path) -> None:
    get_queue("photos").enqueue(jobs.read_formats_job, str(tmp_path / "imported"))
    work_off("photos")
    assert (tmp_path / "imported").read_text() == ""


@pytest.mark.parametrize("queue, loaded", [("photos", False), ("maintenance", True)])
def test_only_workers_that_ask_the_stylist_load_it(
    tmp_path: Path, queue: str, loaded: bool
) -> None:
    get_queue(queue).enqueue(jobs.look_job, str(tmp_path / "loaded"))
    work_off(queue)
    assert (tmp_path / "loaded").read_text() == str(loaded)


@pytest.mark.parametrize("queue, loaded", [("photos", False), ("maintenance", True)])
def test_jobs_name_addresses_whether_their_worker_knows_pages_or_not(
    tmp_path: Path, queue: str, loaded: bool, settings: Settings
) -> None:
    get_queue(queue).enqueue(jobs.name_address_job, str(tmp_path / "named"))
    work_off(queue)
    assert (tmp_path / "named").read_text() == f"{loaded} /{settings.ADMIN_PATH}"


def test_a_pickled_job_is_never_run(tmp_path: Path) -> None:
    queue = rq.Queue("maintenance", connection=get_queue("maintenance").connection)
    queue.enqueue(jobs.touch_job, str(tmp_path / "run"))
    work_off()
    assert not (tmp_path / "run").exists()


def test_a_killed_worker_takes_its_job_with_it(
    worker: subprocess.Popen[str], tmp_path: Path
) -> None:
    get_queue("maintenance").enqueue(jobs.sleep_job, str(tmp_path / "running"))
    wait_until((tmp_path / "running").exists, "the job runs")
    (horse,) = descendants(worker.pid)
    worker.kill()
    wait_until(lambda: not horse.is_alive, "its process is gone")


def test_the_scheduler_enqueues_what_a_worker_can_run(settings: Settings, tmp_path: Path) -> None:
    settings.SCHEDULED_JOBS = {"tests.dresscode.jobs.nothing_job": 10}
    scheduler = make_scheduler()
    assert [job.func_name for job in scheduler.enqueue_jobs()] == list(settings.SCHEDULED_JOBS)
    assert scheduler.enqueue_jobs() == []
    assert "Job OK" in work_off()
