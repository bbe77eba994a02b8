"""What a wearer noted and chose besides outfits, written into a document and taken in from one."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from accounts.models import NotificationChoices, PushSubscription, User
from dresscode.own_data.archive.diary import (
    BorrowedRecord,
    CalendarRecord,
    CareRecord,
    DeviceRecord,
    EventRecord,
    HouseholdRecord,
    MembershipRecord,
    NotificationRecord,
    OpinionRecord,
    RuleRecord,
    ShelfRecord,
)
from dresscode.own_data.archive.document import Document
from dresscode.own_data.archive.plan import Plan, choose_keys, find_there
from feedback.models import HouseholdOpinion, ShownOutfit
from styling.calendars.subscriptions import MOST_SUBSCRIPTIONS, list_subscriptions
from styling.models import OccasionRule, Subscription
from wardrobe import vocabulary
from wardrobe.household.shelves import MOST_PIECES, MOST_SHELVES
from wardrobe.models import Care, Garment, Invitation, Member, Shelf, ShelfPiece, Wear
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
        "household": write_household(owner),
    }


def write_household(owner: User) -> HouseholdRecord:
    sent = Invitation.objects.filter(made_by=owner).exclude(sent_to="")
    worn = Wear.objects.for_owner(owner).exclude(garment__owner=owner).order_by("pk")
    said = HouseholdOpinion.objects.filter(rater=owner)
    return HouseholdRecord(
        membership=write_membership(owner),
        invitations=list(sent.values_list("sent_to", flat=True)),
        shelves=list(write_shelves(owner)),
        borrowed=[BorrowedRecord(day=wear.day, outfit=wear.origin) for wear in worn],
        shown=list(ShownOutfit.objects.filter(owner=owner).values_list("pk", flat=True)),
        opinions=[
            OpinionRecord(verdict=one.verdict, words=one.words, said_at=one.updated_at)
            for one in said
        ],
    )


def write_membership(owner: User) -> MembershipRecord | None:
    member = Member.objects.filter(user=owner).select_related("household").first()
    if member is None:
        return None
    return MembershipRecord(
        name=member.household.name,
        called=member.name,
        is_owner=member.is_owner,
        asks_first=member.asks_first,
        joined_at=member.joined_at,
        asked_for=member.loan_requests.count(),
    )


def write_shelves(owner: User) -> Iterator[ShelfRecord]:
    for shelf in Shelf.objects.for_owner(owner).prefetch_related("pieces", "shares__member"):
        yield ShelfRecord(
            id=shelf.pk,
            name=shelf.name,
            garments=[piece.garment_id for piece in shelf.pieces.all()],
            shared_with=[share.member.name for share in shelf.shares.all()],
            made_at=shelf.created_at,
        )


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
    take_shelves(owner, document, plan)
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


def take_shelves(owner: User, document: Document, plan: Plan) -> None:
    """Those that are not there, with the pieces that are: shared with nobody."""
    keys = choose_keys(Shelf, owner, [one.id for one in document.household.shelves])
    there = find_there(Shelf, owner, keys.values())
    room = MOST_SHELVES - Shelf.objects.for_owner(owner).count()
    new = [one for one in document.household.shelves if keys[one.id] not in there][: max(room, 0)]
    for one in new:
        shelf = Shelf.objects.create(pk=keys[one.id], owner=owner, name=one.name)
        Shelf.objects.filter(pk=shelf.pk).update(created_at=one.made_at)
        wanted = [plan.garments.get(key, key) for key in one.garments][:MOST_PIECES]
        garments = Garment.objects.for_owner(owner).filter(pk__in=wanted)
        ShelfPiece.objects.bulk_create(
            ShelfPiece(shelf=shelf, garment=garment) for garment in garments
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
