"""Canaries: a share of the wearers on a version that may go live, once per prompt; the database guards them.

A candidate passes the gate that a promotion passes, so that no way of writing the row leads around it, and what
has ended stays as it ended.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION registry_guard_canary() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unfinished text[] := '{state,evidence,calls,live_calls,checked_at,ended_at,ended_by_id,ending}';
    live bigint;
    failure text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a canary is ended, never deleted' USING ERRCODE = 'restrict_violation';
    ELSIF TG_OP = 'UPDATE' THEN
        IF OLD.state <> 'running' THEN
            RAISE EXCEPTION 'canary % has ended: it stays as it is', OLD.id
                USING ERRCODE = 'restrict_violation';
        ELSIF (to_jsonb(NEW) - unfinished) <> (to_jsonb(OLD) - unfinished) THEN
            RAISE EXCEPTION 'a canary can only be watched and ended' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;

    SELECT a.version_id INTO live FROM registry_alias a
    WHERE a.prompt_id = NEW.prompt_id AND a.name = 'production';
    IF NEW.state <> 'running' THEN
        RAISE EXCEPTION 'a canary begins by running' USING ERRCODE = 'restrict_violation';
    ELSIF NOT EXISTS (
        SELECT FROM registry_promptversion v WHERE v.id = NEW.version_id AND v.prompt_id = NEW.prompt_id
    ) THEN
        RAISE EXCEPTION 'version % is of another prompt', NEW.version_id
            USING ERRCODE = 'restrict_violation';
    ELSIF live IS NULL OR live <> NEW.live_version_id OR live = NEW.version_id THEN
        RAISE EXCEPTION 'a canary is compared with the live version, which is another one'
            USING ERRCODE = 'restrict_violation';
    ELSIF EXISTS (
        SELECT FROM registry_deployment d
        WHERE d.prompt_id = NEW.prompt_id AND d.alias = 'production' AND d.to_version_id = NEW.version_id
    ) THEN
        RETURN NEW; -- It was live before.
    ELSIF EXISTS (
        SELECT FROM registry_override o WHERE o.version_id = NEW.version_id AND o.expires_at > now()
    ) THEN
        RETURN NEW;
    END IF;
    failure := registry_explain_not_passed(NEW.version_id);
    IF failure <> '' THEN
        RAISE EXCEPTION 'version % may not answer wearers: %', NEW.version_id, failure
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER registry_canary_guarded BEFORE INSERT OR UPDATE OR DELETE ON registry_canary
    FOR EACH ROW EXECUTE FUNCTION registry_guard_canary();
ALTER TABLE registry_canary ENABLE ALWAYS TRIGGER registry_canary_guarded;

-- A temporary table is found first unless it is named last: one called like ours would answer for it.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION registry_guard_canary() SET search_path = %I, pg_temp', current_schema());
END $$;
"""

DROP = """
DROP TRIGGER registry_canary_guarded ON registry_canary;
DROP FUNCTION registry_guard_canary();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0008_guard_what_goes_live"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Canary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("share", models.FloatField(help_text="Of the wearers, above 0 and up to 0.5.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("promoted", "Promoted"),
                            ("reverted", "Reverted by itself"),
                            ("stopped", "Stopped"),
                        ],
                        default="running",
                        max_length=16,
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "started_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("evidence", models.JSONField(blank=True, default=dict)),
                (
                    "calls",
                    models.PositiveIntegerField(
                        default=0, help_text="Of the candidate, when last checked."
                    ),
                ),
                (
                    "live_calls",
                    models.PositiveIntegerField(
                        default=0, help_text="Of the live version meanwhile, when last checked."
                    ),
                ),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ending", models.TextField(blank=True, help_text="Why it ended.")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "evaluation",
                    models.ForeignKey(
                        blank=True,
                        help_text="The run that let it pass.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.evaluationrun",
                    ),
                ),
                (
                    "live_version",
                    models.ForeignKey(
                        help_text="What was live when it began: the one it is compared with.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.promptversion",
                    ),
                ),
                (
                    "prompt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="canaries",
                        to="registry.prompt",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="canaries",
                        to="registry.promptversion",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "canaries",
                "ordering": ["-started_at"],
            },
        ),
        migrations.CreateModel(
            name="CanaryCall",
            fields=[
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="canary_call",
                        serialize=False,
                        to="registry.inferencecall",
                    ),
                ),
                ("wearer", models.BigIntegerField()),
                ("is_candidate", models.BooleanField()),
                (
                    "canary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="registry.canary",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="canary",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")),
                fields=("prompt",),
                name="canary_running_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="canary",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__gt", 0), ("share__lte", 0.5)),
                name="canary_share_is_small",
            ),
        ),
        migrations.AddConstraint(
            model_name="canary",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="canary_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="canary",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ending", ""), ("state", "running")),
                    models.Q(
                        models.Q(("state", "running"), _negated=True),
                        ("ended_at__isnull", False),
                        models.Q(("ending", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="canary_ending_is_whole",
            ),
        ),
        migrations.RunSQL(GUARD, DROP),
    ]
