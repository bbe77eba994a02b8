"""The table of what the API can do."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel

from registry.api import evaluations, prompts, shapes
from registry.api.answers import Answer
from registry.api.problems import (
    INVALID,
    INVALID_PROMPT_FILE,
    MOVED_MEANWHILE,
    NO_DATASET,
    NOT_FOUND,
    NOT_ONCE_LIVE,
    NOT_PASSED,
    SAME_PERSON,
    TOO_LARGE,
    UNSUPPORTED_TYPE,
    UNUSABLE,
    Kind,
)

READ = "registry.view_prompt"


@dataclass(frozen=True)
class Endpoint:
    """One method of one address.

    `operate` gets whoever acts, then by name what the route holds, the `query` and the `body`, if there are
    any, as what they are declared to be; `str` is the text of a prompt file. It may raise `problems.REFUSALS`.
    """

    method: str
    route: str
    operate: Callable[..., Answer]
    permission: str
    answer: type[BaseModel]
    body: type[BaseModel] | type[str] | None = None
    query: type[BaseModel] | None = None
    statuses: tuple[int, ...] = (200,)
    problems: tuple[Kind, ...] = (NOT_FOUND,)

    @property
    def name(self) -> str:
        return self.operate.__name__


def get_route(endpoint: Endpoint) -> str:
    return endpoint.route


ENDPOINTS = [
    Endpoint("GET", "prompts", prompts.list_prompts, READ, shapes.PromptList, problems=()),
    Endpoint("GET", "prompts/<slug:name>", prompts.get_prompt, READ, shapes.PromptDetail),
    Endpoint(
        "GET",
        "prompts/<slug:name>/versions/<int:number>",
        prompts.get_version,
        READ,
        shapes.VersionDetail,
    ),
    Endpoint(
        "POST",
        "prompts/<slug:name>/versions",
        prompts.load_version,
        "registry.add_promptversion",
        shapes.VersionDetail,
        body=str,
        statuses=(201, 200),
        problems=(NOT_FOUND, TOO_LARGE, UNSUPPORTED_TYPE, INVALID, INVALID_PROMPT_FILE),
    ),
    Endpoint(
        "GET",
        "prompts/<slug:name>/history",
        prompts.list_history,
        READ,
        shapes.History,
        query=shapes.HistoryPage,
        problems=(NOT_FOUND, INVALID),
    ),
    Endpoint(
        "GET",
        "prompts/<slug:name>/live",
        prompts.get_live,
        READ,
        shapes.Move,
        query=shapes.Moment,
        problems=(NOT_FOUND, INVALID),
    ),
    Endpoint(
        "POST",
        "prompts/<slug:name>/promote",
        prompts.promote,
        "registry.promote_prompt",
        shapes.Live,
        body=shapes.Promotion,
        problems=(
            *(NOT_FOUND, MOVED_MEANWHILE, SAME_PERSON, TOO_LARGE, UNSUPPORTED_TYPE),
            *(INVALID, NOT_PASSED, UNUSABLE),
        ),
    ),
    Endpoint(
        "POST",
        "prompts/<slug:name>/roll-back",
        prompts.roll_back,
        "registry.roll_back_prompt",
        shapes.Live,
        body=shapes.Rollback,
        problems=(
            *(NOT_FOUND, MOVED_MEANWHILE, TOO_LARGE, UNSUPPORTED_TYPE),
            *(INVALID, NOT_ONCE_LIVE, UNUSABLE),
        ),
    ),
    Endpoint(
        "POST",
        "prompts/<slug:name>/versions/<int:number>/evaluations",
        evaluations.evaluate_version,
        "registry.evaluate_prompt",
        shapes.EvaluationList,
        statuses=(202,),
        problems=(NOT_FOUND, NO_DATASET),
    ),
    Endpoint(
        "GET",
        "evaluations/<int:pk>",
        evaluations.get_evaluation,
        "registry.view_evaluationrun",
        shapes.Evaluation,
    ),
]
