"""What an address names, or the problem that there is no such thing."""

from django.db.models import Exists, OuterRef, QuerySet

from registry.api.problems import NOT_FOUND, ProblemError
from registry.models import Alias, Deployment, Prompt, PromptVersion
from registry.models.prompts import IS_ARCHIVED

PRODUCTION = Alias.Name.PRODUCTION


def find_prompt(name: str) -> Prompt:
    """Raises ProblemError."""
    prompt = Prompt.objects.filter(name=name).first()
    if prompt is None:
        raise ProblemError(NOT_FOUND, f"There is no prompt {name}")
    return prompt


def find_version(prompt: Prompt, number: int) -> PromptVersion:
    """As `list_versions` has it. Raises ProblemError."""
    version = list_versions(prompt).filter(number=number).first()
    if version is None:
        raise ProblemError(NOT_FOUND, f"{prompt.name} has no version {number}")
    return version


def list_versions(prompt: Prompt) -> QuerySet[PromptVersion]:
    """The newest first, with `is_live`, `was_live` and `is_archived`."""
    live = Alias.objects.filter(name=PRODUCTION, version=OuterRef("pk"))
    moves = Deployment.objects.filter(alias=PRODUCTION, to_version=OuterRef("pk"))
    versions = prompt.versions.select_related("prompt", "author")
    return versions.annotate(is_live=Exists(live), was_live=Exists(moves), is_archived=IS_ARCHIVED)
