"""The kinds of drafts that the system writes by itself."""

from collections.abc import Callable, Mapping

from feedback.models import Proposal
from feedback.proposals.drafting import propose_version
from feedback.proposals.few_shot import propose_examples
from feedback.proposals.parameters import propose_parameters
from feedback.proposals.rewriting import propose_rewrite

Propose = Callable[..., Proposal]

KINDS: Mapping[str, Propose] = {
    "sentences": propose_version,
    "examples": propose_examples,
    "parameters": propose_parameters,
    "rewrites": propose_rewrite,
}
"""Each takes a prompt and an `author`, and raises NothingToProposeError or CopiedWordsError."""
SLOW = ("rewrites",)
"""Those that ask a model a few hundred times: for a job of their own. They raise EngineUnavailableError as well."""
