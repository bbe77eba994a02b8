from django.db import migrations, models

FILL = """
WITH failed AS (
    SELECT
        c.finished_at,
        c.task,
        c.version_id,
        c.engine,
        CASE s.is_candidate WHEN true THEN 'candidate' WHEN false THEN 'live' ELSE '' END AS side,
        c.error_code
    FROM registry_inferencecall c
    LEFT JOIN registry_canarycall s ON s.call_id = c.id
    WHERE c.outcome = 'failed' AND c.subject NOT LIKE 'example:%' AND c.subject NOT LIKE 'probe:%'
), counted AS (
    SELECT grain, starts_at, task, version_id, engine, side, error_code, count(*) AS n
    FROM failed
    CROSS JOIN LATERAL (
        VALUES
            ('5m', date_bin('5 minutes', finished_at, 'epoch')),
            ('1h', date_trunc('hour', finished_at, 'UTC')),
            ('1d', date_trunc('day', finished_at, 'UTC'))
    ) AS period(grain, starts_at)
    GROUP BY grain, starts_at, task, version_id, engine, side, error_code
), held AS (
    SELECT grain, starts_at, task, version_id, engine, side, jsonb_object_agg(error_code, n) AS errors
    FROM counted
    GROUP BY grain, starts_at, task, version_id, engine, side
)
UPDATE monitoring_rollup r SET errors = held.errors
FROM held
WHERE (r.grain, r.starts_at, r.task, r.version_id, r.engine, r.side)
    = (held.grain, held.starts_at, held.task, held.version_id, held.engine, held.side)
"""
"""From the calls that are kept. Those that were removed failed with codes that nobody knows any more."""


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0007_keep_reviewed_accuracy"),
        ("registry", "0007_collect_examples"),
    ]

    operations = [
        migrations.AddField(
            model_name="rollup",
            name="errors",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="Failed calls, by error code.",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
