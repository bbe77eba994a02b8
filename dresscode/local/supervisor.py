"""Keeps a set of child processes running, in order, and stops them in reverse."""

import logging
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

logger = logging.getLogger(__name__)

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
STEADY_S = 60.0  # Who ran this long starts again without delay.


@dataclass
class Service:
    """One child: how to start it, how to ask it to stop and how long it may take over that.

    One that `ends` is left alone once it has ended well.
    """

    name: str
    launch: Callable[[], subprocess.Popen[bytes]]
    stop_signal: signal.Signals = signal.SIGTERM
    grace_s: float = 10.0
    ends: bool = False
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    retry_at: float = 0.0
    delay_s: float = FIRST_DELAY_S

    def start(self) -> None:
        self.process = self.launch()
        self.started_at = time.monotonic()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def is_done(self) -> bool:
        return self.ends and self.process is not None and self.process.poll() == 0

    def ask_to_stop(self) -> None:
        """Once only: a second TERM makes an rq worker drop its job."""
        if self.process is not None and self.is_running:
            self.process.send_signal(self.stop_signal)

    def wait_until_stopped(self) -> None:
        """Until its grace is over; then it is killed."""
        if self.process is None:
            return
        try:
            self.process.wait(self.grace_s)
        except subprocess.TimeoutExpired:
            logger.warning("%s did not stop within %.0f s and is killed", self.name, self.grace_s)
            self.process.kill()
            self.process.wait()


@dataclass
class Supervisor:
    """Services in starting order, in groups: those of one group stop side by side."""

    groups: list[list[Service]] = field(default_factory=list)

    @property
    def services(self) -> list[Service]:
        return [service for group in self.groups for service in group]

    def start(self, *group: Service) -> None:
        """Start these after everything that already runs."""
        self.groups.append([])
        self.join(*group)

    def join(self, *services: Service) -> None:
        """Start these as part of the last group."""
        for service in services:
            self.groups[-1].append(service)
            service.start()

    def restart_dead(self) -> None:
        """Start again what has died, each time after a longer pause until it runs steadily."""
        for service in self.services:
            if service.is_running or service.is_done:
                continue
            if service.retry_at == 0.0:
                self._plan_restart(service)
            elif time.monotonic() >= service.retry_at:
                self._restart(service)

    def _plan_restart(self, service: Service) -> None:
        now = time.monotonic()
        if now - service.started_at > STEADY_S:
            service.delay_s = FIRST_DELAY_S
        service.retry_at = now + service.delay_s
        code = service.process.returncode if service.process else None
        logger.warning(
            "%s ended (%s); it starts again in %.1f s", service.name, code, service.delay_s
        )
        service.delay_s = min(service.delay_s * 2, LONGEST_DELAY_S)

    def _restart(self, service: Service) -> None:
        service.retry_at = 0.0
        try:
            service.start()
        except Exception:
            logger.exception("%s could not be started", service.name)
            service.process = None

    def stop(self) -> None:
        """Last group first; the stores go when nobody uses them any more."""
        for group in reversed(self.groups):
            for service in group:
                service.ask_to_stop()
            for service in group:
                service.wait_until_stopped()
        self.groups.clear()
