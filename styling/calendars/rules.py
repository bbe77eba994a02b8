"""Which events are occasions to dress for: the wearer's rules, in their order, by words in the title."""

import re
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from styling.models import CalendarOccasion, OccasionRule

MOST_RULES = 50
FIRST_RULES = (
    ("wedding, funeral, opera, gala", "formal"),
    ("interview, presentation, client, meeting, office", "business"),
    ("dinner, date", "date_night"),
    ("party, birthday", "party"),
    ("gym, run, yoga, training, match", "sports"),
    ("hike, walk, picnic", "outdoor"),
    ("lunch, brunch, concert, theatre, museum", "smart_casual"),
)
"""What a wearer begins with: words, and an occasion of the vocabulary."""


def list_rules(owner: User) -> list[OccasionRule]:
    return list(OccasionRule.objects.filter(owner=owner, is_removed=False))


def find_kind(title: str, rules: Iterable[OccasionRule]) -> str:
    """The occasion of the first rule one of whose words is in the title; empty where none is, or it is for nothing."""
    said = title.casefold()
    return next((rule.kind for rule in rules if any(has(said, word) for word in split(rule))), "")


def split(rule: OccasionRule) -> list[str]:
    words = (word.strip().casefold() for word in rule.words.split(","))
    return [word for word in words if word]


def has(title: str, word: str) -> bool:
    """As a whole word: "run" is not in "brunch"."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", title) is not None


@transaction.atomic
def begin(owner: User) -> None:
    """The first rules, for who never had any."""
    if OccasionRule.objects.filter(owner=owner).exists():
        return
    OccasionRule.objects.bulk_create(
        OccasionRule(owner=owner, position=position, words=words, kind=kind)
        for position, (words, kind) in enumerate(FIRST_RULES)
    )


@transaction.atomic
def add_rule(owner: User, *, words: str, kind: str) -> OccasionRule:
    """At the end. Rules that were removed before are gone for good then."""
    OccasionRule.objects.filter(owner=owner, is_removed=True).delete()
    last = OccasionRule.objects.filter(owner=owner).aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    rule = OccasionRule.objects.create(owner=owner, position=position, words=words, kind=kind)
    apply_rules(owner)
    return rule


@transaction.atomic
def change_rule(rule: OccasionRule, *, words: str, kind: str) -> None:
    rule.words, rule.kind = words, kind
    rule.save(update_fields=["words", "kind"])
    apply_rules(rule.owner)


@transaction.atomic
def remove_rule(rule: OccasionRule, *, is_removed: bool = True) -> None:
    """It can come back until another one is removed or added."""
    if is_removed:
        OccasionRule.objects.filter(owner=rule.owner, is_removed=True).delete()
    OccasionRule.objects.filter(pk=rule.pk).update(is_removed=is_removed)
    apply_rules(rule.owner)


@transaction.atomic
def move_rule(rule: OccasionRule, *, by: int) -> None:
    """Up (-1) or down (1) by one."""
    rules = list(
        OccasionRule.objects.select_for_update().filter(owner=rule.owner, is_removed=False)
    )
    at = next((place for place, one in enumerate(rules) if one.pk == rule.pk), None)
    if at is None or not 0 <= at + by < len(rules):
        return
    rules[at], rules[at + by] = rules[at + by], rules[at]
    for position, one in enumerate(rules):
        one.position = position
    OccasionRule.objects.bulk_update(rules, ["position"])
    apply_rules(rule.owner)


def apply_rules(owner: User) -> None:
    """To the events that are known."""
    rules = list_rules(owner)
    changed = []
    for occasion in CalendarOccasion.objects.for_owner(owner):
        kind = find_kind(occasion.title, rules)
        if kind != occasion.kind:
            occasion.kind = kind
            changed.append(occasion)
    CalendarOccasion.objects.bulk_update(changed, ["kind"], batch_size=500)


def preview(owner: User, rules: Sequence[OccasionRule], limit: int) -> list[CalendarOccasion]:
    """The next events, each with what these rules make of it; nothing is written."""
    coming = CalendarOccasion.objects.for_owner(owner).filter(date__gte=owner.today)[:limit]
    found = list(coming)
    for occasion in found:
        occasion.kind = find_kind(occasion.title, rules)
    return found
