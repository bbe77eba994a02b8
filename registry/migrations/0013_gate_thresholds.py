"""What a version must reach is set per prompt, by superusers, in rows that are never changed.

The gate in the database reads the newest row, as `registry/thresholds.py` does.
"""

from importlib import import_module

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

GATE = """
CREATE OR REPLACE FUNCTION registry_explain_not_passed(candidate bigint) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    version registry_promptversion;
    golden record;
    judged bigint;
    found record;
    slice record;
    datasets integer := 0;
BEGIN
    SELECT * INTO version FROM registry_promptversion WHERE id = candidate;
    FOR golden IN
        SELECT d.name, v.id, v.number,
            coalesce(t.accuracy, (v.thresholds->>'accuracy')::float8, 0.95) AS accuracy,
            coalesce(t.validity, 1.0) AS validity,
            coalesce(t.slice_floor, (v.thresholds->>'slice_floor')::float8, 0.85) AS slice_floor,
            coalesce(t.slice_floors, v.thresholds->'slice_floors') AS slice_floors
        FROM registry_dataset d JOIN registry_datasetversion v ON v.id = d.current_id
        LEFT JOIN LATERAL (
            SELECT * FROM registry_gatethresholds g WHERE g.prompt_id = d.prompt_id
            ORDER BY g.created_at DESC, g.id DESC LIMIT 1
        ) t ON true
        WHERE d.prompt_id = version.prompt_id
    LOOP
        datasets := datasets + 1;

        -- The newest whole evaluation on the current examples by the engine that the version names.
        SELECT e.id INTO judged FROM registry_evaluationrun e
        WHERE e.version_id = candidate AND e.dataset_version_id = golden.id
            AND e.ending = 'completed' AND e.engine = version.bundle->>'engine'
        ORDER BY e.started_at DESC, e.id DESC LIMIT 1;
        IF judged IS NULL THEN
            RETURN format('no evaluation on %s %s has been completed', golden.name, golden.number);
        END IF;

        SELECT count(*) AS asked, sum(r.correct)::float8 AS correct, sum(r.total) AS total,
            count(*) FILTER (WHERE r.output IS NULL) AS broken,
            count(*) FILTER (WHERE r.violations @> '[{"code": "unowned_item"}]') AS unowned
        INTO found FROM registry_exampleresult r WHERE r.run_id = judged;
        IF found.asked < (
            SELECT count(*) FROM registry_example x WHERE x.dataset_version_id = golden.id
        ) THEN
            RETURN format('not every example of %s %s was asked', golden.name, golden.number);
        ELSIF found.asked > 0
            AND (found.asked - found.broken)::float8 / found.asked < golden.validity
        THEN
            RETURN format('%s answers are not well-formed', found.broken);
        ELSIF found.unowned > 0 THEN
            RETURN format('%s answers name things that were not offered', found.unowned);
        ELSIF found.total > 0 AND found.correct / found.total < golden.accuracy THEN
            RETURN format('%s of %s fields are right, not %s of them',
                found.correct, found.total, golden.accuracy);
        END IF;

        SELECT s.name, sum(r.correct)::float8 / sum(r.total) AS share INTO slice
        FROM registry_exampleresult r JOIN registry_example x ON x.id = r.example_id,
            jsonb_array_elements_text(x.slices) AS s(name)
        WHERE r.run_id = judged
        GROUP BY s.name
        HAVING sum(r.total) > 0 AND sum(r.correct)::float8 / sum(r.total)
            < coalesce((golden.slice_floors->>s.name)::float8, golden.slice_floor)
        LIMIT 1;
        IF slice.name IS NOT NULL THEN
            RETURN format('slice %s is below its floor', slice.name);
        END IF;
    END LOOP;
    RETURN CASE WHEN datasets = 0 THEN 'its prompt has no golden dataset' ELSE '' END;
END $$;
"""

# Replacing a function loses its settings; see 0008 for why it has this one.
SEARCH_PATH = """
DO $$
BEGIN
    EXECUTE format(
        'ALTER FUNCTION registry_explain_not_passed(bigint) SET search_path = %I, pg_temp',
        current_schema()
    );
END $$;
"""

FORMER_GATE = import_module("registry.migrations.0008_guard_what_goes_live").GATE.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0012_api_tokens"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accuracy__range", (0, 1)),
                            ("slice_floor__range", (0, 1)),
                            ("validity__range", (0, 1)),
                        ),
                        name="thresholds_are_shares",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="thresholds_say_why"
                    ),
                ],
            },
        ),
        migrations.RunSQL(GATE + SEARCH_PATH, FORMER_GATE + SEARCH_PATH),
    ]
