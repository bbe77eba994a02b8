"""A call for people: what became of it in a sentence, what it answered, and where its time went."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from registry.evaluation.playground import write_output
from registry.models import EXAMPLE_SUBJECT, PROBE_SUBJECT, InferenceCall
from registry.tasks import Told, find_never_shown, get_task, name_code
from telemetry.steps import STEP_SEGMENTS, STEPS

OUTCOMES = {
    None: ("wait", "It is being answered."),
    "failed": ("bad", "No answer came of it."),
    "cancelled": ("off", "It was broken off: nobody waited for it any more."),
    "superseded": ("off", "It was broken off: a newer call took its place."),
}


@dataclass(frozen=True)
class Verdict:
    """A sentence, and the class of its mark: ok, watch, bad, off or wait."""

    css: str
    word: str
    sentence: str


@dataclass(frozen=True)
class StepTaken:
    """`starts_at` and `share` in percent of all steps together; `segment` is the class of its bar."""

    name: str
    ms: float
    starts_at: float
    share: float
    segment: str


@dataclass(frozen=True)
class Thing:
    """Something that an answer names; `is_only_here`: the answer beside it does not."""

    role: str
    name: str
    is_only_here: bool = False


@dataclass(frozen=True)
class ToldAnswer:
    """An answer for people, and `json` as it is stored; empty where there is none."""

    things: tuple[Thing, ...]
    paragraphs: tuple[str, ...]
    notes: tuple[str, ...]
    json: str

    @property
    def has_marks(self) -> bool:
        return any(thing.is_only_here for thing in self.things)


def describe_call(call: InferenceCall, context: object | None) -> dict[str, Any]:
    """What the page of a call shows, but for its request. `context` is None where that is not kept."""
    return {
        "call": call,
        "verdict": judge_call(call),
        "about": say_subject(call.subject),
        "told": tell_answers([call], context)[0],
        "steps": list_steps(call),
    }


def judge_call(call: InferenceCall) -> Verdict:
    """The worst first: what was shown, then what was held back."""
    if call.outcome != InferenceCall.Outcome.SUCCEEDED:
        css, sentence = OUTCOMES[call.outcome]
        word = call.get_outcome_display() if call.outcome else "Running"
        return Verdict(css, str(word), sentence)
    shown = [found for found in call.violations if found.get("shown", True)]
    if shown:
        grave = find_never_shown(call.task)
        worst = next((found for found in shown if found["code"] in grave), shown[0])
        css = "bad" if worst["code"] in grave else "watch"
        more = f", and {len(shown) - 1} more" if len(shown) > 1 else ""
        message = str(worst["message"]).rstrip(".") or name_code(worst["code"], call.task)
        return Verdict(css, "Shown with a fault", f"{message}{more}: somebody saw it.")
    if call.violations:
        sentence = "It answered; what the checks had against it was held back."
        return Verdict("ok", "Succeeded", sentence)
    return Verdict("ok", "Succeeded", "It answered, and no check had anything against it.")


def say_subject(subject: str) -> str:
    """For whom it was, in a word."""
    if subject.startswith(EXAMPLE_SUBJECT):
        return "an evaluation or a try"
    return "the probe" if subject.startswith(PROBE_SUBJECT) else "a person"


def list_steps(call: InferenceCall) -> list[StepTaken]:
    """In the order of time; those that took none are not measured."""
    taken = {name: float(call.steps_ms[name]) for name in STEPS if name in call.steps_ms}
    whole = sum(taken.values()) or 1.0
    shares = [round(100 * ms / whole, 2) for ms in taken.values()]
    places = [round(sum(shares[:before]), 2) for before in range(len(shares))]
    return [
        StepTaken(STEPS[name], ms, place, share, STEP_SEGMENTS[name])
        for (name, ms), place, share in zip(taken.items(), places, shares, strict=True)
    ]


def tell_answers(calls: Sequence[InferenceCall | None], context: object | None) -> list[ToldAnswer]:
    """Answers of one question, each beside the others: what only one of two names is marked."""
    told = [tell_answer(call, context) for call in calls]
    named = [{*one.things} for one in told]
    answers = []
    for place, (call, one) in enumerate(zip(calls, told, strict=True)):
        others = [things for other, things in enumerate(named) if other != place]
        things = tuple(
            Thing(role, name, any((role, name) not in beside for beside in others))
            for role, name in one.things
        )
        output = write_output(call.output if call else None)
        answers.append(ToldAnswer(things, one.paragraphs, one.notes, output))
    return answers


def tell_answer(call: InferenceCall | None, context: object | None) -> Told:
    """Nothing of an answer that this release cannot read: its page shows it as it is stored."""
    if call is None or call.output is None:
        return Told()
    try:
        task = get_task(call.task)
        return task.tell(context, task.output.model_validate(call.output))
    except (LookupError, ValueError):
        return Told()
