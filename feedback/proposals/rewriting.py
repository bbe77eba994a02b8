"""Drafts whose text a model rewrote, after GEPA (L. Agrawal et al., arXiv 2507.19457), with the authors' library.

A model reads what went wrong under a text and writes it anew; a text that does better on a few cases is tried on all that
validate, and the next one starts from any that is best at something there. What is kept must do better than the live text
on the cases that validate, which no text was written from. It takes a model server; nothing promotes itself.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Template
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db import transaction

from accounts.models import User
from feedback.models import Proposal
from feedback.proposals.cases import Case, gather_cases, list_behind
from feedback.proposals.drafting import list_words_of
from feedback.proposals.keeping import NothingToProposeError, keep_draft
from feedback.proposals.wording import CopiedWordsError, check_copies
from registry.engines.base import (
    EngineError,
    EngineRequest,
    EngineUnavailableError,
    InputRefusedError,
    OutputError,
)
from registry.evaluation.trials import ask_engine, try_bundle
from registry.models import Prompt
from registry.prompts.bundles import Bundle, name_model
from registry.tasks import Score, get_task
from wardrobe.tasks import DigitizePhoto

if TYPE_CHECKING:
    from gepa.core.adapter import EvaluationBatch

ENGINE = "vllm"
FEWEST = 4
"""Cases on each side; of fewer nothing is rewritten."""
AT_ONCE = 4
"""Cases that a new text is written from, and tried on first."""
MOST_ASKED = 240
"""Answers that one search may take."""
SECONDS = 1500.0
LONGER, AT_LEAST = 1.5, 600
"""How much longer than the live text a new one may be; so many characters it may have in any case."""
TEXT = "system"
"""The part of a bundle that is rewritten."""
SCHEMA = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}
SAMPLING = {"temperature": 0.7, "max_tokens": 3000}
ASKED = """\
You improve the instructions that another model works by. Write them anew so that the mistakes that you are shown do not
come again and all else stays as it is. State general rules in words of your own; name no single case. Keep every word that
begins with a dollar sign exactly as it is, and add none. At most {characters} characters. Answer with JSON: {{"text": "…"}}.
"""

Feedback = Mapping[str, Sequence[Mapping[str, Any]]]
Texts = dict[str, str]


@dataclass(frozen=True)
class Trial:
    """What came of one case under one text: the share of right fields, and what was wrong in words."""

    share: float
    faults: tuple[str, ...]


class Rewriter:
    """What GEPA asks of us: judge a text, say what went wrong, write another one."""

    def __init__(self, prompt: Prompt, bundle: Bundle, written: Sequence[str]) -> None:
        self.prompt, self.bundle, self.written = prompt, bundle, written
        self.task = get_task(prompt.name)
        self.variables = set(Template(bundle[TEXT]).get_identifiers())
        self.most = max(AT_LEAST, round(LONGER * len(bundle[TEXT])))
        self.seed = 0

    def evaluate(
        self, batch: list[Case], candidate: Texts, capture_traces: bool = False
    ) -> "EvaluationBatch[Any, Any]":
        """A text that may not be used is worth nothing, and nobody is asked."""
        from gepa.core.adapter import EvaluationBatch

        if self.may_use(candidate[TEXT]):
            trials = [self.try_case(one, candidate[TEXT]) for one in batch]
        else:
            trials = [Trial(0.0, ("The text may not be used.",)) for _ in batch]
        return EvaluationBatch(
            outputs=[None] * len(batch),
            scores=[one.share for one in trials],
            trajectories=trials if capture_traces else None,
        )

    def may_use(self, text: str) -> bool:
        """It has the variables of the live one, is about as long, and repeats nothing that a wearer wrote."""
        template = Template(text)
        if not text.strip() or len(text) > self.most or not template.is_valid():
            return False
        try:
            check_copies(text, self.written)
        except CopiedWordsError:
            return False
        return set(template.get_identifiers()) == self.variables

    def try_case(self, case: Case, text: str) -> Trial:
        """Raises EngineUnavailableError."""
        bundle = {**self.bundle, TEXT: text}
        try:
            output = try_bundle(self.prompt.name, bundle, case.context, engine=ENGINE)
        except EngineUnavailableError:
            raise
        except EngineError:
            output = None
        context = self.task.pin_context(case.context, bundle)
        score = self.task.score(context, case.expected, output)
        # Values of the other task may be names that wearers gave.
        return read_score(score, says_values=self.prompt.name == DigitizePhoto.name)

    def make_reflective_dataset(
        self, candidate: Texts, eval_batch: "EvaluationBatch[Any, Any]", components: list[str]
    ) -> Feedback:
        """In words of the vocabulary: no photo, and nothing that a wearer wrote."""
        trials = [one for one in eval_batch.trajectories or [] if one.faults]
        return {TEXT: [{"Feedback": "; ".join(one.faults)} for one in trials]}

    def propose_new_texts(
        self, candidate: Texts, reflective_dataset: Feedback, components_to_update: list[str]
    ) -> Texts:
        """What the model writes; the text as it is, where it writes nothing that can be read. Raises
        EngineUnavailableError."""
        faults = "\n".join(f"- {one['Feedback']}" for one in reflective_dataset[TEXT])
        self.seed += 1
        request = EngineRequest(
            task="rewrite",
            system=ASKED.format(characters=self.most),
            user=f"The instructions:\n\n{candidate[TEXT]}\n\nWhat went wrong under them:\n{faults}",
            schema=SCHEMA,
            model=name_model(self.bundle["model"]),
            sampling=SAMPLING,
            seed=self.seed,
        )
        try:
            text = json.loads(ask_engine(request, ENGINE))["text"]
        except (InputRefusedError, OutputError, ValueError, KeyError, TypeError):
            return {TEXT: candidate[TEXT]}
        return {TEXT: str(text)}


def read_score(score: Score, *, says_values: bool) -> Trial:
    wrong = [one for one in score.fields if not one.correct]
    values = [f": {one.found or 'nothing'}, right is {one.expected}" for one in wrong]
    said = [
        one.name + (told if says_values else "") for one, told in zip(wrong, values, strict=True)
    ]
    return Trial(score.correct / max(1, score.total), tuple(said))


class Silence:
    """GEPA's own log, which would hold texts."""

    def log(self, message: str) -> None:
        return


