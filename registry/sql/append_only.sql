-- What a version says, what was asked of it and who decided what stays as it was written.
-- Enabled ALWAYS, as all triggers here: session_replication_role = replica passes by the others.

CREATE FUNCTION registry_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: make a new row instead', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER registry_promptversion_append_only BEFORE UPDATE OR DELETE ON registry_promptversion
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE registry_promptversion ENABLE ALWAYS TRIGGER registry_promptversion_append_only;

CREATE TRIGGER registry_deployment_append_only BEFORE UPDATE OR DELETE ON registry_deployment
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE registry_deployment ENABLE ALWAYS TRIGGER registry_deployment_append_only;

CREATE TRIGGER registry_datasetversion_append_only BEFORE UPDATE OR DELETE ON registry_datasetversion
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE registry_datasetversion ENABLE ALWAYS TRIGGER registry_datasetversion_append_only;

CREATE TRIGGER registry_example_append_only BEFORE UPDATE OR DELETE ON registry_example
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE registry_example ENABLE ALWAYS TRIGGER registry_example_append_only;

CREATE TRIGGER registry_exampleresult_append_only BEFORE UPDATE OR DELETE ON registry_exampleresult
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE registry_exampleresult ENABLE ALWAYS TRIGGER registry_exampleresult_append_only;

CREATE TRIGGER registry_override_append_only BEFORE UPDATE OR DELETE ON registry_override
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE registry_override ENABLE ALWAYS TRIGGER registry_override_append_only;

CREATE TRIGGER registry_gatethresholds_append_only BEFORE UPDATE OR DELETE ON registry_gatethresholds
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE registry_gatethresholds ENABLE ALWAYS TRIGGER registry_gatethresholds_append_only;

CREATE TRIGGER registry_datasetchange_append_only BEFORE UPDATE OR DELETE ON registry_datasetchange
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE registry_datasetchange ENABLE ALWAYS TRIGGER registry_datasetchange_append_only;

CREATE TRIGGER registry_verdict_append_only BEFORE UPDATE OR DELETE ON registry_verdict
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE registry_verdict ENABLE ALWAYS TRIGGER registry_verdict_append_only;
