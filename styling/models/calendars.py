"""The wearer's other calendars: the address at which theirs is read, and those that are read for them."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from accounts.models import User
from accounts.text.fields import TypedCharField


class CalendarFeed(models.Model):
    """The private address of a wearer's outfits as iCalendar. Only the SHA-256 of its secret is kept."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="feed"
    )
    secret_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True, help_text="Last, to the hour.")

    def __str__(self) -> str:
        return f"Calendar of {self.owner_id}"


class Subscription(models.Model):
    """A calendar elsewhere whose events become occasions. The address may be as secret as a password.

    `failure` is a code of `AskingError`, or not_found, gone, refused, not_a_calendar; empty where the last look went
    well. What was found stays until the next look that goes well.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscriptions"
    )
    url = models.CharField("address", max_length=2000)
    name = TypedCharField(max_length=120, blank=True)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=64, blank=True)
    read_on = models.DateField(
        null=True, blank=True, help_text="Where the days that were read begin."
    )
    failure = models.CharField(max_length=32, blank=True)
    failures = models.PositiveSmallIntegerField("failures in a row", default=0)
    skipped = models.PositiveIntegerField(
        default=0, help_text="Events that were more than we read, or could not be read."
    )
    created_at = models.DateTimeField(db_default=Now())
    next_look_at = models.DateTimeField(db_default=Now(), db_index=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(
        null=True, blank=True, help_text="It can come back for a day."
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "url"], name="subscription_once"),
        ]

    def __str__(self) -> str:
        return f"Subscription {self.pk}"


class OccasionRule(models.Model):
    """Events whose title has one of the words are occasions of a kind; without a kind they are none. The first rule counts."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="occasion_rules"
    )
    position = models.PositiveSmallIntegerField(default=0)
    words = TypedCharField(max_length=200, help_text="With commas, such as meeting, stand-up.")
    kind = models.SlugField(
        max_length=32, blank=True, help_text="A vocabulary event; empty: nothing to dress for."
    )
    is_removed = models.BooleanField(default=False, help_text="It can come back for a while.")

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"Rule {self.pk}"


class OccasionQuerySet(models.QuerySet["CalendarOccasion"]):
    def for_owner(self, owner: User) -> "OccasionQuerySet":
        return self.filter(owner=owner)


class CalendarOccasion(models.Model):
    """One event of a subscribed calendar on one day, at the wearer's clock. `key` is the same for the same instance at
    each look; `kind` is what the rules make of it, empty for nothing."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_occasions"
    )
    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="occasions"
    )
    key = models.CharField(max_length=64, help_text="SHA-256 of its UID and recurrence id.")
    title = TypedCharField(max_length=200, blank=True)
    date = models.DateField()
    starts_at = models.TimeField()
    ends_at = models.TimeField(help_text="Before the start: on the next day.")
    is_all_day = models.BooleanField(default=False)
    kind = models.SlugField(max_length=32, blank=True)

    objects = OccasionQuerySet.as_manager()

    class Meta:
        ordering = ["date", "starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "key"], name="occasion_once"),
        ]
        indexes = [models.Index(fields=["owner", "date"], name="occasion_by_day")]

    def __str__(self) -> str:
        return f"Occasion on {self.date}"
