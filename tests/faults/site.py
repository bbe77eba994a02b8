"""The whole product under a fault: a launcher, its rows and files, and a wearer who uploads."""

import hashlib
import io
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx
import psycopg
import redis
from PIL import Image

from dresscode.local.embedded import paths
from tests.conftest import ROOT
from tests.dresscode.launchers import Launcher
from tests.dresscode.processes import Process, descendants, wait_until
from tests.faults.invariants import find_violations

GOLDEN_PHOTOS = ROOT / "fixtures" / "golden" / "digitize_photo" / "photos"
FAILPOINT = "photo.described"
TIMEOUT_S = 300  # Of a request; a busy machine makes all of them slow.
HOLD_S = 12  # Longer than a lease. It runs on while the process is stopped, so that one wakes late.
UNFINISHED = """
    SELECT id FROM wardrobe_photo WHERE status IN ('received', 'processing')
    UNION ALL SELECT id FROM registry_inferencecall WHERE outcome IS NULL"""
SWEEPS = """
from styling import jobs as outfits
from wardrobe import jobs as photos
photos.sweep_orphans_job()
outfits.delete_orphan_pictures_job()"""


@dataclass(frozen=True)
class Upload:
    """One file and the key that the browser chose for it."""

    data: bytes
    key: UUID = field(default_factory=uuid4)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def vary_photo(seed: int) -> Upload:
    """A golden photo, another one for each seed: nothing that the demo wearer has."""
    photos = sorted(GOLDEN_PHOTOS.glob("*.jpg"))
    with Image.open(photos[seed % len(photos)]) as picture:
        cut = picture.convert("RGB").crop((0, 0, picture.width - seed, picture.height - seed))
    buffer = io.BytesIO()
    cut.save(buffer, "JPEG", quality=88)
    return Upload(buffer.getvalue())


@dataclass
class Site:
    launcher: Launcher
    client: httpx.Client
    acknowledged: dict[UUID, str] = field(default_factory=dict)
    seed: int = 0

    @classmethod
    def start(cls) -> "Site":
        launcher = Launcher.filled(settings={"DRESSCODE_WORKERS": "2", "PHOTO_LEASE_S": "6"})
        armed = launcher.state / "armed"
        armed.touch()  # Disarmed: a failpoint acts for whoever creates its file.
        launcher.settings["DRESSCODE_FAILPOINTS"] = f"{FAILPOINT}=sleep:{HOLD_S}@{armed}"
        url = f"http://localhost:{launcher.port}"
        site = cls(launcher.start(), httpx.Client(base_url=url, timeout=TIMEOUT_S))
        site.sign_in("mara@example.com", "try-before-you-wear")
        return site

    def sign_in(self, email: str, password: str) -> None:
        self.client.get("/accounts/login/")
        fields = {"username": email, "password": password, "csrfmiddlewaretoken": self.token}
        answer = self.client.post("/accounts/login/", data=fields)
        assert answer.status_code == 302, answer.text

    @property
    def token(self) -> str:
        return self.client.cookies["csrftoken"]

    # What a wearer does

    def new_uploads(self, count: int) -> list[Upload]:
        self.seed += count
        return [vary_photo(seed) for seed in range(self.seed - count, self.seed)]

    def upload_request(self, upload: Upload) -> httpx.Request:
        return self.client.build_request(
            "POST",
            "/photos/add/",
            data={"upload_key": str(upload.key)},
            files={"photos": ("photo.jpg", upload.data, "image/jpeg")},
            headers={"X-CSRFToken": self.token},
        )

    def send(self, upload: Upload) -> None:
        answer = self.client.send(self.upload_request(upload))
        assert answer.status_code in {200, 201}, answer.text
        self.acknowledged[upload.key] = upload.sha256

    @contextmanager
    def half_sent(self, upload: Upload) -> Iterator[None]:
        """A connection on which only half of the file has gone out."""
        request = self.upload_request(upload)
        head = [f"POST {request.url.raw_path.decode()} HTTP/1.1"]
        head += [f"{name}: {value}" for name, value in request.headers.items()]
        body = request.read()
        address = ("127.0.0.1", self.launcher.port)
        with socket.create_connection(address, timeout=TIMEOUT_S) as connection:
            connection.sendall("\r\n".join([*head, "", ""]).encode() + body[: len(body) // 2])
            yield

    # What can be done to it

    def redis(self) -> redis.Redis:
        return redis.Redis.from_url(paths.redis_url(self.launcher.state))

    @contextmanager
    def paused_workers(self) -> Iterator[None]:
        """Nobody takes a photo off the queue while the block runs."""
        workers = self.launcher.children("rqworker photos")
        for worker in workers:
            os.kill(worker.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for worker in workers:
                os.kill(worker.pid, signal.SIGCONT)

    def has_queued(self) -> bool:
        """Whether photos wait in Redis, besides those that waiting workers were given."""
        with self.redis() as connection:
            return bool(connection.exists("rq:queue:photos"))

    def arm(self) -> None:
        """The next job to get its answer holds on to its photo and goes no further."""
        (self.launcher.state / "armed").unlink()

    def wait_until_held(self) -> None:
        wait_until((self.launcher.state / "armed").exists, "a job came to the failpoint")

    def held_worker(self) -> tuple[Process, Process]:
        """The worker whose job sleeps, and that job's process."""
        for worker in self.launcher.children("rqworker photos"):
            if horses := descendants(worker.pid):
                return worker, horses[0]
        raise AssertionError("no worker has a job")

    def stop(self, number: signal.Signals) -> None:
        process, children = self.launcher.process, self.launcher.children()
        assert process is not None
        process.send_signal(number)
        self.launcher.wait()
        wait_until(lambda: not any(child.is_alive for child in children), "no child is left")

    # How it is afterwards

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection]:
        sockets = str(paths.socket_dir(self.launcher.state))
        with psycopg.connect(host=sockets, dbname="dresscode", user="dresscode") as connection:
            yield connection

    def query(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with self.database() as database:
            return database.execute(sql, values).fetchall()

    def photo(self, upload: Upload, columns: str = "status, attempt") -> tuple[object, ...]:
        sql = f"SELECT {columns} FROM wardrobe_photo WHERE upload_key = %s"  # noqa: S608
        (row,) = self.query(sql, upload.key)
        return row

    def settle(self) -> None:
        """Wait until all work is done; then let the sweeps take what crashes left, as in an hour."""
        wait_until(lambda: not self.query(UNFINISHED), "all work is done")
        before = time.time() - 2 * 3600
        for path in (self.launcher.state / "media").rglob("*"):
            os.utime(path, (before, before))
        self.launcher.shell(SWEEPS)

    def find_violations(self) -> list[str]:
        with self.database() as database:
            return find_violations(database, self.launcher.state / "media", self.acknowledged)

    def check_ready(self, *uploads: Upload) -> None:
        """After the work is done: everything holds, and each of these is ready, or says why not.

        The picture of an outfit may be just being made, whose file is there before its row names it: what is wrong is
        wrong at a second look, too.
        """
        self.settle()
        if found := self.find_violations():
            self.settle()
            found = [one for one in self.find_violations() if one in found]
        assert found == [], found
        statuses = {self.photo(upload)[0] for upload in uploads}
        assert statuses <= {"ready", "failed"}
        assert "ready" in statuses

    def remove(self) -> None:
        self.client.close()
        self.launcher.remove()
