"""A call has exactly one outcome: once written, the database refuses another."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION registry_keep_outcome() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'call % has ended: it keeps the outcome %', OLD.id, OLD.outcome
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER registry_inferencecall_keep_outcome BEFORE UPDATE ON registry_inferencecall
    FOR EACH ROW WHEN (OLD.outcome IS NOT NULL AND NEW.outcome IS DISTINCT FROM OLD.outcome)
    EXECUTE FUNCTION registry_keep_outcome();
ALTER TABLE registry_inferencecall ENABLE ALWAYS TRIGGER registry_inferencecall_keep_outcome;
"""

DROP = """
DROP TRIGGER registry_inferencecall_keep_outcome ON registry_inferencecall;
DROP FUNCTION registry_keep_outcome();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_refuse_changes")]

    operations = [migrations.RunSQL(FUNCTION, DROP)]
