"""Asking a version every golden example, and keeping what it answered."""

import dataclasses
import logging
import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from registry import inference
from registry.engines import preferred_engine
from registry.engines.builtin import read_pace
from registry.evaluation import gate
from registry.evaluation.attempts import find_repeats
from registry.inference import InferenceError
from registry.models import (
    EXAMPLE_SUBJECT,
    CollectedExample,
    DatasetVersion,
    EvaluationRun,
    Example,
    ExampleResult,
    InferenceCall,
    PromptVersion,
)
from registry.prompts import live_versions
from registry.tasks import Score, get_task
from telemetry.spans import open_span
from telemetry.traces import in_this_trace

logger = logging.getLogger(__name__)

SEED = 20240229
"""Every evaluation asks under the same seed, and again under those after it: what differs is the version."""

Question = tuple[Example, int]
"""An example, and which time it is asked."""

Progress = Callable[[ExampleResult], None]


def evaluate_version(
    *,
    version: PromptVersion,
    dataset_version: DatasetVersion,
    engine: str = "",
    actor: Any = None,
    jobs: int = 1,
    is_fresh: bool = False,
    progress: Progress = lambda result: None,
) -> EvaluationRun:
    """Ask every example; those that this version answered before are not asked again.

    `engine` in place of the version's own; `jobs` examples at once. A KeyboardInterrupt ends the
    run as cancelled with the results it has.
    """
    run = start_run(version=version, dataset_version=dataset_version, engine=engine, actor=actor)
    continue_run(run, jobs=jobs, is_fresh=is_fresh, progress=progress)
    return run


def start_run(
    *, version: PromptVersion, dataset_version: DatasetVersion, engine: str = "", actor: Any = None
) -> EvaluationRun:
    """A run that has asked nothing yet."""
    engine = engine or version.bundle["engine"]
    return EvaluationRun.objects.create(
        version=version,
        dataset_version=dataset_version,
        engine=engine,
        repeats=find_repeats(version, engine, dataset_version),
        actor=actor,
    )


def continue_run(
    run: EvaluationRun,
    *,
    jobs: int = 1,
    is_fresh: bool = False,
    seconds: float = math.inf,
    progress: Progress = lambda result: None,
) -> None:
    """Ask what the run has not asked yet, and end it. After `seconds` it is left running, to be
    continued; whatever breaks it cancels it; when somebody else ends it, it stops."""
    deadline = time.monotonic() + seconds
    name = run.version.prompt.name
    try:
        with open_span(f"evaluate {name}") as span:
            span.say(
                prompt_name=name,
                prompt_version=str(run.version.number),
                version_sha256=run.version.sha256,
            )
            for result in answer_examples(run, jobs, is_fresh):
                progress(result)
                if not keep_alive(run):
                    break
                if time.monotonic() > deadline:
                    return
        end_run(run, EvaluationRun.Ending.COMPLETED)
    except BaseException:
        end_run(run, EvaluationRun.Ending.CANCELLED)
        raise


def answer_examples(run: EvaluationRun, jobs: int, is_fresh: bool) -> Iterator[ExampleResult]:
    """First what is known, for it takes no time."""
    known = {} if is_fresh else find_known(run)
    unasked: list[Question] = []
    for example, attempt in list_questions(run):
        if old := known.get((example.sha256, attempt)):
            yield reuse_result(run, example, old)
        else:
            unasked.append((example, attempt))
    yield from ask_questions(run, unasked, jobs)


def list_questions(run: EvaluationRun) -> list[Question]:
    """What the run has not asked yet, each example as often as it is to be."""
    asked = set(run.results.values_list("example", "attempt"))
    attempts = range(1, run.repeats + 1)
    questions = [(e, attempt) for e in run.dataset_version.examples.all() for attempt in attempts]
    return [(e, attempt) for e, attempt in questions if (e.pk, attempt) not in asked]


def keep_alive(run: EvaluationRun) -> bool:
    """Say that the run's process lives; False when the run was ended meanwhile."""
    running = EvaluationRun.objects.running().filter(pk=run.pk)
    return bool(running.update(heartbeat_at=Now()))


def end_run(run: EvaluationRun, ending: str) -> None:
    """Say on the row how it ended, unless somebody has; a completed run is judged with it."""
    running = EvaluationRun.objects.running().filter(pk=run.pk)
    with transaction.atomic():
        has_ended = running.update(ending=ending, ended_at=Now())
        run.refresh_from_db()
        if has_ended and ending == EvaluationRun.Ending.COMPLETED:
            gate.record_verdict(run)


