"""What a wearer noted and chose besides outfits, written into a document and taken in from one."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from accounts.models import NotificationChoices, PushSubscription, User
from dresscode.own_data.archive.diary import (
    CalendarRecord,
    CareRecord,
    DeviceRecord,
    EventRecord,
    NotificationRecord,
    RuleRecord,
)
from dresscode.own_data.archive.document import Document
from dresscode.own_data.archive.plan import Plan
from styling.calendars.subscriptions import MOST_SUBSCRIPTIONS, list_subscriptions
from styling.models import OccasionRule, Subscription
from wardrobe import vocabulary
from wardrobe.models import Care, Garment
from wardrobe.services.care import count_away

CARE = ("kind", "day", "pieces", "whom", "until", "ended_on")
EVENT = tuple(EventRecord.model_fields)
CHOICES = ("morning", "sky", "wash", "at", "quiet_days")
WEB = ("http", "https")


def write_diary(owner: User) -> dict[str, Any]:
    """The parts of a document that are here."""
    return {
        "cares": list(write_cares(owner)),
        "calendars": list(write_calendars(owner)),
        "occasion_rules": [
            RuleRecord(words=rule.words, kind=rule.kind)
            for rule in OccasionRule.objects.filter(owner=owner, is_removed=False)
        ],
        "notifications": write_notifications(owner),
    }


def write_cares(owner: User) -> Iterator[CareRecord]:
    for care in Care.objects.for_owner(owner).order_by("pk").iterator(chunk_size=500):
        told = {name: getattr(care, name) for name in CARE}
        yield CareRecord(garment=care.garment_id, noted_at=care.created_at, **told)


def write_calendars(owner: User) -> Iterator[CalendarRecord]:
    for one in list_subscriptions(owner).prefetch_related("occasions"):
        events = [
            EventRecord(**{name: getattr(event, name) for name in EVENT})
            for event in one.occasions.all()
        ]
        yield CalendarRecord(url=one.url, name=one.name, events=events)


def write_notifications(owner: User) -> NotificationRecord | None:
    choices = NotificationChoices.objects.filter(user=owner).first()
    devices = [
        DeviceRecord(
            name=one.name,
            push_service=(urlsplit(one.endpoint).hostname or "")[:120],
            added_at=one.created_at,
        )
        for one in PushSubscription.objects.filter(user=owner)
    ]
    if choices is None and not devices:
        return None
    choices = choices or NotificationChoices(user=owner)
    return NotificationRecord(devices=devices, **{name: getattr(choices, name) for name in CHOICES})


@transaction.atomic
def take_diary(owner: User, document: Document, plan: Plan) -> None:
    """What is not there yet: calendars and rules where there are none, choices where none were made."""
    take_cares(owner, document, plan)
    if not Subscription.objects.filter(owner=owner).exists():
        web = [one for one in document.calendars if urlsplit(one.url).scheme in WEB]
        Subscription.objects.bulk_create(
            (
                Subscription(owner=owner, url=one.url, name=one.name)
                for one in web[:MOST_SUBSCRIPTIONS]
            ),
            ignore_conflicts=True,
        )
    if not OccasionRule.objects.filter(owner=owner).exists():
        kinds = {*vocabulary.values("event"), ""}
        OccasionRule.objects.bulk_create(
            OccasionRule(owner=owner, position=position, words=rule.words[:200], kind=rule.kind)
            for position, rule in enumerate(document.occasion_rules)
            if rule.kind in kinds
        )
    told = document.notifications
    if told and not NotificationChoices.objects.filter(user=owner).exists():
        NotificationChoices.objects.create(
            user=owner, **{name: getattr(told, name) for name in CHOICES}
        )


def take_cares(owner: User, document: Document, plan: Plan) -> None:
    """Of garments that are there by now; what is noted already, of the same kind and day, is not noted twice."""
    garments = {one.pk: one for one in Garment.objects.for_owner(owner)}
    known = {*Care.objects.for_owner(owner).values_list("garment", "kind", "day", "created_at")}
    made = set()
    for one in document.cares:
        garment = garments.get(plan.garments.get(one.garment, one.garment))
        if garment is None or (garment.pk, one.kind, one.day, one.noted_at) in known:
            continue
        told = {name: getattr(one, name) for name in CARE}
        care = Care.objects.create(owner=owner, garment=garment, **told)
        Care.objects.filter(pk=care.pk).update(created_at=one.noted_at)
        made.add(garment.pk)
    for key in made:
        count_away(garments[key])
