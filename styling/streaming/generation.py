"""Writing an answer apart from the socket that asked for it, and reading it from wherever it is.

One process writes an answer, as a task that outlives every socket. It numbers the events, wakes the
readers of its own process directly and copies the events to Redis for those of others; when the
answer ends, the transcript is stored with the row. A reader asks for what follows a number and
gets each event once, whichever of the three places has it.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError

from registry import inference
from registry.models import Deployment
from registry.prompts import live_versions
from registry.selectors import find_recall
from styling.models import Suggestion
from styling.streaming import leases
from styling.streaming.cards import describe_piece, describe_weather
from styling.streaming.draft import Draft, NotOfferedError
from styling.streaming.endings import RECALLED, RESTART, Ending, complete, ended_by, failed
from styling.streaming.leases import Claim
from styling.streaming.threads import in_thread, persist
from styling.streaming.transcript import (
    Log,
    LogTakenError,
    Transcript,
)
from styling.tasks import OutfitAnswer

logger = logging.getLogger(__name__)

HEARTBEAT_S = 2.5
LOG_PAUSE_S = 0.25
"""Between two writes to Redis of one answer: readers elsewhere are late by that much at most."""

POLL_S = 1.0
NEWS_POLL_S = 0.25
RECALL_INTERRUPTS = {
    Deployment.InFlight.RESTART.value: RESTART,
    Deployment.InFlight.STOP.value: RECALLED,
}
RECALLS = frozenset(RECALL_INTERRUPTS.values())
MAX_UNHEARD = 1_000
"""Events of a dead process that a reader may claim to have heard beyond what the log holds."""

HELD_BACK = frozenset({"unowned_item", "unavailable_item", "duplicate_slot"})
"""Violations that no wearer gets to see; others are counted."""

RESTARTED = "The stylist was set back to an earlier version; this is its answer."
BUILT_IN = (
    "The usual stylist is resting. Our built-in one dressed you: same clothes, plainer words."
)


@dataclass(frozen=True)
class Assignment:
    """A claim with what the page shows of it, read from the database in one go."""

    claim: Claim
    weather: dict[str, Any]
    cards: dict[UUID, dict[str, Any]]


def take_assignment(suggestion_id: UUID) -> Assignment | None:
    claim = leases.claim_suggestion(suggestion_id)
    if claim is None:
        return None
    candidates = {UUID(candidate.id): candidate for candidate in claim.context.wardrobe}
    cards = {pk: describe_piece(garment, candidates[pk]) for pk, garment in claim.garments.items()}
    return Assignment(claim, describe_weather(claim.suggestion), cards)


def call_for_answer(claim: Claim, *, seed: int) -> AsyncGenerator[Any, None]:
    return inference.stream(
        "suggest_outfit",
        claim.context,
        subject=f"suggestion:{claim.suggestion.pk}",
        seed=seed,
        wearer=claim.suggestion.owner_id,
    )


class Generation:
    """The one task that writes a suggestion in this process, if no other process does."""

    def __init__(self, suggestion_id: UUID, *, heard: int = 0, gives_up: bool = False) -> None:
        self.suggestion_id = suggestion_id
        self.transcript = Transcript()
        self._heard = heard
        self._gives_up = gives_up
        self._attempt = 0
        self._interrupt = ""
        self._call_id: UUID | None = None
        self._writing: asyncio.Task[Ending] | None = None
        self._log = Log(suggestion_id)
        running[suggestion_id] = self
        self.task = asyncio.create_task(self._run(), name=f"outfit {suggestion_id}")

    def interrupt(self, reason: str) -> None:
        """End it now: the wearer said stop, it is one too many, or another process has it."""
        self._interrupt = self._interrupt or reason
        if self._writing:
            self._writing.cancel(*([inference.RECALLED] if reason in RECALLS else []))

    async def _run(self) -> None:
        try:
            assignment = await in_thread(take_assignment)(self.suggestion_id)
            if assignment is not None:
                await self._hold(assignment)
        except Exception:
            logger.exception("Suggestion %s was left open", self.suggestion_id)
        finally:
            if running.get(self.suggestion_id) is self:
                del running[self.suggestion_id]
            self.transcript.seal()

    async def _hold(self, assignment: Assignment) -> None:
        """Write under the claim, while the lease is renewed and the log is kept."""
        claim = assignment.claim
        self._attempt = self._log.attempt = claim.suggestion.attempt
        self._interrupt = self._interrupt or claim.suggestion.interrupt
        for crowded in claim.crowded:
            if other := running.get(crowded):
                other.interrupt(Suggestion.Interrupt.CROWDED)
        await self._resume_numbering()
        helpers = [asyncio.create_task(self._keep_lease()), asyncio.create_task(self._keep_log())]
        try:
            await self._end(await self._outcome(assignment))
        except asyncio.CancelledError:
            # The process is stopping: whoever reads on elsewhere need not wait for the lease.
            with suppress(OperationalError, InterfaceError):
                await in_thread(leases.release_lease)(self.suggestion_id, attempt=self._attempt)
            raise
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
            with suppress(RedisError, OSError, LogTakenError):
                await self._log.write(self.transcript.events)

    async def _resume_numbering(self) -> None:
        """Go on after the last number that anyone may have heard from a process that died."""
        if self._attempt == 1:
            return
        with suppress(RedisError, OSError):
            self.transcript.extend(await self._log.read())
        known = len(self.transcript.events)
        unheard = min(max(self._heard - known, 0), MAX_UNHEARD)
        # The words that died with their process leave numbers, which void them too; the last one
        # begins the new attempt.
        for attempt in [self._attempt - 1] * unheard + [self._attempt]:
            self.transcript.append("superseded", attempt=attempt, message="Started again.")

    async def _outcome(self, assignment: Assignment) -> Ending:
        """Write until it ends, and say how."""
        if self._gives_up:
            return failed("abandoned")
        if self._attempt > leases.MAX_ATTEMPTS:
            return failed("process_lost")
        seed = assignment.claim.suggestion.seed
        ending = await self._try_through(assignment, seed=seed)
        if ending is None:
            # An answer that is held back is the engine's slip, and another seed another answer.
            self.transcript.append("superseded", attempt=self._attempt, message="Started again.")
            ending = await self._try_through(assignment, seed=seed + 1)
        return ending or failed("not_yours")

    async def _try_through(self, assignment: Assignment, *, seed: int) -> Ending | None:
        """As below, through rollbacks that ask for a new beginning: the frame clears, it is said why,
        and the restored version answers."""
        ending = await self._try(assignment, seed=seed)
        while ending is None and self._interrupt == RESTART:
            self._interrupt, self._call_id = "", None
            self.transcript.append("superseded", attempt=self._attempt, message=RESTARTED)
            ending = await self._try(assignment, seed=seed)
        return ending

    async def _try(self, assignment: Assignment, *, seed: int) -> Ending | None:
        """One answer of the engine's; None for one that no wearer gets to see."""
        draft = Draft(self.transcript, assignment.cards)
        self._writing = asyncio.create_task(self._write(assignment, draft, seed=seed))
        if self._interrupt:
            self._writing.cancel()
        try:
            return await self._writing
        except asyncio.CancelledError:
            if not self._interrupt:
                raise
            return ended_by(self._interrupt, draft)
        except NotOfferedError as error:
            logger.warning("Suggestion %s was held back: %s", self.suggestion_id, error)
            return None
        except inference.InferenceError as error:
            logger.warning("Suggestion %s failed: %s", self.suggestion_id, error.code)
            return failed("engine")
        except Exception:
            logger.exception("Suggestion %s failed", self.suggestion_id)
            return failed("unexpected")
        finally:
            draft.drop()

    async def _write(self, assignment: Assignment, draft: Draft, *, seed: int) -> Ending:
        self.transcript.append("weather", **assignment.weather)
        if not settings.VLLM_BASE_URL:
            self.transcript.append("notice", code="builtin", message=BUILT_IN)
        finished = await self._listen(assignment.claim, draft, seed=seed)
        if broken := HELD_BACK & {violation.code for violation in finished.violations}:
            raise NotOfferedError(", ".join(sorted(broken)))
        answer = OutfitAnswer.model_validate(finished.output, from_attributes=True)
        draft.complete(answer)
        if finished.fell_back and settings.VLLM_BASE_URL:
            self.transcript.append("notice", code="builtin", message=BUILT_IN)
        return await in_thread(complete)(assignment.claim, draft, answer)

    async def _listen(self, claim: Claim, draft: Draft, *, seed: int) -> inference.Finished:
        """Hear the engine out. An answer that is refused is heard to its end all the same, in
        silence, so that its violation is counted."""
        refusal: NotOfferedError | None = None
        finished: inference.Finished | None = None
        async with aclosing(call_for_answer(claim, seed=seed)) as stream:
            async for event in stream:
                if isinstance(event, inference.Started):
                    await self._record_call(event.call_id)
                elif isinstance(event, inference.Finished):
                    finished = event
                elif refusal is None:
                    try:
                        draft.feed(event.text)
                    except NotOfferedError as error:
                        refusal = error
                        draft.drop()
        if refusal or finished is None:
            raise refusal or NotOfferedError("The answer has no end.")
        return finished

    async def _record_call(self, call_id: UUID) -> None:
        self._call_id = call_id
        with suppress(OperationalError, InterfaceError):
            await in_thread(leases.record_call)(
                self.suggestion_id, attempt=self._attempt, call_id=call_id
            )

    async def _end(self, ending: Ending) -> None:
        """Store first, then tell: nobody hears of an end that could still be lost."""
        last = self.transcript.number(ending.events)
        closing = replace(ending.closing, events=[*self.transcript.events, *last])
        if await persist(
            leases.close_suggestion, self.suggestion_id, attempt=self._attempt, closing=closing
        ):
            self.transcript.extend(last)
        else:
            logger.warning("Suggestion %s was taken over: late end refused", self.suggestion_id)

    async def _keep_lease(self) -> None:
        while True:
            await wait_for_news(HEARTBEAT_S)
            with suppress(OperationalError, InterfaceError):
                wish = await in_thread(leases.renew_lease)(
                    self.suggestion_id, attempt=self._attempt
                )
                if wish != "":
                    self.interrupt(wish or "lost")
                elif self._call_id and (recall := await in_thread(find_recall)(self._call_id)):
                    self.interrupt(RECALL_INTERRUPTS[recall])

    async def _keep_log(self) -> None:
        """Copy the events to Redis; while it is away they stay here and go there later."""
        written = 0
        while await self.transcript.wait_beyond(written):
            count = len(self.transcript.events)
            try:
                await self._log.write(self.transcript.events)
                written = count
            except (RedisError, OSError) as error:
                logger.warning("The log of %s waits for Redis: %s", self.suggestion_id, error)
                await asyncio.sleep(POLL_S)
            except LogTakenError:
                return
            await asyncio.sleep(LOG_PAUSE_S)


async def wait_for_news(seconds: float) -> None:
    """Some time, or until this process hears of a move: a listening thread does."""
    news = live_versions.last_news()
    for _ in range(round(seconds / NEWS_POLL_S)):
        await asyncio.sleep(NEWS_POLL_S)
        if live_versions.last_news() is not news:
            return


running: dict[UUID, Generation] = {}
"""The answers that this process writes; also what keeps their tasks alive."""
