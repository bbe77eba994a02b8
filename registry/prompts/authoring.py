"""Writing a version by hand or in a file: what its texts may use, and what would not work."""

from django.conf import settings

from registry.engines import preferred_engine
from registry.engines.builtin import read_pace
from registry.models import Prompt
from registry.prompts.bundles import Bundle, get_variables
from registry.prompts.files import PromptFileError
from registry.tasks import all_tasks

PARTS = ("system", "user")


class UnknownVariableError(PromptFileError):
    """A text uses what its task does not provide. `part` is "system" or "user"."""

    def __init__(self, message: str, part: str) -> None:
        super().__init__(message)
        self.part = part


def explain_unusable_bundle(prompt: Prompt, bundle: Bundle) -> str:
    """Why this release could not run such a version of a prompt; empty if it can."""
    task = all_tasks().get(prompt.name)
    if task is None:
        return f"This release has no task {prompt.name}."
    if bundle["engine"] not in settings.INFERENCE_ENGINES:
        known = ", ".join(sorted(settings.INFERENCE_ENGINES))
        return f"No engine is called {bundle['engine']}; there are {known}."
    try:
        read_pace(bundle["parameters"])
        fault = task.explain_unusable(bundle["parameters"])
    except (TypeError, ValueError) as error:  # Parameters that the task does not know.
        return str(error)
    return fault if preferred_engine(bundle["engine"]) == "builtin" else ""


def explain_unpinned(task_name: str, bundle: Bundle) -> str:
    """Why a version has no words to answer in: it was loaded before there was a vocabulary. Else empty."""
    task = all_tasks().get(task_name)
    pinned = bundle.get("vocabulary_revision", "")
    return task.explain_vocabulary(pinned) if task and task.uses_vocabulary else ""


def complete_bundle(task_name: str, bundle: Bundle) -> Bundle:
    """With the revisions that a version of this release has, where the bundle names none."""
    task = all_tasks().get(task_name)
    if task is None:
        return bundle
    return {
        **bundle,
        "schema_revision": bundle.get("schema_revision") or task.schema_revision,
        "vocabulary_revision": bundle.get("vocabulary_revision") or task.current_vocabulary(),
    }


def find_revision_fault(task_name: str, bundle: Bundle) -> str:
    """Why no new version can hold these revisions; empty if one can."""
    task = all_tasks().get(task_name)
    named = bundle.get("schema_revision", 0)
    if task and named not in (0, task.schema_revision):
        return (
            f"schema_revision is {task.schema_revision} in this release, not {named}: leave it out"
        )
    pinned = bundle.get("vocabulary_revision", "")
    if task and pinned and (fault := task.explain_vocabulary(pinned)):
        return f"vocabulary_revision: {fault}"
    model = bundle.get("model", {})
    is_named = model.get("id") or model.get("adapter")
    if bundle["engine"] != "builtin" and is_named and not model.get("revision"):
        return "model.revision is missing: name the commit of the model's weights"
    return ""


def check_revisions(task_name: str, bundle: Bundle) -> None:
    """Raises PromptFileError."""
    if fault := find_revision_fault(task_name, bundle):
        raise PromptFileError(fault)


def check_variables(task_name: str, bundle: Bundle) -> None:
    """That the task fills every variable of both texts. Raises UnknownVariableError.

    Of a prompt whose task this release does not have nobody can tell.
    """
    known = list_variables(task_name)
    for part in PARTS:
        unknown = sorted(get_variables({"system": bundle[part], "user": ""}) - set(known))
        if unknown and task_name in all_tasks():
            raise UnknownVariableError(explain_unknown(unknown, known), part)


def explain_unknown(unknown: list[str], known: list[str]) -> str:
    filled = f"there are {name_variables(known)}" if known else "this task has no variables"
    return f"Nothing fills {name_variables(unknown)}; {filled}."


def name_variables(names: list[str]) -> str:
    return ", ".join(f"${name}" for name in names)


def list_variables(task_name: str) -> list[str]:
    """What the texts of a task's prompt may use, by name."""
    task = all_tasks().get(task_name)
    return sorted(task.variables) if task else []
