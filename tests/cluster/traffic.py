"""A wearer who uploads, an operator who rolls back and a reader, while something happens to the cluster.

Each does as its browser or its script would: what was not answered is sent again, by the same key or against the same
epoch, until it is. What was answered is history, which the tables must hold, each act once.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx

from tests.cluster.cluster import OPERATOR, PROMPT, WEARER, WORD, Cluster
from tests.dresscode.processes import wait_until
from tests.faults.site import Upload, vary_photo

PAUSE_S = 0.3
UPLOADED = {200, 201}
"""Taken in now, or when it was sent before."""


@dataclass
class Actor:
    """One thread of them: when each act was acknowledged, and what else was answered on the way."""

    acts: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    failure: BaseException | None = None

    def note(self, answer: httpx.Response | httpx.HTTPError) -> None:
        is_answer = isinstance(answer, httpx.Response)
        self.refused[str(answer.status_code) if is_answer else type(answer).__name__] += 1

    def recovery_s(self, moment: float) -> float:
        """Seconds from a moment to the next act that was acknowledged."""
        return next(act for act in self.acts if act >= moment) - moment


@dataclass
class Move:
    """A roll-back that was acknowledged."""

    epoch: int
    version: int


@dataclass
class Traffic:
    cluster: Cluster
    uploads: list[Upload] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    wearer: Actor = field(default_factory=Actor)
    operator: Actor = field(default_factory=Actor)
    reader: Actor = field(default_factory=Actor)
    is_over: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)
    most_uploads: int = 6

    def __enter__(self) -> Self:
        for actor, act in (
            (self.wearer, self.upload),
            (self.operator, self.roll_back),
            (self.reader, self.read),
        ):
            thread = threading.Thread(target=self.run, args=(actor, act), daemon=True)
            self.threads.append(thread)
            thread.start()
        try:
            self.wait_for_acts(1, "all of them have begun")
        except BaseException:
            self.is_over.set()
            raise
        return self

    def __exit__(self, kind: type | None, error: object, trace: TracebackType | None) -> None:
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def run(self, actor: Actor, act: Callable[[httpx.Client, Actor], None]) -> None:
        try:
            with self.cluster.client() as client:
                while not self.is_over.is_set():
                    act(client, actor)
        except BaseException as error:  # noqa: BLE001 - The test's own thread raises it.
            actor.failure = error

    @property
    def actors(self) -> list[Actor]:
        return [self.wearer, self.operator, self.reader]

    def wait_for_acts(self, more: int, what: str) -> None:
        """Until each of them had so many more acknowledged."""
        wanted = [len(actor.acts) + more for actor in self.actors]

        def is_done() -> bool:
            for actor in self.actors:
                if actor.failure is not None:
                    raise actor.failure
            return all(
                len(actor.acts) >= least for actor, least in zip(self.actors, wanted, strict=True)
            )

        wait_until(is_done, what, progress=lambda: [len(actor.acts) for actor in self.actors])

    def ask(
        self, client: httpx.Client, actor: Actor, make: Callable[[], httpx.Request]
    ) -> httpx.Response | None:
        """None where it is to be sent again."""
        try:
            answer = client.send(make())
        except httpx.HTTPError as error:
            actor.note(error)
            return None
        if answer.status_code >= 500:
            actor.note(answer)
            return None
        return answer

    def act(
        self, client: httpx.Client, actor: Actor, make: Callable[[], httpx.Request]
    ) -> httpx.Response | None:
        """Again and again until it is answered; None where all is over."""
        while True:
            answer = self.ask(client, actor, make)
            if answer is not None:
                return answer
            if self.is_over.wait(PAUSE_S):
                return None

    # The wearer

    def sign_in(self, client: httpx.Client, actor: Actor, email: str = WEARER) -> None:
        if "sessionid" in str(client.cookies):
            return
        self.act(client, actor, lambda: client.build_request("GET", "/accounts/login/"))
        fields = {"username": email, "password": WORD, "csrfmiddlewaretoken": token(client)}
        answer = self.act(
            client, actor, lambda: client.build_request("POST", "/accounts/login/", data=fields)
        )
        assert answer is None or answer.status_code == 302, answer.text

    def upload(self, client: httpx.Client, actor: Actor) -> None:
        self.sign_in(client, actor)
        if len(self.uploads) >= self.most_uploads:
            # A photo takes a core for a second or two: the same one again must be the same photo.
            upload = self.uploads[len(actor.acts) % len(self.uploads)]
        else:
            self.cluster.seed += 1
            upload = vary_photo(self.cluster.seed)

        def make() -> httpx.Request:
            return client.build_request(
                "POST",
                "/photos/add/",
                data={"upload_key": str(upload.key)},
                files={"photos": ("photo.jpg", upload.data, "image/jpeg")},
                headers={"X-CSRFToken": token(client)},
            )

        answer = self.act(client, actor, make)
        if answer is None:
            return
        assert answer.status_code in UPLOADED, f"{answer.status_code} {answer.text}"
        self.cluster.acknowledged[upload.key] = upload.sha256
        if upload not in self.uploads:
            self.uploads.append(upload)
        actor.acts.append(time.monotonic())
        self.is_over.wait(PAUSE_S)

    # The operator

    def read_live(self, client: httpx.Client, actor: Actor) -> dict[str, Any] | None:
        """What is live, by the HTTP API."""
        headers = {"Authorization": f"Bearer {self.cluster.token}"}
        path = f"/api/v1/registry/prompts/{PROMPT}"
        answer = self.act(client, actor, lambda: client.build_request("GET", path, headers=headers))
        if answer is None:
            return None
        assert answer.status_code == 200, answer.text
        live: dict[str, Any] = answer.json()["live"]
        return live

    def roll_back(self, client: httpx.Client, actor: Actor) -> None:
        """From one of two versions to the other, in the admin. It is sent against the epoch that was read, so that a
        second try of what had been done changes nothing. Done is what the page says is done."""
        self.sign_in(client, actor, OPERATOR)
        live = self.read_live(client, actor)
        if live is None:
            return
        move = Move(live["epoch"] + 1, 3 - live["version"])
        fields = {
            "to_version": self.cluster.versions[move.version],
            "reason": "In the cluster",
            "again_reason": "And back",
            "expected_epoch": live["epoch"],
            "in_flight": "drain",
            "is_override": "on",
            "csrfmiddlewaretoken": token(client),
        }
        page = f"/admin/registry/prompt/{self.cluster.prompt}/"
        post = lambda: client.build_request("POST", f"{page}roll-back/", data=fields)  # noqa: E731
        answer = self.act(client, actor, post)
        if answer is None:
            return
        assert answer.status_code == 302, answer.text
        answer = self.act(client, actor, lambda: client.build_request("GET", f"{page}change/"))
        if answer is None:
            return
        assert answer.status_code == 200, answer.text
        if f"Version {move.version} is live. It took" in answer.text:
            self.moves.append(move)
            actor.acts.append(time.monotonic())
        else:
            actor.refused["untold"] += 1
        self.is_over.wait(PAUSE_S)

    # The reader

    def read(self, client: httpx.Client, actor: Actor) -> None:
        self.sign_in(client, actor)
        answer = self.act(client, actor, lambda: client.build_request("GET", "/wardrobe/"))
        if answer is None:
            return
        assert answer.status_code == 200, f"{answer.status_code} {answer.text}"
        actor.acts.append(time.monotonic())
        self.is_over.wait(PAUSE_S)

    # How it is afterwards

    def find_violations(self) -> list[str]:
        """Of the roll-backs: one that is lost, one that was done twice, an epoch without its move."""
        rows = self.cluster.query(
            """SELECT d.epoch, v.number FROM registry_deployment d
            JOIN registry_prompt p ON p.id = d.prompt_id
            JOIN registry_promptversion v ON v.id = d.to_version_id
            WHERE p.name = %s ORDER BY d.epoch""",
            PROMPT,
        )
        epochs = [epoch for epoch, _ in rows]
        kept = dict(rows)
        found = []
        if epochs != list(range(1, len(epochs) + 1)):
            found.append(f"the epochs have gaps or are doubled: {epochs}")
        if len({move.epoch for move in self.moves}) != len(self.moves):
            found.append("one epoch was acknowledged twice")
        found += [
            f"roll-back {move} is lost, or is another one"
            for move in self.moves
            if kept.get(move.epoch) != move.version
        ]
        return found

    def tell(self, what: str, moment: float) -> str:
        recovered = ", ".join(
            f"{name} {actor.recovery_s(moment):.1f} s"
            for name, actor in (
                ("uploads", self.wearer),
                ("roll-backs", self.operator),
                ("pages", self.reader),
            )
        )
        return f"{what}: back after {recovered}; meanwhile {dict(self.list_refused())}"

    def list_refused(self) -> Counter[str]:
        """How often which error was answered, or what else happened in an answer's place."""
        return sum((actor.refused for actor in self.actors), Counter())


def token(client: httpx.Client) -> str:
    return next(cookie.value or "" for cookie in client.cookies.jar if "csrftoken" in cookie.name)
