"""Prompts, their versions, and what is live."""

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from registry import selectors
from registry.api.answers import Answer
from registry.api.problems import NOT_FOUND, ProblemError
from registry.api.shapes import (
    History,
    HistoryPage,
    Live,
    Moment,
    Move,
    Promotion,
    PromptDetail,
    PromptList,
    PromptSummary,
    Rollback,
    VersionDetail,
    VersionSummary,
    name_person,
)
from registry.evaluation import gate
from registry.models import Alias, Deployment, Prompt, PromptVersion
from registry.prompts import bundles
from registry.prompts.files import parse_prompt
from registry.services import releases
from registry.services.versions import load_prompt
from registry.tasks import all_tasks


def list_prompts(actor: "User") -> Answer:
    """All prompts, and what is live of each."""
    return Answer(PromptList(prompts=[describe_prompt(prompt) for prompt in Prompt.objects.all()]))


def get_prompt(actor: "User", name: str) -> Answer:
    """One prompt with its versions."""
    prompt = find_prompt(name)
    summary = describe_prompt(prompt).model_dump()
    return Answer(PromptDetail(**summary, versions=list_versions(prompt)))


def get_version(actor: "User", name: str, number: int) -> Answer:
    """One version with its bundle, and what the gate says of it now."""
    return Answer(describe_version(find_version(find_prompt(name), number)))


def load_version(actor: "User", name: str, body: str) -> Answer:
    """Load the text of a prompt file: 201 for a new version, 200 when its content is known.

    It never goes live by this. The prompt of a task that has none yet is made.
    """
    if name not in all_tasks() and not Prompt.objects.filter(name=name).exists():
        raise ProblemError(NOT_FOUND, f"There is neither a prompt nor a task {name}")
    file = parse_prompt(name, body)
    is_known = PromptVersion.objects.filter(
        prompt__name=name, sha256=bundles.digest(file.bundle)
    ).exists()
    version = load_prompt(file, promote=False, actor=actor, source=PromptVersion.Source.API)
    location = reverse("api:get_version", args=[name, version.number])
    return Answer(describe_version(version), status=200 if is_known else 201, location=location)


def list_history(actor: "User", name: str, query: HistoryPage) -> Answer:
    """Who moved a prompt, when, why, from which version to which."""
    moves = list_moves(find_prompt(name), query)
    shown = moves[: query.limit]
    next_before = shown[-1].epoch if len(moves) > query.limit else None
    return Answer(History(moves=list(map(describe_move, shown)), next_before=next_before))


def get_live(actor: "User", name: str, query: Moment) -> Answer:
    """The move that made live what was live at a moment."""
    moment = query.at or timezone.now()
    move = selectors.live_at(find_prompt(name), moment)
    if move is None:
        raise ProblemError(NOT_FOUND, f"Nothing was live at {moment.isoformat()}")
    return Answer(describe_move(move))


def promote(actor: "User", name: str, body: Promotion) -> Answer:
    """Make a version live that has passed the gate."""
    alias = releases.promote_version(
        version=find_version(find_prompt(name), body.version),
        actor=actor,
        reason=body.reason,
        expected_epoch=body.expected_epoch,
    )
    return Answer(describe_live(alias))


def roll_back(actor: "User", name: str, body: Rollback) -> Answer:
    """Make a version live again that was live before."""
    prompt = find_prompt(name)
    alias = releases.roll_back(
        prompt=prompt,
        to_version=find_version(prompt, body.version),
        actor=actor,
        reason=body.reason,
        expected_epoch=body.expected_epoch,
        in_flight=body.in_flight,
    )
    return Answer(describe_live(alias))


def find_prompt(name: str) -> Prompt:
    prompt = Prompt.objects.filter(name=name).first()
    if prompt is None:
        raise ProblemError(NOT_FOUND, f"There is no prompt {name}")
    return prompt


def find_version(prompt: Prompt, number: int) -> PromptVersion:
    versions = prompt.versions.select_related("prompt", "author")
    version = versions.filter(number=number).first()
    if version is None:
        raise ProblemError(NOT_FOUND, f"{prompt.name} has no version {number}")
    return version


def describe_prompt(prompt: Prompt) -> PromptSummary:
    alias = prompt.production()
    live = describe_live(alias) if alias else None
    return PromptSummary(name=prompt.name, description=prompt.description, live=live)


def describe_live(alias: Alias) -> Live:
    version = alias.version
    return Live(
        version=version.number, sha256=version.sha256, epoch=alias.epoch, since=alias.updated_at
    )


def list_versions(prompt: Prompt) -> list[VersionSummary]:
    live = prompt.production()
    live_pk = live.version_id if live else None
    once_live = set(PromptVersion.objects.once_live(prompt).values_list("pk", flat=True))
    return [
        summarise_version(
            version,
            is_live=version.pk == live_pk,
            was_live=version.pk == live_pk or version.pk in once_live,
        )
        for version in prompt.versions.select_related("author")
    ]


def summarise_version(version: PromptVersion, *, is_live: bool, was_live: bool) -> VersionSummary:
    return VersionSummary(
        number=version.number,
        sha256=version.sha256,
        notes=version.notes,
        source=version.source,
        author=name_person(version.author),
        created_at=version.created_at,
        is_live=is_live,
        was_live=was_live,
    )


def describe_version(version: PromptVersion) -> VersionDetail:
    live = version.prompt.production()
    summary = summarise_version(
        version,
        is_live=bool(live and live.version_id == version.pk),
        was_live=releases.was_live(version.prompt, version),
    )
    failures = gate.explain_not_passed(version)
    return VersionDetail(
        **summary.model_dump(),
        prompt=version.prompt.name,
        bundle=version.bundle,
        passed=not failures,
        failures=failures,
    )


def list_moves(prompt: Prompt, page: HistoryPage) -> list[Deployment]:
    """Those of the page, the newest first, and one more if there are others after them."""
    moves = prompt.deployments.filter(alias=Alias.Name.PRODUCTION).order_by("-epoch")
    if page.before is not None:
        moves = moves.filter(epoch__lt=page.before)
    return list(moves.select_related("from_version", "to_version", "actor")[: page.limit + 1])


def describe_move(move: Deployment) -> Move:
    return Move(
        epoch=move.epoch,
        kind=Deployment.Kind(move.kind),
        from_version=move.from_version.number if move.from_version else None,
        to_version=move.to_version.number,
        actor=name_person(move.actor),
        reason=move.reason,
        evaluation=move.evaluation_id,
        override=move.override_id is not None,
        in_flight=Deployment.InFlight(move.in_flight),
        created_at=move.created_at,
    )