def propose_rewrite(prompt: Prompt, *, author: User | None = None) -> Proposal:
    """A draft with another system text, which does better on the cases kept apart. It takes minutes.

    Raises NothingToProposeError, EngineUnavailableError.
    """
    live = prompt.production()
    if live is None or not settings.VLLM_BASE_URL:
        raise NothingToProposeError
    bundle = live.version.bundle
    cases = gather_cases(prompt, bundle)
    taught = [one for one in cases if not one.is_apart]
    judges = [one for one in cases if one.is_apart]
    if min(len(taught), len(judges)) < FEWEST:
        raise NothingToProposeError
    behind = list_behind(cases)
    rewriter = Rewriter(prompt, bundle, list(list_words_of(behind)))
    found = search(rewriter, taught, judges)
    before, after = found.val_aggregate_scores[0], found.val_aggregate_scores[found.best_idx]
    text = found.candidates[found.best_idx][TEXT]
    if after <= before or not rewriter.may_use(text):
        raise NothingToProposeError
    with transaction.atomic():
        return keep_draft(
            live.version,
            {**bundle, TEXT: text},
            notes=describe(before, after, len(judges)),
            corrections=behind,
            author=author,
        )


def search(rewriter: Rewriter, taught: list[Case], judges: list[Case]) -> Any:
    """GEPA's result. The library is loaded where it is wanted: the admin reads this module as it starts."""
    from gepa.api import optimize

    ends_at = time.monotonic() + SECONDS
    return optimize(
        seed_candidate={TEXT: rewriter.bundle[TEXT]},
        trainset=taught,
        valset=judges,
        adapter=cast(Any, rewriter),
        reflection_minibatch_size=min(AT_ONCE, len(taught)),
        max_metric_calls=MOST_ASKED,
        stop_callbacks=lambda state: time.monotonic() > ends_at,
        logger=Silence(),
        track_best_outputs=False,
        seed=0,
    )


def describe(before: float, after: float, count: int) -> str:
    """The note of the version."""
    return (
        f"Proposed by itself. The model rewrote the text: of {count} photos or questions kept apart "
        f"{100 * after:.0f} % of the fields are right, {100 * before:.0f} % under the live one."
    )
