"""Who may do what to prompts, and see of alerts: three groups, each with what the one before it has. Reviewers may
look at photos of wearers who agreed to it, and say what these show."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.migrations import CreateModel, Migration
from django.db.models import QuerySet

AUTHOR, EVALUATOR, RELEASER = "Prompt author", "Prompt evaluator", "Prompt releaser"
REVIEWER = "Reviewer"

APPS = ["feedback", "monitoring", "registry"]
READ = [
    "view_alias",
    "view_callrequest",
    "view_canary",
    "view_dataset",
    "view_deployment",
    "view_evaluationrun",
    "view_gatethresholds",
    "view_inferencecall",
    "view_override",
    "view_prompt",
    "view_promptversion",
    "view_verdict",
]
READ_ALERTS = ["view_alert", "view_alertrule"]
HANDLE_ALERTS = ["change_alert"]
COLLECT = [
    "view_collectedexample",
    "add_collectedexample",
    "delete_collectedexample",
    "add_reviewitem",
]
REVIEW = ["view_correction", "view_reviewitem", "add_reviewdecision"]
PUBLISH = ["publish_collectedexample"]
RETRAIN = ["retrain"]
VERBS = ("view", "change", "add", "delete")
ROLES = {
    AUTHOR: [*READ, *READ_ALERTS, "add_promptversion"],
    EVALUATOR: [*READ, *READ_ALERTS, *COLLECT, "add_promptversion", "evaluate_prompt"],
    RELEASER: [
        *READ,
        *READ_ALERTS,
        *HANDLE_ALERTS,
        *COLLECT,
        *PUBLISH,
        *RETRAIN,
        "add_promptversion",
        "evaluate_prompt",
        "promote_prompt",
        "roll_back_prompt",
    ],
    REVIEWER: REVIEW,
}


def make_roles(**signal: Any) -> None:
    """Make the groups that are not there, and let all of them see what is new; what operators made of them
    stays. Runs after each migrate."""
    show_new_models(signal.get("plan", []))
    missing = ROLES.keys() - set(Group.objects.values_list("name", flat=True))
    for name in sorted(missing):
        Group.objects.create(name=name).permissions.set(find_permissions(ROLES[name]))


def show_new_models(plan: Sequence[tuple[Migration, bool]]) -> None:
    """Let the groups do with the models that a plan has just created what they are for: see them, handle alerts,
    collect and publish examples, retrain."""
    operations = [op for step, is_backward in plan if not is_backward for op in step.operations]
    models = [op for op in operations if isinstance(op, CreateModel)]
    made = {f"{verb}_{model.name_lower}" for verb in VERBS for model in models}
    made |= {name for model in models for name, _ in model.options.get("permissions", [])}
    given = made.intersection([*READ, *READ_ALERTS, *HANDLE_ALERTS, *COLLECT, *PUBLISH, *RETRAIN])
    for group in Group.objects.filter(name__in=ROLES):
        group.permissions.add(*find_permissions(given.intersection(ROLES[group.name])))


def find_permissions(codenames: Iterable[str]) -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label__in=APPS, codename__in=codenames)
