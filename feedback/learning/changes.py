"""What a wearer decides about what was learned of them. Each change can be taken back once."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from feedback.models import LearningChoices, PreferenceSignal
from styling.learning.lines import Choices, LineChoice, Strength


def switch_learning(owner: User, *, is_on: bool) -> None:
    """Off: every answer starts fresh, and what was learned stays until it is forgotten."""
    _change(owner, lambda choices: choices.model_copy(update={"is_on": is_on}))


def set_strength(owner: User, *, line: str, strength: Strength) -> None:
    """How much one line counts from now on."""

    def change(choices: Choices) -> Choices:
        choice = choices.of(line).model_copy(update={"strength": strength})
        return choices.model_copy(update={"lines": choices.lines | {line: choice}})

    _change(owner, change)


def forget_line(owner: User, *, line: str) -> None:
    """No signal until now has said anything of it; its strength is as usual again."""
    newest = find_newest(owner)

    def change(choices: Choices) -> Choices:
        lines = choices.lines | {line: LineChoice(since=newest)}
        return choices.model_copy(update={"lines": lines})

    _change(owner, change)


def forget_signal(owner: User, *, number: int) -> None:
    """As if it had never been given."""

    def change(choices: Choices) -> Choices:
        forgotten = tuple(sorted({*choices.forgotten, number}))
        return choices.model_copy(update={"forgotten": forgotten})

    _change(owner, change)


def forget_all(owner: User) -> None:
    """No signal until now was given, and nothing was decided about any line."""
    newest = find_newest(owner)
    _change(owner, lambda choices: Choices(is_on=choices.is_on, since=newest))


@transaction.atomic
def undo_change(owner: User) -> bool:
    """Take the last change back; False where there is none to take back."""
    row = LearningChoices.objects.select_for_update().filter(owner=owner).first()
    if row is None or row.previous is None:
        return False
    row.choices, row.previous = row.previous, None
    row.save()
    return True


@transaction.atomic
def _change(owner: User, change: Callable[[Choices], Choices]) -> None:
    """Make a change that can be taken back; what no undo can bring back any more is deleted."""
    LearningChoices.objects.get_or_create(owner=owner)
    row = LearningChoices.objects.select_for_update().get(owner=owner)
    current = Choices.model_validate(row.choices)
    row.previous, row.choices = row.choices, change(current).model_dump(mode="json")
    row.save()
    PreferenceSignal.objects.filter(owner=owner, pk__lte=current.since).delete()
    PreferenceSignal.objects.filter(owner=owner, pk__in=current.forgotten).delete()


def can_undo(owner: User) -> bool:
    return LearningChoices.objects.filter(owner=owner, previous__isnull=False).exists()


def find_newest(owner: User) -> int:
    """The number of the wearer's last signal; 0 before there is one."""
    newest: int | None = PreferenceSignal.objects.filter(owner=owner).aggregate(n=Max("pk"))["n"]
    return newest or 0
