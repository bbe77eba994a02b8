"""From the text of an answer to what is shown of it."""

from channels.db import database_sync_to_async
from pydantic import BaseModel

from registry.answers import clean_text, parse_output
from registry.engines import pick_engine
from registry.engines.base import EngineRequest, OutputError
from registry.engines.repairs import ask_again
from registry.inference import closing
from registry.inference.calls import Call
from registry.inference.events import Finished, HeldBackError, LostCallError
from registry.models import InferenceCall
from registry.prompts.live_versions import LiveVersion
from registry.tasks import Violation

REPAIRED = "repaired_json"


async def read_answer(
    call: Call, live: LiveVersion, request: EngineRequest
) -> tuple[BaseModel, list[Violation]]:
    """The answer, and that it had to be asked for twice. Raises EngineError.

    The second try is of the engine that the version names; nobody hears it as it comes.
    """
    text = "".join(call.text)
    try:
        with call.steps.measure("checks"):
            return parse_output(call.task, text), []
    except OutputError as error:
        is_ours = call.completion is not None and call.completion.engine == "builtin"
        if is_ours or not call.may_ask_again or error.code != "invalid_json":
            raise
        engine = pick_engine(live.bundle["engine"], live.engines)
        with call.steps.measure("engine"):
            second, completion = await ask_again(engine, request, broken=text, fault=str(error))
    call.completion = completion
    with call.steps.measure("checks"):
        return parse_output(call.task, clean_text(second)), [Violation(REPAIRED, "")]


async def finish(call: Call, live: LiveVersion, request: EngineRequest) -> Finished:
    """Validate the whole answer and close the row as succeeded. Raises EngineError."""
    if call.completion is None:
        raise OutputError("The stream ended without a completion", "truncated")
    output, repaired = await read_answer(call, live, request)
    with call.steps.measure("checks"):
        shown, found = await database_sync_to_async(review_output)(call, output)
    was_open = await closing.close_call(
        call,
        outcome=InferenceCall.Outcome.SUCCEEDED,
        output=output.model_dump(mode="json"),
        violations=closing.describe_violations(call, shown=found, stopped=repaired),
    )
    if not was_open:
        raise LostCallError("The call was closed while it was being answered")
    return Finished(
        call_id=call.row.pk,
        output=shown,
        violations=[*repaired, *found],
        engine=call.completion.engine,
        model=call.completion.model,
        fell_back=call.completion.engine != live.engine,
        passed_over=call.completion.passed_over,
    )


def review_output(call: Call, output: BaseModel) -> tuple[BaseModel, list[Violation]]:
    """The answer as it is shown, and what is wrong with that. Raises HeldBackError."""
    shown = call.review.edit(output)
    if call.review.is_held_back:
        raise HeldBackError("The answer was held back")
    return shown, call.task.check(call.context, shown)
