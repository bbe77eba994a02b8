import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import registry.models.datasets


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InferenceCall",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("trace_id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ("task", models.CharField(max_length=64)),
                (
                    "epoch",
                    models.PositiveIntegerField(help_text="The alias's epoch when the call began."),
                ),
                (
                    "subject",
                    models.CharField(
                        help_text="The row it was made for, e.g. photo:ID.", max_length=80
                    ),
                ),
                ("input_sha256", models.CharField(max_length=64)),
                (
                    "engine",
                    models.CharField(
                        blank=True,
                        help_text="The engine that answered, or was asked last.",
                        max_length=32,
                    ),
                ),
                ("model", models.CharField(blank=True, max_length=200)),
                ("seed", models.BigIntegerField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("succeeded", "Succeeded"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                            ("superseded", "Superseded"),
                        ],
                        max_length=16,
                        null=True,
                    ),
                ),
                ("error_code", models.CharField(blank=True, max_length=64)),
                ("error", models.TextField(blank=True)),
                ("finish_reason", models.CharField(blank=True, max_length=32)),
                ("output", models.JSONField(null=True)),
                ("violations", models.JSONField(default=list)),
                ("input_tokens", models.PositiveIntegerField(null=True)),
                ("output_tokens", models.PositiveIntegerField(null=True)),
                ("ttft_ms", models.FloatField(null=True, verbose_name="time to first token (ms)")),
                ("latency_ms", models.FloatField(null=True, verbose_name="latency (ms)")),
                (
                    "started_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), db_index=True
                    ),
                ),
                (
                    "heartbeat_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-started_at"],
            },
        ),
        migrations.CreateModel(
            name="Dataset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.SlugField(max_length=64)),
                (
                    "source_sha256",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="Of the files that were imported last: the same ones are not read again.",
                        max_length=64,
                    ),
                ),
            ],
            options={
                "ordering": ["prompt", "name"],
            },
        ),
        migrations.CreateModel(
            name="Prompt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.SlugField(help_text="The name of its task.", max_length=64, unique=True),
                ),
                ("description", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["name"],
                "permissions": [
                    ("evaluate_prompt", "Can evaluate versions of a prompt"),
                    ("promote_prompt", "Can promote a version that has passed"),
                    ("roll_back_prompt", "Can roll a prompt back"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DatasetVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("thresholds", models.JSONField(blank=True, default=dict)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="registry.dataset",
                    ),
                ),
            ],
            options={
                "ordering": ["dataset", "-number"],
            },
        ),
        migrations.CreateModel(
            name="DatasetChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
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
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="registry.dataset",
                    ),
                ),
                (
                    "from_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.datasetversion",
                    ),
                ),
                (
                    "to_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.datasetversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="dataset",
            name="current",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.datasetversion",
            ),
        ),
        migrations.CreateModel(
            name="EvaluationRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("engine", models.CharField(help_text="The engine that was asked.", max_length=32)),
                (
                    "repeats",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="How often each example is asked."
                    ),
                ),
                (
                    "started_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "heartbeat_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                            ("lost", "Lost"),
                        ],
                        max_length=16,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
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
                    "dataset_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="registry.datasetversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-started_at"],
            },
        ),
        migrations.CreateModel(
            name="Example",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ordinal", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=200)),
                ("sha256", models.CharField(db_index=True, max_length=64, verbose_name="SHA-256")),
                ("input", models.JSONField()),
                ("expected", models.JSONField()),
                ("slices", models.JSONField(blank=True, default=list)),
                (
                    "file",
                    models.FileField(
                        blank=True, max_length=200, upload_to=registry.models.datasets.example_path
                    ),
                ),
                (
                    "dataset_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="examples",
                        to="registry.datasetversion",
                    ),
                ),
            ],
            options={
                "ordering": ["dataset_version", "ordinal"],
            },
        ),
        migrations.CreateModel(
            name="ExampleResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                ("output", models.JSONField(null=True)),
                ("error_code", models.CharField(blank=True, max_length=64)),
                ("error", models.TextField(blank=True)),
                ("violations", models.JSONField(blank=True, default=list)),
                ("fields", models.JSONField(default=list)),
                ("correct", models.PositiveIntegerField()),
                ("total", models.PositiveIntegerField()),
                ("wanted", models.PositiveIntegerField(default=0)),
                ("answered", models.PositiveIntegerField(default=0)),
                ("matched", models.PositiveIntegerField(default=0)),
                ("latency_ms", models.FloatField(null=True, verbose_name="latency (ms)")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "call",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.inferencecall",
                    ),
                ),
                (
                    "example",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="registry.example",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="registry.evaluationrun",
                    ),
                ),
            ],
            options={
                "ordering": ["run", "example__ordinal", "attempt"],
            },
        ),
        migrations.CreateModel(
            name="GateThresholds",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("accuracy", models.FloatField(help_text="Of all fields that are right.")),
                ("validity", models.FloatField(help_text="Of the answers that are well-formed.")),
                (
                    "slice_floor",
                    models.FloatField(help_text="Of the fields that are right in each slice."),
                ),
                (
                    "slice_floors",
                    models.JSONField(
                        blank=True, default=dict, help_text="Of slices that have their own."
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
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
                    "prompt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="thresholds",
                        to="registry.prompt",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "gate thresholds",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="dataset",
            name="prompt",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="datasets",
                to="registry.prompt",
            ),
        ),
        migrations.CreateModel(
            name="PromptVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("bundle", models.JSONField()),
                (
                    "notes",
                    models.CharField(
                        blank=True, help_text="What changed, and why.", max_length=300
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("file", "File"), ("admin", "Admin"), ("api", "API")],
                        default="file",
                        max_length=8,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "prompt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="registry.prompt",
                    ),
                ),
            ],
            options={
                "ordering": ["prompt", "-number"],
            },
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("expires_at", models.DateTimeField(help_text="After this it lets nothing pass.")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        help_text="A superuser; empty when this release cannot run the live version any more.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="registry.promptversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
            },
        ),
        migrations.AddField(
            model_name="inferencecall",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calls",
                to="registry.promptversion",
            ),
        ),
        migrations.AddField(
            model_name="evaluationrun",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evaluations",
                to="registry.promptversion",
            ),
        ),
        migrations.CreateModel(
            name="Deployment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("alias", models.CharField(choices=[("production", "Production")], max_length=16)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("initial", "First version"),
                            ("promote", "Promoted"),
                            ("override", "Promoted without a pass"),
                            ("rollback", "Rolled back"),
                        ],
                        max_length=16,
                    ),
                ),
                ("epoch", models.PositiveIntegerField()),
                ("reason", models.TextField(blank=True)),
                (
                    "in_flight",
                    models.CharField(
                        choices=[
                            ("drain", "They end as they began"),
                            ("restart", "They begin anew on the restored version"),
                            ("stop", "They are broken off"),
                        ],
                        db_default="drain",
                        default="drain",
                        max_length=8,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "actor",
                    models.ForeignKey(
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
                    "override",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deployments",
                        to="registry.override",
                    ),
                ),
                (
                    "prompt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deployments",
                        to="registry.prompt",
                    ),
                ),
                (
                    "from_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.promptversion",
                    ),
                ),
                (
                    "to_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.promptversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-epoch"],
            },
        ),
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
                    "prompt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="canaries",
                        to="registry.prompt",
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
            name="Alias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        choices=[("production", "Production")], default="production", max_length=16
                    ),
                ),
                (
                    "epoch",
                    models.PositiveIntegerField(
                        default=1, help_text="Rises by one with every move."
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "prompt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aliases",
                        to="registry.prompt",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aliases",
                        to="registry.promptversion",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "aliases",
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(help_text="What it is for.", max_length=100)),
                (
                    "sha256",
                    models.CharField(
                        editable=False, max_length=64, unique=True, verbose_name="SHA-256"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "last_used_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="To the minute, for not every request writes it.",
                        null=True,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "API token",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="api_token_expires",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="api_token_has_a_name"
                    ),
                ],
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
            model_name="datasetversion",
            constraint=models.UniqueConstraint(
                fields=("dataset", "number"), name="dataset_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="datasetversion",
            constraint=models.UniqueConstraint(
                fields=("dataset", "sha256"), name="dataset_content_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="example",
            constraint=models.UniqueConstraint(
                fields=("dataset_version", "key"), name="example_key_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="exampleresult",
            constraint=models.UniqueConstraint(
                fields=("run", "example", "attempt"), name="result_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="exampleresult",
            constraint=models.CheckConstraint(
                condition=models.Q(("attempt__gte", 1)), name="attempt_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="exampleresult",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("correct__lte", models.F("total")),
                    ("matched__lte", models.F("wanted")),
                    ("matched__lte", models.F("answered")),
                ),
                name="result_counts_agree",
            ),
        ),
        migrations.AddConstraint(
            model_name="gatethresholds",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accuracy__range", (0, 1)),
                    ("slice_floor__range", (0, 1)),
                    ("validity__range", (0, 1)),
                ),
                name="thresholds_are_shares",
            ),
        ),
        migrations.AddConstraint(
            model_name="gatethresholds",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="thresholds_say_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="dataset",
            constraint=models.UniqueConstraint(fields=("prompt", "name"), name="dataset_name_once"),
        ),
        migrations.AddConstraint(
            model_name="promptversion",
            constraint=models.UniqueConstraint(
                fields=("prompt", "number"), name="version_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="promptversion",
            constraint=models.UniqueConstraint(
                fields=("prompt", "sha256"), name="version_content_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("created_at"))),
                name="override_expires",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="override_says_why"
            ),
        ),
        migrations.AddIndex(
            model_name="inferencecall",
            index=models.Index(
                models.F("task"),
                models.OrderBy(models.F("started_at"), descending=True),
                name="call_task_started",
            ),
        ),
        migrations.AddIndex(
            model_name="inferencecall",
            index=models.Index(
                models.F("heartbeat_at"),
                condition=models.Q(("outcome__isnull", True)),
                name="call_unfinished",
            ),
        ),
        migrations.AddConstraint(
            model_name="inferencecall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("finished_at__isnull", True),
                        ("outcome__isnull", True),
                        ("output__isnull", True),
                    ),
                    models.Q(
                        ("finished_at__isnull", False),
                        ("outcome", "succeeded"),
                        ("output__isnull", False),
                    ),
                    models.Q(
                        ("outcome__in", ["failed", "cancelled", "superseded"]),
                        ("output__isnull", True),
                        ("finished_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="call_outcome_is_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="evaluationrun",
            index=models.Index(fields=["version", "dataset_version"], name="evaluation_of_version"),
        ),
        migrations.AddConstraint(
            model_name="evaluationrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ending", "")),
                    models.Q(models.Q(("ending", ""), _negated=True), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="evaluation_ending_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="deployment",
            constraint=models.UniqueConstraint(
                fields=("prompt", "alias", "epoch"), name="deployment_epoch_once"
            ),
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
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.UniqueConstraint(
                fields=("prompt", "name"), name="alias_once_per_prompt"
            ),
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("engine", models.CharField(help_text="The engine that answered.", max_length=32)),
                ("passed", models.BooleanField()),
                (
                    "failures",
                    models.JSONField(blank=True, default=list, help_text="In sentences, why not."),
                ),
                ("figures", models.JSONField(blank=True, default=dict)),
                (
                    "thresholds",
                    models.JSONField(blank=True, default=dict, help_text="What it had to reach."),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "compared_with",
                    models.ForeignKey(
                        blank=True,
                        help_text="The version that was live, where it had answered the same.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.promptversion",
                    ),
                ),
                (
                    "dataset_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="registry.datasetversion",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="registry.evaluationrun",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="registry.promptversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(
                        models.F("version"),
                        models.F("engine"),
                        models.OrderBy(models.F("created_at"), descending=True),
                        name="verdict_of_version",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("failures", []), ("passed", True)),
                            models.Q(("passed", False), models.Q(("failures", []), _negated=True)),
                            _connector="OR",
                        ),
                        name="verdict_says_why",
                    )
                ],
            },
        ),
    ]
