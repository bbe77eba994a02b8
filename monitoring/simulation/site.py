"""A site that is drawn minute by minute: rows as wearers, uploads, answers and probes leave them.

Rows are written in bulk and not by the services that write them on a real site: a day of these would take a day. What
reads them is real: rollups, reports of drift, rules, states, actions.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
from django.contrib.auth.hashers import make_password

from accounts.models import User
from monitoring.simulation.faults import FAULTS, Fault
from registry.models import PROBE_SUBJECT, InferenceCall, PromptVersion
from registry.selectors import list_live
from styling.models import Event, Suggestion
from wardrobe.models import Photo, UploadEvent

STYLIST, DIGITIZER = "suggest_outfit", "digitize_photo"
DOMAIN = "simulated.invalid"
"""Of the wearers' addresses: such accounts are no one's."""
MINUTE = timedelta(minutes=1)

FORMATS = {"jpeg": 0.62, "heif": 0.22, "png": 0.08, "webp": 0.08}
OCCASIONS = {"casual": 0.5, "business": 0.3, "party": 0.1, "sport": 0.1}
WEATHER = {"mild": 0.5, "cool": 0.28, "warm": 0.2, "freezing": 0.02}
USUALLY_FAILED, USUALLY_SLOW = 0.005, 0.5
"""The share of calls that fail on a good day, and the spread of the time of an answer (of its logarithm)."""
MEDIAN_MS = {STYLIST: 700.0, DIGITIZER: 1_500.0}


@dataclass(frozen=True)
class Rates:
    """So much an hour, on average."""

    asks: float = 300.0
    uploads: float = 60.0


@dataclass
class Site:
    """`engines` are probed once a minute. `faults` are those that are on; `random` draws everything."""

    wearers: Sequence[User]
    random: np.random.Generator
    rates: Rates = Rates()
    engines: tuple[str, ...] = ("builtin",)
    faults: set[str] = field(default_factory=set)
    waiting: list[uuid.UUID] = field(default_factory=list)

    def play(self, until: datetime, length: timedelta = MINUTE) -> None:
        """Write what happens in the time that ends at `until`."""
        live = {version.prompt.name: version for version in list_live()}
        minutes = length / MINUTE
        self.ask(live, until, length, minutes)
        self.upload(live, until, length, minutes)
        if length == MINUTE:
            self.probe(live, until)

    @property
    def wrong(self) -> list[Fault]:
        return [FAULTS[name] for name in sorted(self.faults)]

    def draw_times(
        self, an_hour: float, until: datetime, length: timedelta, minutes: float
    ) -> list[datetime]:
        count = int(self.random.poisson(an_hour / 60 * minutes))
        return [until - float(share) * length for share in self.random.random(count)]

    def draw_one(self, shares: dict[str, float]) -> str:
        return str(self.random.choice(list(shares), p=list(shares.values())))

    def ask(
        self, live: dict[str, PromptVersion], until: datetime, length: timedelta, minutes: float
    ) -> None:
        asks = 0.0 if any(fault.is_quiet for fault in self.wrong) else self.rates.asks
        ends = self.draw_times(asks, until, length, minutes)
        if STYLIST in live:
            InferenceCall.objects.bulk_create(self.make_call(live[STYLIST], at) for at in ends)
        events, suggestions = [], []
        for at in ends:
            event, suggestion = self.make_suggestion(at)
            events.append(event)
            suggestions.append(suggestion)
        Event.objects.bulk_create(events)
        Suggestion.objects.bulk_create(suggestions)

    def make_suggestion(self, at: datetime) -> tuple[Event, Suggestion]:
        owner = self.wearers[int(self.random.integers(len(self.wearers)))]
        is_cold = any(fault.is_cold for fault in self.wrong)
        temperature = "freezing" if is_cold else self.draw_one(WEATHER)
        event = Event(
            owner=owner,
            kind=self.draw_one(OCCASIONS),
            date=at.date(),
            starts_at=time(9),
            ends_at=time(17),
            created_at=at,
        )
        suggestion = Suggestion(
            owner=owner,
            request_key=uuid.uuid4(),
            event=event,
            status=Suggestion.Status.READY,
            weather={"categories": {"temperature": temperature, "rain": "dry"}},
            created_at=at,
        )
        return event, suggestion

    def make_call(self, version: PromptVersion, at: datetime) -> InferenceCall:
        """One that has ended. Faults are those of the stylist, unless an engine is away."""
        task, wrong = version.prompt.name, self.wrong if version.prompt.name == STYLIST else []
        failed = max([USUALLY_FAILED, *(fault.failed for fault in wrong)])
        slower = max([1.0, *(fault.slower for fault in wrong)])
        invented = max([0.0, *(fault.invented for fault in wrong)])
        spread = float(np.exp(USUALLY_SLOW * self.random.standard_normal()))
        latency_ms = min(MEDIAN_MS[task] * slower * spread, 60_000.0)
        has_failed = self.random.random() < failed
        fault = {"code": "unowned_item", "message": "", "shown": True}
        return InferenceCall(
            **name_call(version, f"simulated:{uuid.uuid4()}", "builtin"),
            outcome="failed" if has_failed else "succeeded",
            error_code="invalid_json" if has_failed else "",
            output=None if has_failed else {},
            violations=[fault] if not has_failed and self.random.random() < invented else [],
            latency_ms=latency_ms,
            ttft_ms=latency_ms / 6,
            input_tokens=1_900,
            output_tokens=60,
            started_at=at - timedelta(milliseconds=latency_ms),
            heartbeat_at=at,
            finished_at=at,
        )

    def upload(
        self, live: dict[str, PromptVersion], until: datetime, length: timedelta, minutes: float
    ) -> None:
        times = self.draw_times(self.rates.uploads, until, length, minutes)
        strange = max([0.0, *(fault.jpeg_xl for fault in self.wrong)])
        is_strange = [bool(self.random.random() < strange) for _ in times]
        UploadEvent.objects.bulk_create(
            self.make_upload(at, odd) for at, odd in zip(times, is_strange, strict=True)
        )
        if any(fault.is_queue_stopped for fault in self.wrong):
            Photo.objects.bulk_create(self.make_photo(at) for at in times)
        elif DIGITIZER in live:
            read = [at for at, odd in zip(times, is_strange, strict=True) if not odd]
            InferenceCall.objects.bulk_create(self.make_call(live[DIGITIZER], at) for at in read)

    def make_upload(self, at: datetime, is_strange: bool) -> UploadEvent:
        owner = self.wearers[int(self.random.integers(len(self.wearers)))]
        return UploadEvent(
            owner=owner,
            outcome=UploadEvent.Outcome.REFUSED if is_strange else UploadEvent.Outcome.ADMITTED,
            refusal="unsupported" if is_strange else "",
            format="jpeg-xl" if is_strange else self.draw_one(FORMATS),
            bytes=int(self.random.integers(200_000, 4_000_000)),
            megapixels=None if is_strange else float(self.random.choice([2.0, 8.0, 12.0])),
            brightness=None if is_strange else float(self.random.normal(130, 25)),
            blur=None if is_strange else float(self.random.lognormal(5, 0.6)),
            created_at=at,
        )

    def make_photo(self, at: datetime) -> Photo:
        """One that waits: no worker will take it, for it has no file."""
        owner = self.wearers[int(self.random.integers(len(self.wearers)))]
        key = uuid.uuid4()
        return Photo(
            owner=owner,
            upload_key=key,
            status=Photo.Status.RECEIVED,
            sha256=key.hex * 2,
            source_format="jpeg",
            source_bytes=1,
            created_at=at,
        )

    def probe(self, live: dict[str, PromptVersion], at: datetime) -> None:
        """As the job would: one call of each engine."""
        away = {engine for fault in self.wrong for engine in fault.away}
        if STYLIST not in live:
            return
        InferenceCall.objects.bulk_create(
            InferenceCall(
                **name_call(live[STYLIST], f"{PROBE_SUBJECT}{engine}", engine),
                outcome="failed" if engine in away else "succeeded",
                error_code="engine_unavailable" if engine in away else "",
                output=None if engine in away else {},
                latency_ms=100.0,
                started_at=at,
                heartbeat_at=at,
                finished_at=at,
            )
            for engine in self.engines
        )


def name_call(version: PromptVersion, subject: str, engine: str) -> dict[str, Any]:
    return {
        "task": version.prompt.name,
        "version": version,
        "epoch": 1,
        "subject": subject,
        "input_sha256": "0" * 64,
        "engine": engine,
    }


def make_wearers(count: int) -> list[User]:
    """Accounts that nobody can sign in to."""
    known = User.objects.filter(email__endswith=f"@{DOMAIN}").order_by("pk")
    missing = range(known.count(), count)
    User.objects.bulk_create(
        User(email=f"wearer-{number}@{DOMAIN}", password=make_password(None)) for number in missing
    )
    return list(known[:count])
