"""People: wearers and operators alike sign in by email. What wearers consented to, and want to be told."""

from datetime import date, time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.spelling import spell_email, spell_password
from accounts.text.fields import TypedCharField

CONSENT_TEXTS = {
    1: _(
        "You may use my photos, garments and questions to improve the stylist: people of your team look at them, "
        "and examples made of them check new versions before anybody gets their answers. An example keeps a copy of its "
        "photo, even if you delete yours, until you take this back."
    ),
}
"""What wearers were asked, by version: a text stays as it was once somebody has read it."""


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        return spell_email(super().normalize_email(email))

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=self.normalize_email(username))


class User(AbstractUser):
    username = None  # type: ignore[assignment]
    first_name = TypedCharField("first name", max_length=150, blank=True)
    last_name = TypedCharField("last name", max_length=150, blank=True)
    email = models.EmailField("email address", unique=True)
    time_zone = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="Where their days begin: their home's, else their browser's; empty is UTC.",
    )
    language = models.CharField(
        max_length=10,
        blank=True,
        default="",
        db_default="",
        help_text="The language that they chose; empty is what their browser says.",
    )
    browser_language = models.CharField(
        max_length=10,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="What their browser last asked for, while they chose none.",
    )
    awaits_confirmation = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Signed up where mail is sent, and has not followed the link in it yet.",
    )
    signed_out_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When they signed out everywhere; sessions of before ended.",
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message="There is already an account with this email.",
            )
        ]

    def __str__(self) -> str:
        return self.email

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password and spell_password(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """In its one spelling; as it was typed, too, for passwords set before there was one."""
        spelt = raw_password and spell_password(raw_password)
        if super().check_password(spelt):
            return True
        return spelt != raw_password and super().check_password(raw_password)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What sessions are bound to: the password, and when all of them were ended.

        As Django makes it as long as they never were, so that sessions outlive the release that added this.
        """
        ended = self.signed_out_at.isoformat() if self.signed_out_at else ""
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        return salted_hmac(
            salt, f"{self.password}{ended}", secret=secret, algorithm="sha256"
        ).hexdigest()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone or "UTC")

    @property
    def today(self) -> date:
        """The day that it is where they are."""
        return timezone.localdate(timezone=self.zone)

    def live_in(self, time_zone: str) -> None:
        """Their days begin by this zone from now on."""
        self.time_zone = time_zone
        self.save(update_fields=["time_zone"])

    @property
    def device_mark(self) -> str:
        """What this account's things are kept under on a device: it says nothing of who that is."""
        return salted_hmac("accounts.device_mark", str(self.pk)).hexdigest()[:16]

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        words = [self.first_name, self.last_name] if self.first_name else [self.email]
        letters = "".join(word[:1] for word in words if word)
        return (letters if len(letters) > 1 else words[0][:2]).upper()


class ConsentQuerySet(models.QuerySet["Consent"]):
    def given(self, by: User | OuterRef) -> "ConsentQuerySet":
        """What counts now of a wearer, or of a query's: to the text of today, and not taken back."""
        return self.filter(user=by, text_version=max(CONSENT_TEXTS), withdrawn_at=None)


class Consent(models.Model):
    """A wearer lets us use their photos and questions to improve the stylist. Without a row they have not."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents"
    )
    text_version = models.PositiveSmallIntegerField(help_text="Of what they read.")
    given_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(withdrawn_at=None), name="consent_once"
            )
        ]

    def __str__(self) -> str:
        return f"Consent {self.text_version} of {self.user_id}"


class NotificationChoices(models.Model):
    """What a wearer wants to be told, and when; without a row, nothing. `at` is on the clock of where they are, and
    `quiet_days` are weekdays (Monday is 0) on which they are told nothing at all. The days on which they were told keep
    them from being told twice."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="notification_choices",
    )
    morning = models.BooleanField("each morning, what to wear", default=False)
    sky = models.BooleanField("when the sky turns on a plan", default=False)
    wash = models.BooleanField("what is due for the wash", default=False)
    at = models.TimeField(default=time(7, 15))
    quiet_days = ArrayField(models.SmallIntegerField(), default=list, blank=True)
    morning_told_on = models.DateField(null=True, blank=True)
    wash_told_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "notification choices"
        indexes = [
            models.Index(
                fields=["at"], name="morning_due", condition=Q(morning=True) | Q(wash=True)
            )
        ]

    def __str__(self) -> str:
        return f"Notifications of {self.user_id}"


class PushSubscription(models.Model):
    """A browser that shows notifications: where its push service takes them, and the keys that only it can open them with
    (RFC 8291). One that is gone is deleted."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions"
    )
    endpoint = models.CharField(max_length=1000)
    endpoint_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    name = TypedCharField(max_length=80, blank=True)
    failures = models.PositiveSmallIntegerField("failures in a row", default=0)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Push subscription {self.pk}"
