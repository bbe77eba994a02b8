"""Writing an answer apart from the socket that asked for it, and reading it from wherever it is.

One process writes an answer, as a task that outlives every socket. It numbers the events, wakes the
readers of its own process directly and copies the events to Redis for those of others; when the
answer ends, the transcript is stored with the row. A reader asks for what follows a number and
gets each event once, whichever of the three places has it.
"""

import asyncio
import logging
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils.translation import override
from redis.exceptions import RedisError

from registry import inference
from registry.engines import BUILTIN
from registry.models import Deployment
from stores.threads import in_thread
from styling.models import Suggestion
from styling.streaming import leases
from styling.streaming.asking import call_for_answer
from styling.streaming.cards import describe_weather
from styling.streaming.draft import (
    SECONDS_PER_DELTA,
    Draft,
    FalseProseError,
    HeldBackError,
    pace,
)
from styling.streaming.endings import RECALLED, RESTART, Ended, complete, ended_by, failed
from styling.streaming.heartbeats import Held, get_heart
from styling.streaming.leases import Claim, Renewal
from styling.streaming.notices import RESTARTED, REWORDED, STARTED_AGAIN, Notice, find_notice
from styling.streaming.reviews import OutfitReview
from styling.streaming.threads import cancel_all, persist
from styling.streaming.transcript import Log, LogTakenError, StreamEvent, Transcript
from styling.tasks import OutfitAnswer
from telemetry.spans import find_parent, open_span

logger = logging.getLogger(__name__)

WRITING = "invoke_workflow suggest_outfit"
LOG_PAUSE_S = 0.25
"""Between two writes to Redis of one answer: readers elsewhere are late by that much at most, or in proportion where
answers crowd and their words are gathered for longer."""

POLL_S = 1.0
RECALL_INTERRUPTS = {
    Deployment.InFlight.RESTART.value: RESTART,
    Deployment.InFlight.STOP.value: RECALLED,
}
RECALLS = frozenset(RECALL_INTERRUPTS.values())
MAX_UNHEARD = 1_000
"""Events of a dead process that a reader may claim to have heard beyond what the log holds."""

SECOND_TRY_WITHIN_S = 3.0
"""So early an answer of a model's that cannot be shown is asked for again, with another seed."""
PIECES_WITHIN_S = 7.0
"""Without pieces by then, counted from the first try, the built-in stylist answers: a wearer reads an outfit
within ten seconds, whatever a model does."""
TOO_SLOW = "engine_timeout"
SECOND_TRY_AFTER = frozenset({"held_back", "invalid_json", "empty_answer"})
"""What another seed may mend."""


