"""Putting drafts away, and taking them out again."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from registry.models import Deployment, EvaluationRun, PromptVersion, VersionArchiving
from registry.services.overrides import ReasonRequiredError
from telemetry.lines import log_move

Kind = VersionArchiving.Kind


class ArchivedError(Exception):
    """An archived version goes before nobody: it is restored first."""


class NotArchivableError(Exception):
    """Only a draft is archived, and none that is on its way; the message says why."""


def explain_not_archivable(version: PromptVersion) -> str:
    """Why a version stays where everybody sees it; empty for a draft that may be archived."""
    if version.aliases.exists():
        return f"Version {version.number} is live"
    if Deployment.objects.filter(to_version=version).exists():
        return f"Version {version.number} was live"
    if version.canaries.exists():
        return f"Version {version.number} has answered wearers as a canary"
    if version.overrides.open().exists():
        return f"An override lets version {version.number} go live"
    if EvaluationRun.objects.running().filter(version=version).exists():
        return f"Version {version.number} is being evaluated"
    return ""


def is_archived(version: PromptVersion) -> bool:
    return PromptVersion.objects.archived().filter(pk=version.pk).exists()


def explain_archived(version: PromptVersion) -> str:
    """What comes before anything else that is done with it; empty for a version that is not archived."""
    if not is_archived(version):
        return ""
    return f"{version} is archived: restore it on the page of {version.prompt} first"


def require_unarchived(version: PromptVersion) -> None:
    """Raises ArchivedError."""
    if is_archived(version):
        raise ArchivedError(f"{version} is archived. Restore it first")


@transaction.atomic
def archive_version(*, version: PromptVersion, actor: User | None, reason: str) -> bool:
    """Take a draft off the lists; False when it was archived already.

    Raises NotArchivableError and ReasonRequiredError; then nothing has changed.
    """
    if not reason.strip():
        raise ReasonRequiredError("Say why, for those who read the history")
    version.prompt.lock_production()  # It is not promoted meanwhile.
    if is_archived(version):
        return False
    if fault := explain_not_archivable(version):
        raise NotArchivableError(fault)
    add_row(version, Kind.ARCHIVE, actor, reason.strip())
    log_move("archive_version", actor=actor, task=version.prompt.name, version=version.number)
    return True


@transaction.atomic
def restore_version(*, version: PromptVersion, actor: User | None, reason: str = "") -> bool:
    """Take it out of the archive, a draft as before; False when it was not in it."""
    version.prompt.lock_production()
    if not is_archived(version):
        return False
    add_row(version, Kind.RESTORE, actor, reason.strip())
    log_move("restore_version", actor=actor, task=version.prompt.name, version=version.number)
    return True


def add_row(version: PromptVersion, kind: str, actor: User | None, reason: str) -> None:
    VersionArchiving.objects.create(version=version, kind=kind, actor=actor, reason=reason)
