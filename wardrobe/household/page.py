"""What the pages of a household show: who is in it, what lies on its shelves, and what is lent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from accounts.models import User
from wardrobe.household.seeing import show_borrowed
from wardrobe.models import Care, Garment, LoanRequest, Member, Shelf, ShelfShare

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Shown:
    """A piece on the wall: `whose` is None for one's own, `state` one of "free", "asked", "with_you", "away", "wash", and
    "unseen" where its owner has not looked at it yet."""

    garment: Garment
    whose: str
    state: str


def list_pieces(user: User, whose: str = "") -> QuerySet[Garment]:
    """What lies on shelves that they share, or that are shared with them."""
    own = Garment.objects.for_owner(user).filter(shelf_pieces__shelf__shares__isnull=False)
    others = Garment.objects.seen_by(user).exclude(owner=user)
    shown = {MINE: Q(pk__in=own.values("pk")), THEIRS: Q(pk__in=others.values("pk"))}
    garments = Garment.objects.current().exclude(status=Garment.Status.DRAFT)
    wanted = shown.get(whose, shown[MINE] | shown[THEIRS])
    return garments.filter(wanted).select_related("photo").order_by("name", "pk")


def show_pieces(user: User, garments: Iterable[Garment]) -> list[Shown]:
    rows = show_borrowed(user, list(garments))
    keys = [garment.pk for garment in rows]
    lent = Care.objects.away().filter(garment__in=keys, kind=Care.Kind.LENT)
    holders: dict[UUID, int | None] = dict(lent.values_list("garment", "borrower"))
    asked = {*LoanRequest.objects.filter(garment__in=keys).values_list("garment", flat=True)}
    return [
        Shown(garment, garment.whose, find_state(garment, user, holders, asked)) for garment in rows
    ]


def find_state(
    garment: Garment, user: User, holders: Mapping[UUID, int | None], asked: set[UUID]
) -> str:
    if garment.pk in holders and holders[garment.pk] == user.pk:
        return "with_you"
    if garment.is_all_out:
        return "wash" if garment.in_wash else "away"
    if garment.status != Garment.Status.READY:
        return "unseen"
    return "asked" if garment.pk in asked else "free"


def list_with_them(user: User) -> list[Care]:
    """What others lent to them; what is not shared with them any more is not shown."""
    lent = Care.objects.away().filter(borrower=user, kind=Care.Kind.LENT)
    seen = lent.filter(garment__in=Garment.objects.seen_by(user).values("pk"))
    rows = list(seen.select_related("garment").order_by(F("until").asc(nulls_last=True), "pk"))
    show_borrowed(user, [care.garment for care in rows])
    return rows


def list_lent(user: User) -> QuerySet[Care]:
    """What they lent to others of the household."""
    lent = Care.objects.for_owner(user).away().exclude(borrower=None)
    return lent.select_related("garment__photo").order_by("day", "pk")


def list_asked_of(user: User) -> QuerySet[LoanRequest]:
    asked = LoanRequest.objects.filter(garment__owner=user)
    return asked.select_related("garment__photo", "member")


def list_asked_by(member: Member) -> list[LoanRequest]:
    rows = list(member.loan_requests.select_related("garment"))
    show_borrowed(member.user, [request.garment for request in rows])
    return rows


def list_own_shelves(user: User) -> QuerySet[Shelf]:
    shelves = Shelf.objects.for_owner(user).prefetch_related("shares__member")
    return shelves.annotate(size=Count("pieces", distinct=True))


def list_shared(member: Member) -> list[ShelfShare]:
    """The shelves of others that they may look at, with whose they are."""
    shares = list(
        member.shares.select_related("shelf__owner__membership").annotate(
            size=Count(
                "shelf__pieces", filter=~Q(shelf__pieces__garment__status=Garment.Status.ARCHIVED)
            )
        )
    )
    return sorted(shares, key=lambda one: (one.shelf.owner.membership.name, one.shelf.name))