class UnfitError(Exception):
    """An answer that no wearer gets to see, by the code of its fault."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Assignment:
    """A claim with what the page shows of it, read from the database in one go."""

    claim: Claim
    weather: dict[str, Any]


def take_assignment(suggestion_id: UUID) -> Assignment | None:
    claim = leases.claim_suggestion(suggestion_id)
    if claim is None:
        return None
    with override(claim.context.language):
        return Assignment(claim, describe_weather(claim.suggestion))


class Generation:
    """The one task that writes a suggestion in this process, if no other process does."""

    def __init__(self, suggestion_id: UUID, *, heard: int = 0, gives_up: bool = False) -> None:
        self.suggestion_id = suggestion_id
        self.transcript = Transcript()
        self._heard = heard
        self._gives_up = gives_up
        self._attempt = 0
        self._interrupt = ""
        self._held: Held
        self._writing: asyncio.Task[Ended] | None = None
        self._held_back = 0
        self._began: float | None = None
        self._is_built_in = False
        self._hurry: asyncio.TimerHandle | None = None
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
                traceparent = assignment.claim.suggestion.traceparent
                with open_span(WRITING, parent=find_parent(traceparent)) as span:
                    span.say(operation="invoke_workflow", workflow="suggest_outfit")
                    with override(assignment.claim.context.language):
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
        self._held = Held(self.suggestion_id, self._attempt, tell=self._hear)
        self._interrupt = self._interrupt or claim.suggestion.interrupt
        for crowded in claim.crowded:
            if other := running.get(crowded):
                other.interrupt(Suggestion.Interrupt.CROWDED)
        await self._resume_numbering()
        keeping = asyncio.create_task(self._keep_log())
        try:
            async with get_heart().holding(self._held):
                await self._end(await self._outcome(assignment), claim.suggestion)
        except asyncio.CancelledError:
            # The process is stopping: whoever reads on elsewhere need not wait for the lease.
            with suppress(OperationalError, InterfaceError):
                await in_thread(leases.release_lease)(self.suggestion_id, attempt=self._attempt)
            raise
        finally:
            await cancel_all([keeping])
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
            self.transcript.append("superseded", attempt=attempt, message=str(STARTED_AGAIN))

    async def _outcome(self, assignment: Assignment) -> Ended:
        """Write until it ends, and say how."""
        if self._gives_up:
            return failed("abandoned")
        if self._attempt > leases.MAX_ATTEMPTS:
            return failed("process_lost")
        seed = assignment.claim.suggestion.seed
        try:
            return await self._try_through(assignment, seed=seed)
        except UnfitError as error:
            fault = self._note(error)
        may_differ = fault in SECOND_TRY_AFTER and not self._is_built_in
        if may_differ and self._elapsed_s() < SECOND_TRY_WITHIN_S:
            try:
                return await self._try_through(assignment, seed=seed + 1)
            except UnfitError as error:
                fault = self._note(error)
        try:
            return await self._try_through(assignment, seed=seed, last=find_notice(fault))
        except UnfitError:
            return failed("engine")

    def _note(self, error: UnfitError) -> str:
        """The code of a fault, which is counted and logged."""
        self._held_back += error.code == inference.HeldBackError.code
        logger.warning("Suggestion %s: an answer was unfit: %s", self.suggestion_id, error.code)
        return error.code

    def _elapsed_s(self) -> float:
        """Since the engine was first asked: what this process takes before that is not the model's."""
        now = asyncio.get_running_loop().time()
        return 0.0 if self._began is None else now - self._began

    async def _try_through(
        self, assignment: Assignment, *, seed: int, last: Notice | None = None
    ) -> Ended:
        """As below, through rollbacks that ask for a new beginning: the frame clears, it is said why,
        and the restored version answers. Raises UnfitError."""
        ending = await self._try(assignment, seed=seed, last=last)
        while ending is None:
            self._interrupt, self._held.call_id = "", None
            self._began = None
            self.transcript.append("superseded", attempt=self._attempt, message=str(RESTARTED))
            ending = await self._try(assignment, seed=seed, last=last)
        return ending

    async def _try(self, assignment: Assignment, *, seed: int, last: Notice | None) -> Ended | None:
        """One answer; None for one that has to begin anew. `last`: the built-in stylist's, and what the
        page says of it. Raises UnfitError for an answer that no wearer gets to see."""
        review = OutfitReview(assignment.claim.context, is_last=last is not None)
        find_lost = partial(in_thread(leases.find_lost), assignment.claim.suggestion)
        draft = Draft(self.transcript, assignment.claim.garments, review, find_lost, find_pace)
        self._writing = asyncio.create_task(self._write(assignment, draft, seed=seed, last=last))
        if self._interrupt:
            self._writing.cancel()
        try:
            return await self._writing
        except asyncio.CancelledError:
            if self._interrupt:
                return ended_by(self._interrupt, draft)
            if review.code == TOO_SLOW:
                raise UnfitError(review.code) from None
            raise
        except UnfitError:
            raise
        except Exception:
            logger.exception("Suggestion %s failed", self.suggestion_id)
            return failed("unexpected")
        finally:
            if self._hurry:
                self._hurry.cancel()
            draft.drop()

    def _watch(self, draft: Draft) -> None:
        """From now on: give up on a model that does not choose its pieces in time."""
        writing, loop = self._writing, asyncio.get_running_loop()
        self._began = self._began or loop.time()

        def give_up() -> None:
            if writing and draft.worn is None and not draft.review.is_last:
                draft.review.hold_back(TOO_SLOW)
                writing.cancel()

        self._hurry = loop.call_later(max(0.0, PIECES_WITHIN_S - self._elapsed_s()), give_up)

    async def _write(
        self, assignment: Assignment, draft: Draft, *, seed: int, last: Notice | None
    ) -> Ended:
        """Raises UnfitError."""
        self._tell_weather(assignment)
        if last:
            self._tell(last)
        try:
            finished = await self._listen(assignment.claim, draft, seed=seed)
            answer = draft.complete(
                OutfitAnswer.model_validate(finished.output, from_attributes=True)
            )
            self._tell_engine(finished)
        except HeldBackError as error:
            raise UnfitError(inference.HeldBackError.code) from error
        except (inference.InferenceError, FalseProseError) as error:
            code = getattr(error, "code", inference.HeldBackError.code)
            if draft.worn is None or draft.review.is_last:
                raise UnfitError(code) from error
            answer = await in_thread(draft.plan_built_in)()
            draft.replace_prose(answer)
            self._tell(REWORDED)
        return partial(complete, assignment.claim, draft, answer, held_back=self._held_back)

    def _tell_weather(self, assignment: Assignment) -> None:
        """Once: a try of which nothing was seen leaves nothing to take back."""
        kinds = [event["type"] for event in self.transcript.events]
        since = max((i for i, kind in enumerate(kinds) if kind == "superseded"), default=-1)
        if {"piece", "delta"} & set(kinds[since + 1 :]):
            self.transcript.append("superseded", attempt=self._attempt, message=str(STARTED_AGAIN))
            since = len(kinds)
        if "weather" not in kinds[since + 1 :]:
            self.transcript.append("weather", **assignment.weather)

    def _tell_engine(self, finished: inference.Finished) -> None:
        """Where another stylist than the usual one answered, and why."""
        if finished.fell_back and settings.VLLM_BASE_URL:
            self._tell(find_notice(finished.passed_over))

    def _tell(self, notice: Notice) -> None:
        self.transcript.append("notice", code=notice.code, message=str(notice.message))

    async def _listen(self, claim: Claim, draft: Draft, *, seed: int) -> inference.Finished:
        """Hear the engine out, or as long as its answer can be shown. Raises HeldBackError,
        FalseProseError, InferenceError."""
        async with aclosing(await call_for_answer(claim, draft.review, seed=seed)) as stream:
            async for event in stream:
                if isinstance(event, inference.Started):
                    self._is_built_in = event.version.engine == BUILTIN
                    self._watch(draft)
                    self._held.call_id = event.call_id
                elif isinstance(event, inference.Finished):
                    return event
                else:
                    await draft.feed(event.text)
        raise AssertionError("a stream ends with Finished or raises")

    async def _end(self, ended: Ended, suggestion: Suggestion) -> None:
        """Store first, then tell: nobody hears of an end that could still be lost."""
        last = await persist(self._store, ended, suggestion)
        if last is None:
            logger.warning("Suggestion %s was taken over: late end refused", self.suggestion_id)
        else:
            self.transcript.extend(last)

    def _store(self, ended: Ended, suggestion: Suggestion) -> list[StreamEvent] | None:
        """The last events; None if the claim was lost and nothing was stored."""
        try:
            ending = ended() if callable(ended) else ended
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("Suggestion %s failed at its end", self.suggestion_id)
            ending = failed("unexpected")
        last = self.transcript.number(ending.events)
        closing = replace(ending.closing, events=[*self.transcript.events, *last])
        return last if leases.close_suggestion(suggestion, closing) else None

    def _hear(self, renewal: Renewal) -> None:
        if not renewal.is_held:
            self.interrupt("lost")
        elif renewal.interrupt:
            self.interrupt(renewal.interrupt)
        elif renewal.recall:
            self.interrupt(RECALL_INTERRUPTS[renewal.recall])

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
            except Exception:
                logger.exception("The log of %s waits for a fault to pass", self.suggestion_id)
                await asyncio.sleep(POLL_S)
            # All answers at the same moments, so that they share a round trip.
            pause_s = LOG_PAUSE_S * find_pace() / SECONDS_PER_DELTA
            await asyncio.sleep(pause_s - asyncio.get_running_loop().time() % pause_s)


def find_pace() -> float:
    return pace(len(running))


running: dict[UUID, Generation] = {}
"""The answers that this process writes; also what keeps their tasks alive."""
