-- What became of an alert stays as it was written.

CREATE TRIGGER monitoring_alerttransition_append_only BEFORE UPDATE OR DELETE ON monitoring_alerttransition
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_change();
ALTER TABLE monitoring_alerttransition ENABLE ALWAYS TRIGGER monitoring_alerttransition_append_only;
