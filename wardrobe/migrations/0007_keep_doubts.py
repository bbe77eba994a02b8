import django.contrib.postgres.fields
from django.db import migrations, models

FIND_DOUBTS = """
UPDATE wardrobe_garment AS garment SET doubts = (
    SELECT coalesce(array_agg(field ORDER BY field), '{}')
    FROM unnest(ARRAY['colours', 'type']::varchar(32)[]) AS field
    WHERE coalesce((garment.confidence ->> field)::float, 0)
        < coalesce((version.bundle -> 'parameters' -> 'review_below' ->> field)::float, 0.6)
)
FROM registry_inferencecall AS call
JOIN registry_promptversion AS version ON version.id = call.version_id
WHERE call.id = garment.call_id AND garment.status IN ('needs_review', 'archived')
"""
LET_GO = """
UPDATE wardrobe_garment SET status = 'ready'
WHERE status = 'needs_review' AND doubts <@ edited_fields
"""


class Migration(migrations.Migration):
    """Columns with defaults of the database's: the table is not written again, and old code may insert.

    Of the garments that wait for a look, or were put away, what was doubted follows from the version that described
    them. Those that nothing is doubted of wait no longer.
    """

    dependencies = [
        ("registry", "0001_create_versions_and_verdicts"),
        ("wardrobe", "0006_log_wears"),
    ]

    operations = [
        migrations.AddField(
            model_name="garment",
            name="doubts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.SlugField(max_length=32),
                blank=True,
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="garment",
            name="set_aside",
            field=models.JSONField(
                blank=True, db_default=models.Value({}, models.JSONField()), default=dict
            ),
        ),
        migrations.RunSQL(FIND_DOUBTS, migrations.RunSQL.noop),
        migrations.RunSQL(LET_GO, migrations.RunSQL.noop),
    ]
