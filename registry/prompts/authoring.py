"""Writing a version by hand: what its texts may use, and what would not work."""

from django.conf import settings
from django.db.models import QuerySet

from registry import inference
from registry.engines import preferred_engine
from registry.evaluation.runner import read_file
from registry.models import Example, Prompt
from registry.prompts.bundles import Bundle, get_variables
from registry.tasks import all_tasks


def explain_unusable_bundle(prompt: Prompt, bundle: Bundle) -> str:
    """Why this release could not run such a version of a prompt; empty if it can."""
    task = all_tasks().get(prompt.name)
    if task is None:
        return f"This release has no task {prompt.name}."
    if bundle["engine"] not in settings.INFERENCE_ENGINES:
        known = ", ".join(sorted(settings.INFERENCE_ENGINES))
        return f"No engine is called {bundle['engine']}; there are {known}."
    try:
        inference.read_pace(bundle["parameters"])
        fault = task.explain_unusable(bundle["parameters"])
    except (TypeError, ValueError) as error:  # Parameters that the task does not know.
        return str(error)
    return fault if preferred_engine(bundle["engine"]) == "builtin" else ""


def find_unknown_variables(prompt: Prompt, text: str) -> list[str]:
    """The variables of a text that the task does not provide; none while nobody can tell."""
    known = list_variables(prompt)
    used = get_variables({"system": text, "user": ""})
    return sorted(used - set(known)) if known else []


def list_variables(prompt: Prompt) -> list[str]:
    """What the texts may use, by the first golden example: the names are the same for every one."""
    task, example = all_tasks().get(prompt.name), list_examples(prompt).first()
    if task is None or example is None:
        return []
    return sorted(task.variables(task.example_context(example.input, read_file(example))))


def list_examples(prompt: Prompt) -> QuerySet[Example]:
    """What the gate asks now."""
    current = prompt.datasets.exclude(current=None).values("current")
    return Example.objects.filter(dataset_version__in=current)
