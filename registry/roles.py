"""Who may do what to prompts: three groups, each with what the one before it has."""

from typing import Any

from django.contrib.auth.models import Group, Permission

AUTHOR, EVALUATOR, RELEASER = "Prompt author", "Prompt evaluator", "Prompt releaser"

READ = [
    "view_alias",
    "view_canary",
    "view_dataset",
    "view_deployment",
    "view_evaluationrun",
    "view_gatethresholds",
    "view_inferencecall",
    "view_override",
    "view_prompt",
    "view_promptversion",
]
ROLES = {
    AUTHOR: READ,
    EVALUATOR: [*READ, "evaluate_prompt"],
    RELEASER: [*READ, "evaluate_prompt", "promote_prompt", "roll_back_prompt"],
}


def make_roles(**signal: Any) -> None:
    """Make the groups that are not there; what operators made of them stays. Runs after each migrate."""
    missing = ROLES.keys() - set(Group.objects.values_list("name", flat=True))
    for name in sorted(missing):
        permissions = Permission.objects.filter(
            content_type__app_label="registry", codename__in=ROLES[name]
        )
        Group.objects.create(name=name).permissions.set(permissions)
