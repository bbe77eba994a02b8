"""From the text of an answer to what is shown of it."""

from pydantic import BaseModel

from registry.answers import clean_text, parse_output
from registry.engines import pick_engine
from registry.engines.base import EngineRequest, OutputError
from registry.engines.repairs import ask_again
from registry.inference import closing
from registry.inference.calls import Call
from registry.inference.events import Finished, HeldBackError, LostCallError
from registry.models import InferenceCall
from registry.tasks import Violation
from stores.threads import in_thread

REPAIRED = "repaired_json"


async def read_answer(call: Call, request: EngineRequest) -> tuple[BaseModel, list[Violation]]:
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
        engine = pick_engine(call.live.bundle["engine"], call.live.engines)
        with call.steps.measure("engine"):
            second, completion = await ask_again(engine, request, broken=text, fault=str(error))
    call.completion = completion
    with call.steps.measure("checks"):
        return parse_output(call.task, clean_text(second)), [Violation(REPAIRED, "")]


async def finish(call: Call, request: EngineRequest) -> Finished:
    """Validate the whole answer and close the row as succeeded. Raises EngineError."""
    if call.completion is None:
        raise OutputError("The stream ended without a completion", "truncated")
    output, repaired = await read_answer(call, request)
    shown, found = await in_thread(review_and_close)(call, output, repaired)
    return Finished(
        call_id=call.row.pk,
        output=shown,
        violations=[*repaired, *found],
        engine=call.completion.engine,
        model=call.completion.model,
        fell_back=call.completion.engine != call.live.engine,
        passed_over=call.completion.passed_over,
    )


def review_and_close(
    call: Call, output: BaseModel, repaired: list[Violation]
) -> tuple[BaseModel, list[Violation]]:
    """As below, written on the row. Raises HeldBackError, LostCallError."""
    with call.steps.measure("checks"):
        shown, found = review_output(call, output)
    was_open = closing.write_end(
        call,
        outcome=InferenceCall.Outcome.SUCCEEDED,
        output=output.model_dump(mode="json"),
        violations=closing.describe_violations(call, shown=found, stopped=repaired),
    )
    if not was_open:
        raise LostCallError("The call was closed while it was being answered")
    return shown, found


def review_output(call: Call, output: BaseModel) -> tuple[BaseModel, list[Violation]]:
    """The answer as it is shown, and what is wrong with that. Raises HeldBackError."""
    shown = call.review.edit(output)
    if call.review.is_held_back:
        raise HeldBackError("The answer was held back")
    return shown, call.task.check(call.context, shown)
