"""Whether this release can answer under a version: while one replaces another, processes of both run."""

from registry.engines import BUILTIN
from registry.engines.base import OtherReleaseError
from registry.prompts.bundles import Bundle
from registry.prompts.live_versions import LiveVersion
from registry.tasks import AnyTask


def explain_unrunnable(task: AnyTask, bundle: Bundle, engine: str) -> str:
    """Why processes of this release cannot answer under a version with an engine; empty if they can.

    A later release has a `schema_revision` of its own: what it asks and how its answers are shaped is not known here.
    """
    named = bundle.get("schema_revision", 0)
    if named > task.schema_revision:
        return f"It asks by schema_revision {named}, this release by {task.schema_revision}."
    if engine != BUILTIN:
        return ""
    try:
        return task.explain_unusable(bundle.get("parameters", {}))
    except (TypeError, ValueError) as error:  # Parameters that this release does not know.
        return str(error)


def require_runnable(task: AnyTask, live: LiveVersion) -> None:
    """Raises OtherReleaseError."""
    if fault := explain_unrunnable(task, live.bundle, live.engine):
        raise OtherReleaseError(f"Version {live.number} of {task.name}: {fault}")
