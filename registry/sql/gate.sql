-- Which versions may go live: so the admin, a shell, loaddata, COPY and SQL by hand meet the same gate. Verdicts are
-- stored once (verdicts.sql); nothing is counted here. The service says it first, in better words.

-- One same engine has a passed verdict, its newest, on the current examples of every dataset of the prompt.
CREATE FUNCTION registry_has_passed(candidate bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    WITH golden AS (
        SELECT d.current_id AS id
        FROM registry_dataset d JOIN registry_promptversion v ON v.prompt_id = d.prompt_id
        WHERE v.id = candidate AND d.current_id IS NOT NULL
    ), newest AS (
        SELECT DISTINCT ON (n.engine, n.dataset_version_id) n.engine, n.dataset_version_id, n.passed
        FROM registry_verdict n JOIN golden ON golden.id = n.dataset_version_id
        WHERE n.version_id = candidate
        ORDER BY n.engine, n.dataset_version_id, n.created_at DESC, n.id DESC
    )
    SELECT EXISTS (
        SELECT FROM newest GROUP BY engine
        HAVING bool_and(passed) AND count(*) = (SELECT count(*) FROM golden)
    );
$$;

-- When a version was taken back last, or followed by another one: NULL for one that never was.
CREATE FUNCTION registry_left_at(candidate bigint) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT max(m.created_at) FROM registry_deployment m
    WHERE m.from_version_id = candidate AND m.alias = 'production';
$$;

-- It was live, and stood as passed with one same engine when it went: by the newest verdict on each dataset then.
CREATE FUNCTION registry_passed_when_live(candidate bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    WITH stood AS (
        SELECT DISTINCT ON (n.engine, g.dataset_id) n.engine, n.passed
        FROM registry_verdict n JOIN registry_datasetversion g ON g.id = n.dataset_version_id
        WHERE n.version_id = candidate AND n.created_at < registry_left_at(candidate)
        ORDER BY n.engine, g.dataset_id, g.number DESC, n.created_at DESC, n.id DESC
    )
    SELECT EXISTS (SELECT FROM stood GROUP BY engine HAVING bool_and(passed));
$$;

-- An override lets its version go live, and is used up once the version goes: it comes back under a new one.
CREATE FUNCTION registry_has_override(candidate bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT EXISTS (
        SELECT FROM registry_override o
        WHERE o.version_id = candidate AND o.expires_at > now()
            AND o.created_at >= coalesce(registry_left_at(candidate), '-infinity')
    );
$$;
