"""Prompts, their immutable versions, the pointers to them and the history of these."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Func
from django.db.models.functions import Now


class Prompt(models.Model):
    """The prompt of one task."""

    name = models.SlugField(max_length=64, unique=True, help_text="The name of its task.")
    description = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name"]
        permissions = [
            ("evaluate_prompt", "Can evaluate versions of a prompt"),
            ("promote_prompt", "Can promote a version that has passed"),
            ("roll_back_prompt", "Can roll a prompt back"),
        ]

    def __str__(self) -> str:
        return self.name

    def production(self) -> "Alias | None":
        return self.aliases.select_related("version").filter(name=Alias.Name.PRODUCTION).first()

    def lock_production(self) -> "Alias | None":
        """The production alias, locked; this row is locked first, for the alias may not exist."""
        Prompt.objects.select_for_update().get(pk=self.pk)
        return self.aliases.select_for_update().filter(name=Alias.Name.PRODUCTION).first()


IS_ARCHIVED = Func("pk", function="registry_is_archived", output_field=models.BooleanField())
"""By the newest row of `VersionArchiving`."""


class PromptVersionQuerySet(models.QuerySet["PromptVersion"]):
    def once_live(self, prompt: Prompt) -> "PromptVersionQuerySet":
        """Live before, not live now."""
        moves = Deployment.objects.filter(prompt=prompt, alias=Alias.Name.PRODUCTION)
        live = Alias.objects.filter(prompt=prompt, name=Alias.Name.PRODUCTION)
        return self.filter(pk__in=moves.values("to_version")).exclude(pk__in=live.values("version"))

    def passed_when_live(self) -> "PromptVersionQuerySet":
        """Those that stood as passed with an engine when they went: a rollback needs no more."""
        return self.filter(
            Func("pk", function="registry_passed_when_live", output_field=models.BooleanField())
        )

    def archived(self) -> "PromptVersionQuerySet":
        return self.filter(IS_ARCHIVED)

    def unarchived(self) -> "PromptVersionQuerySet":
        return self.exclude(IS_ARCHIVED)


class PromptVersion(models.Model):
    """An immutable bundle of all that decides behaviour; the database refuses to change one.

    `bundle` holds `system`, `user` (string.Template texts), `engine`, `model` (id, revision,
    adapter), `sampling`, `enable_thinking`, `parameters` (the built-in engine's), `image`
    (preprocessing), `schema_revision`, `vocabulary_revision` and `examples` (few-shot).
    `sha256` is the digest of its canonical JSON.
    """

    class Source(models.TextChoices):
        FILE = "file", "File"
        ADMIN = "admin", "Admin"
        API = "api", "API"

    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField("SHA-256", max_length=64)
    bundle = models.JSONField()
    notes = models.CharField(max_length=300, blank=True, help_text="What changed, and why.")
    source = models.CharField(max_length=8, choices=Source, default=Source.FILE)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = PromptVersionQuerySet.as_manager()

    class Meta:
        ordering = ["prompt", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["prompt", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["prompt", "sha256"], name="version_content_once"),
        ]

    def __str__(self) -> str:
        return f"{self.prompt.name} v{self.number}"

    @property
    def short_sha(self) -> str:
        return self.sha256[:7]

    @property
    def parameters(self) -> dict[str, Any]:
        parameters: dict[str, Any] = self.bundle.get("parameters", {})
        return parameters


class Alias(models.Model):
    """The only mutable pointer: which version of a prompt is live."""

    class Name(models.TextChoices):
        PRODUCTION = "production", "Production"

    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=16, choices=Name, default=Name.PRODUCTION)
    version = models.ForeignKey(PromptVersion, on_delete=models.PROTECT, related_name="aliases")
    epoch = models.PositiveIntegerField(default=1, help_text="Rises by one with every move.")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "aliases"
        constraints = [
            models.UniqueConstraint(fields=["prompt", "name"], name="alias_once_per_prompt")
        ]

    def __str__(self) -> str:
        return f"{self.prompt.name} {self.name}"


class Deployment(models.Model):
    """One move of an alias: append-only, the database refuses to change one."""

    class Kind(models.TextChoices):
        INITIAL = "initial", "First version"
        PROMOTE = "promote", "Promoted"
        OVERRIDE = "override", "Promoted without a pass"
        ROLLBACK = "rollback", "Rolled back"

    class InFlight(models.TextChoices):
        """What happens to answers that are being written when a version goes."""

        DRAIN = "drain", "They end as they began"
        RESTART = "restart", "They begin anew on the restored version"
        STOP = "stop", "They are broken off"

    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="deployments")
    alias = models.CharField(max_length=16, choices=Alias.Name)
    kind = models.CharField(max_length=16, choices=Kind)
    from_version = models.ForeignKey(
        PromptVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    to_version = models.ForeignKey(PromptVersion, on_delete=models.PROTECT, related_name="+")
    epoch = models.PositiveIntegerField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)
    evaluation = models.ForeignKey(
        "EvaluationRun",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The run that let it pass.",
    )
    override = models.ForeignKey(
        "Override", null=True, blank=True, on_delete=models.PROTECT, related_name="deployments"
    )
    in_flight = models.CharField(
        max_length=8, choices=InFlight, default=InFlight.DRAIN, db_default=InFlight.DRAIN
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at", "-epoch"]
        constraints = [
            models.UniqueConstraint(
                fields=["prompt", "alias", "epoch"], name="deployment_epoch_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.prompt.name} {self.alias} → v{self.to_version.number}"
