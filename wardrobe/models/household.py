"""Households: who is in one, which pieces they show each other, who asked for what."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from accounts.text.fields import TypedCharField
from wardrobe.models.garments import Garment


class Household(models.Model):
    """People who show each other some of their pieces. What they share beyond that is nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = TypedCharField(max_length=60)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """Somebody in a household; everybody is in one at most. `name` is what the others call them: emails are not shown.

    `is_owner` invites, removes and hands over; there is one. `asks_first`: a piece of theirs is asked for before it goes;
    otherwise it is lent as soon as somebody takes it.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="membership"
    )
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="members")
    name = TypedCharField(max_length=40)
    is_owner = models.BooleanField(default=False)
    asks_first = models.BooleanField(default=True)
    joined_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(is_owner=True), name="one_owner"
            )
        ]

    def __str__(self) -> str:
        return self.name


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Those that may still be accepted."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A link by which one person joins, once. The link is signed and stored nowhere (`wardrobe.household.invitations`).

    `sent_to` is where it was mailed, until it is used, taken back or over.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="invitations")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations_made"
    )
    sent_to = models.EmailField(blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Invitation to {self.household_id}"


class ShelfQuerySet(models.QuerySet["Shelf"]):
    def for_owner(self, owner: User) -> "ShelfQuerySet":
        return self.filter(owner=owner)

    def seen_by(self, user: User) -> "ShelfQuerySet":
        """Their own, and those that are shared with them."""
        shared = ShelfShare.objects.filter(member__user=user)
        return self.filter(Q(owner=user) | Q(pk__in=shared.values("shelf")))


class Shelf(models.Model):
    """Pieces that their owner shows to some of the household. Without shares it is the owner's alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shelves"
    )
    name = TypedCharField(max_length=60)
    garments = models.ManyToManyField(Garment, through="ShelfPiece", related_name="shelves")
    created_at = models.DateTimeField(db_default=Now())

    objects = ShelfQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "shelves"
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.name


class ShelfPiece(models.Model):
    """A garment on a shelf of its owner."""

    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE, related_name="pieces")
    garment = models.ForeignKey(Garment, on_delete=models.CASCADE, related_name="shelf_pieces")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["shelf", "garment"], name="on_a_shelf_once")]

    def __str__(self) -> str:
        return f"{self.garment_id} on {self.shelf_id}"


class ShelfShare(models.Model):
    """A member may look at a shelf, and perhaps wear what lies there. `is_used` is the member's own word: their answers
    may have its pieces."""

    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE, related_name="shares")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="shares")
    may_wear = models.BooleanField(default=False)
    is_used = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["shelf", "member"], name="shared_once")]

    def __str__(self) -> str:
        return f"{self.shelf_id} with {self.member_id}"


class LoanRequest(models.Model):
    """A member asks for a piece. It goes once it is lent, declined or withdrawn: what was lent is in the log (`Care`)."""

    garment = models.ForeignKey(Garment, on_delete=models.CASCADE, related_name="loan_requests")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="loan_requests")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["garment", "member"], name="asked_for_once")]

    def __str__(self) -> str:
        return f"{self.garment_id} for {self.member_id}"
