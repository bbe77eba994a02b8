"""Prompts, their versions, and what is live."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Status

from registry import selectors
from registry.api import schemas
from registry.api.auth import BearerToken, TokenRequest
from registry.api.bodies import read_text
from registry.api.description import refuses
from registry.api.finders import find_prompt, find_version
from registry.api.problems import (
    ARCHIVED,
    INVALID,
    INVALID_PROMPT_FILE,
    MOVED_MEANWHILE,
    NOT_FOUND,
    NOT_ONCE_LIVE,
    NOT_PASSED,
    SAME_PERSON,
    TAKEN_BACK,
    TOO_FEW_ANSWERS,
    TOO_LARGE,
    UNSUPPORTED_TYPE,
    UNUSABLE,
    ProblemError,
)
from registry.api.routing import Router
from registry.api.schemas import PromptName, VersionNumber
from registry.models import Alias, Deployment, Prompt, PromptVersion
from registry.prompts import bundles
from registry.prompts.authoring import complete_bundle
from registry.prompts.files import parse_prompt
from registry.services import releases
from registry.services.versions import load_prompt
from registry.tasks import all_tasks

READ = BearerToken("registry.view_prompt")
LOAD = BearerToken("registry.add_promptversion")
PROMOTE = BearerToken("registry.promote_prompt")
ROLL_BACK = BearerToken("registry.roll_back_prompt")

TEXT = {"schema": {"type": "string", "description": "The text of a prompt file."}}
PROMPT_FILE = {"required": True, "content": {"text/markdown": TEXT, "text/plain": TEXT}}

router = Router()


@router.get("", auth=READ, response=schemas.PromptList)
def list_prompts(request: TokenRequest) -> dict[str, Any]:
    """All prompts, and what is live of each."""
    return {"prompts": Prompt.objects.all()}


@router.get("{slug:name}", auth=READ, response=schemas.PromptDetail)
def get_prompt(request: TokenRequest, name: PromptName) -> Prompt:
    """One prompt with its versions."""
    return find_prompt(name)


@router.get("{slug:name}/versions/{int:number}", auth=READ, response=schemas.VersionDetail)
def get_version(request: TokenRequest, name: PromptName, number: VersionNumber) -> PromptVersion:
    """One version with its bundle, and what the gate says of it now."""
    return find_version(find_prompt(name), number)


@router.post(
    "{slug:name}/versions",
    auth=LOAD,
    response={(201, 200): schemas.VersionDetail},
    openapi_extra={"requestBody": PROMPT_FILE},
)
@refuses(TOO_LARGE, UNSUPPORTED_TYPE, INVALID, INVALID_PROMPT_FILE)
def load_version(
    request: TokenRequest, response: HttpResponse, name: PromptName
) -> Status[PromptVersion]:
    """Load the text of a prompt file: 201 for a new version, 200 when its content is known.

    It never goes live by this. The prompt of a task that has none yet is made.
    """
    text = read_text(request)
    if name not in all_tasks() and not Prompt.objects.filter(name=name).exists():
        raise ProblemError(NOT_FOUND, f"There is neither a prompt nor a task {name}")
    file = parse_prompt(name, text)
    sha256 = bundles.digest(complete_bundle(name, file.bundle))
    is_known = PromptVersion.objects.filter(prompt__name=name, sha256=sha256).exists()
    version = load_prompt(
        file, promote=False, actor=request.auth.owner, source=PromptVersion.Source.API
    )
    response["Location"] = reverse("api:get_version", args=[name, version.number])
    return Status(200 if is_known else 201, find_version(version.prompt, version.number))


@router.get("{slug:name}/history", auth=READ, response=schemas.History)
def list_history(
    request: TokenRequest, name: PromptName, page: Query[schemas.HistoryPage]
) -> dict[str, Any]:
    """Who moved a prompt, when, why, from which version to which."""
    moves = list_moves(find_prompt(name), page)
    shown = moves[: page.limit]
    next_before = shown[-1].epoch if len(moves) > page.limit else None
    return {"moves": shown, "next_before": next_before}


@router.get("{slug:name}/live", auth=READ, response=schemas.Move)
def get_live(request: TokenRequest, name: PromptName, moment: Query[schemas.Moment]) -> Deployment:
    """The move that made live what was live at a moment."""
    at = moment.at or timezone.now()
    move = selectors.live_at(find_prompt(name), at)
    if move is None:
        raise ProblemError(NOT_FOUND, f"Nothing was live at {at.isoformat()}")
    return move


@router.post("{slug:name}/promote", auth=PROMOTE, response=schemas.Live)
@refuses(MOVED_MEANWHILE, SAME_PERSON, ARCHIVED, NOT_PASSED, TAKEN_BACK, TOO_FEW_ANSWERS, UNUSABLE)
def promote(request: TokenRequest, name: PromptName, promotion: schemas.Promotion) -> Alias:
    """Make a version live that has passed the gate with one engine at least: those answer under it.

    One that was taken back takes `again_reason`, one whose canary had too few answers to tell `confirm`.
    """
    return releases.promote_version(
        version=find_version(find_prompt(name), promotion.version),
        actor=request.auth.owner,
        reason=promotion.reason,
        again_reason=promotion.again_reason,
        confirm=promotion.confirm,
        expected_epoch=promotion.expected_epoch,
    )


@router.post("{slug:name}/roll-back", auth=ROLL_BACK, response=schemas.Live)
@refuses(MOVED_MEANWHILE, NOT_ONCE_LIVE, NOT_PASSED, TAKEN_BACK, UNUSABLE)
def roll_back(request: TokenRequest, name: PromptName, rollback: schemas.Rollback) -> Alias:
    """Make a version live again that was live before, and had passed with an engine then.

    One that was taken back takes `again_reason`.
    """
    prompt = find_prompt(name)
    return releases.roll_back(
        prompt=prompt,
        to_version=find_version(prompt, rollback.version),
        actor=request.auth.owner,
        reason=rollback.reason,
        again_reason=rollback.again_reason,
        expected_epoch=rollback.expected_epoch,
        in_flight=rollback.in_flight,
    )


def list_moves(prompt: Prompt, page: schemas.HistoryPage) -> list[Deployment]:
    """Those of the page, the newest first, and one more if there are others after them."""
    moves = prompt.deployments.filter(alias=Alias.Name.PRODUCTION).order_by("-epoch")
    if page.before is not None:
        moves = moves.filter(epoch__lt=page.before)
    return list(moves.select_related("from_version", "to_version", "actor")[: page.limit + 1])
