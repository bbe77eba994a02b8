-- What a finished call answered is never rewritten; and what row triggers guard is not emptied past them, for TRUNCATE
-- fires none of those.

CREATE FUNCTION registry_keep_output() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'call % has ended: its answer stays, or is removed', OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER registry_inferencecall_keep_output BEFORE UPDATE ON registry_inferencecall
    FOR EACH ROW WHEN (
        OLD.outcome IS NOT NULL AND NEW.output IS NOT NULL AND NEW.output IS DISTINCT FROM OLD.output
    ) EXECUTE FUNCTION registry_keep_output();
ALTER TABLE registry_inferencecall ENABLE ALWAYS TRIGGER registry_inferencecall_keep_output;

CREATE FUNCTION registry_refuse_truncate() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION '% is not emptied', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER registry_alias_no_truncate BEFORE TRUNCATE ON registry_alias
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE registry_alias ENABLE ALWAYS TRIGGER registry_alias_no_truncate;

CREATE TRIGGER registry_canary_no_truncate BEFORE TRUNCATE ON registry_canary
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE registry_canary ENABLE ALWAYS TRIGGER registry_canary_no_truncate;

CREATE TRIGGER registry_collectedexample_no_truncate BEFORE TRUNCATE ON registry_collectedexample
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE registry_collectedexample ENABLE ALWAYS TRIGGER registry_collectedexample_no_truncate;

CREATE TRIGGER registry_dataset_no_truncate BEFORE TRUNCATE ON registry_dataset
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE registry_dataset ENABLE ALWAYS TRIGGER registry_dataset_no_truncate;

CREATE TRIGGER registry_datasetchange_no_truncate BEFORE TRUNCATE ON registry_datasetchange
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE registry_datasetchange ENABLE ALWAYS TRIGGER registry_datasetchange_no_truncate;

CREATE TRIGGER registry_datasetversion_no_truncate BEFORE TRUNCATE ON registry_datasetversion
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE registry_datasetversion ENABLE ALWAYS TRIGGER registry_datasetversion_no_truncate;

CREATE TRIGGER registry_deployment_no_truncate BEFORE TRUNCATE ON registry_deployment
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE registry_deployment ENABLE ALWAYS TRIGGER registry_deployment_no_truncate;

CREATE TRIGGER registry_evaluationrun_no_truncate BEFORE TRUNCATE ON registry_evaluationrun
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE registry_evaluationrun ENABLE ALWAYS TRIGGER registry_evaluationrun_no_truncate;

CREATE TRIGGER registry_example_no_truncate BEFORE TRUNCATE ON registry_example
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE registry_example ENABLE ALWAYS TRIGGER registry_example_no_truncate;

CREATE TRIGGER registry_exampleresult_no_truncate BEFORE TRUNCATE ON registry_exampleresult
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE registry_exampleresult ENABLE ALWAYS TRIGGER registry_exampleresult_no_truncate;

CREATE TRIGGER registry_gatethresholds_no_truncate BEFORE TRUNCATE ON registry_gatethresholds
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE registry_gatethresholds ENABLE ALWAYS TRIGGER registry_gatethresholds_no_truncate;

CREATE TRIGGER registry_inferencecall_no_truncate BEFORE TRUNCATE ON registry_inferencecall
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE registry_inferencecall ENABLE ALWAYS TRIGGER registry_inferencecall_no_truncate;

CREATE TRIGGER registry_override_no_truncate BEFORE TRUNCATE ON registry_override
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE registry_override ENABLE ALWAYS TRIGGER registry_override_no_truncate;

CREATE TRIGGER registry_promptversion_no_truncate BEFORE TRUNCATE ON registry_promptversion
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE registry_promptversion ENABLE ALWAYS TRIGGER registry_promptversion_no_truncate;

CREATE TRIGGER registry_verdict_no_truncate BEFORE TRUNCATE ON registry_verdict
    FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse_truncate();
ALTER TABLE registry_verdict ENABLE ALWAYS TRIGGER registry_verdict_no_truncate;
