"""Who may do what to prompts: three groups, each with what the one before it has."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.migrations import CreateModel, Migration

AUTHOR, EVALUATOR, RELEASER = "Prompt author", "Prompt evaluator", "Prompt releaser"

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
ROLES = {
    AUTHOR: [*READ, "add_promptversion"],
    EVALUATOR: [*READ, "add_promptversion", "evaluate_prompt"],
    RELEASER: [
        *READ,
        "add_promptversion",
        "evaluate_prompt",
        "promote_prompt",
        "roll_back_prompt",
    ],
}


def make_roles(**signal: Any) -> None:
    """Make the groups that are not there, and let all of them see what is new; what operators made of them
    stays. Runs after each migrate."""
    show_new_models(signal.get("plan", []))
    missing = ROLES.keys() - set(Group.objects.values_list("name", flat=True))
    for name in sorted(missing):
        permissions = Permission.objects.filter(
            content_type__app_label="registry", codename__in=ROLES[name]
        )
        Group.objects.create(name=name).permissions.set(permissions)


def show_new_models(plan: Sequence[tuple[Migration, bool]]) -> None:
    """Let the groups see the models that a plan has just created."""
    operations = [op for step, is_backward in plan if not is_backward for op in step.operations]
    made = {f"view_{op.name_lower}" for op in operations if isinstance(op, CreateModel)}
    permissions = Permission.objects.filter(
        content_type__app_label="registry", codename__in=made.intersection(READ)
    )
    for group in Group.objects.filter(name__in=ROLES):
        group.permissions.add(*permissions)
