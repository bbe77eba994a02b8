-- What is guarded row by row is not emptied at once (registry/sql/whole_tables.sql).

CREATE TRIGGER monitoring_alerttransition_no_truncate BEFORE TRUNCATE ON monitoring_alerttransition
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE monitoring_alerttransition ENABLE ALWAYS TRIGGER monitoring_alerttransition_no_truncate;
