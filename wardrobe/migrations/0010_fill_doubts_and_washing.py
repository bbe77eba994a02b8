from django.db import migrations

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
COUNT_WASHING = "UPDATE wardrobe_garment SET washing = quantity WHERE in_wash"


class Migration(migrations.Migration):
    """Of the garments that wait for a look, or were put away, what was doubted follows from the version that described
    them; those that nothing is doubted of wait no longer. All of what is in the wash is.

    Apart from the columns, whose lock would last as long as this writes.
    """

    dependencies = [
        ("registry", "0001_create_versions_and_verdicts"),
        ("wardrobe", "0009_index_described"),
    ]

    operations = [
        migrations.RunSQL(FIND_DOUBTS, migrations.RunSQL.noop),
        migrations.RunSQL(LET_GO, migrations.RunSQL.noop),
        migrations.RunSQL(COUNT_WASHING, migrations.RunSQL.noop),
    ]