def find_known(run: EvaluationRun) -> dict[tuple[str, int], ExampleResult]:
    """Earlier answers of the same version on the same engine, by the content of the example and the attempt."""
    results = ExampleResult.objects.filter(
        run__version=run.version,
        run__engine=run.engine,
        call__engine=preferred_engine(run.engine),
        output__isnull=False,
        attempt__lte=run.repeats,
        example__sha256__in=run.dataset_version.examples.values("sha256"),
    )
    # Without its words an example is another question: what was answered before says nothing of it.
    results = results.exclude(
        example__sha256__in=CollectedExample.objects.withdrawn().values("sha256")
    )
    oldest_first = results.select_related("example").order_by("pk")
    return {(result.example.sha256, result.attempt): result for result in oldest_first}


def reuse_result(run: EvaluationRun, example: Example, old: ExampleResult) -> ExampleResult:
    """The old answer, judged anew: how answers are scored may have changed since."""
    task = get_task(run.version.prompt.name)
    context = read_context(run.version, example)
    output = task.output.model_validate(old.output)
    score = task.score(context, example.expected, output)
    return save_result(
        run,
        example,
        score,
        attempt=old.attempt,
        call_id=old.call_id,
        output=old.output,
        violations=old.violations,
        latency_ms=old.latency_ms,
    )


def ask_questions(
    run: EvaluationRun, questions: list[Question], jobs: int
) -> Iterator[ExampleResult]:
    """In their order. Jobs are threads: engines wait for a server, or compute outside of Python."""
    if jobs == 1:
        yield from (ask_example(run, *question) for question in questions)
        return
    pool = ThreadPoolExecutor(jobs)
    try:
        ask = in_this_trace(ask_in_thread)
        yield from pool.map(lambda question: ask(run, *question), questions)
    finally:
        pool.shutdown(cancel_futures=True)


def ask_in_thread(run: EvaluationRun, example: Example, attempt: int) -> ExampleResult:
    try:
        return ask_example(run, example, attempt)
    finally:
        connection.close()


def ask_example(run: EvaluationRun, example: Example, attempt: int = 1) -> ExampleResult:
    """One call under the run's version, scored. A failed call is a result too."""
    task = get_task(run.version.prompt.name)
    context = read_context(run.version, example)
    try:
        finished = inference.run(
            task.name,
            context,
            subject=f"{EXAMPLE_SUBJECT}{example.pk}",
            seed=SEED + attempt - 1,
            version=under_engine(run),
        )
    except InferenceError as error:
        return save_result(
            run,
            example,
            task.score(context, example.expected, None),
            attempt=attempt,
            call_id=error.call_id,
            error_code=error.code,
            error=str(error),
        )
    call = InferenceCall.objects.get(pk=finished.call_id)
    return save_result(
        run,
        example,
        task.score(context, example.expected, finished.output),
        attempt=attempt,
        call_id=call.pk,
        output=call.output,
        violations=call.violations,
        latency_ms=call.latency_ms,
    )


def under_engine(run: EvaluationRun) -> live_versions.LiveVersion:
    """The run's version as its engine is to answer it."""
    held = hold_unpaced(run.version)
    return dataclasses.replace(held, bundle={**held.bundle, "engine": run.engine})


def hold_unpaced(version: PromptVersion) -> live_versions.LiveVersion:
    """A version without the pauses it makes for readers; what is no pause stays, to fail as it would live."""
    held = live_versions.hold(version)
    try:
        read_pace(held.parameters)
    except ValueError:
        return held
    parameters = {name: value for name, value in held.parameters.items() if name != "pace_ms"}
    return dataclasses.replace(held, bundle={**held.bundle, "parameters": parameters})


def read_context(version: PromptVersion, example: Example) -> Any:
    """What a version gets to answer an example, and its answer is scored by."""
    task = get_task(version.prompt.name)
    context = task.example_context(example.input, read_file(example))
    return task.pin_context(context, version.bundle)


def read_file(example: Example | CollectedExample) -> bytes:
    if not example.file:
        return b""
    with example.file.open() as file:
        data: bytes = file.read()
    return data


def save_result(
    run: EvaluationRun, example: Example, score: Score, **outcome: Any
) -> ExampleResult:
    return ExampleResult.objects.create(
        run=run,
        example=example,
        fields=[dataclasses.asdict(field) for field in score.fields],
        correct=score.correct,
        total=score.total,
        wanted=score.wanted,
        answered=score.answered,
        matched=score.matched,
        **outcome,
    )
