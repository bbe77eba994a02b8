"""The SQL that counts calls into rollups, and rollups into those of a larger grain.

Both statements say what is in a period in three relations, `counts`, `bins` and `named`, each by
`KEY`; `INSERT` makes rows of them. In `named` are the numbers of each column that holds some by name. All figures are whole numbers and no order is left to chance, so that
the same calls always give the same rows.
"""

from monitoring.figures.buckets import PER_OCTAVE, SMALLEST_MS

KEY = "starts_at, task, version_id, engine, side"

COUNTED = (
    "calls, succeeded, failed, stopped, within_goal, shown_with_fault, stopped_by_check,"
    " input_tokens, output_tokens"
)

METRICS = ("latency", "first_word", "word_gap", "queue_wait")
"""Times that are held as histograms: each as the columns `_first` and `_counts`."""

NAMED = ("shown", "withheld", "errors", "step_calls", "step_us")
"""Columns of numbers by name: of violations, of failures and of steps."""

COUNT_CALLS = f"""
WITH goals AS (
    SELECT * FROM unnest(%(tasks)s::text[], %(goals_ms)s::float8[]) AS goal(task, goal_ms)
), ended AS MATERIALIZED (
    SELECT
        date_bin('5 minutes', c.finished_at, 'epoch') AS starts_at,
        c.task,
        c.version_id,
        c.engine,
        CASE s.is_candidate WHEN true THEN 'candidate' WHEN false THEN 'live' ELSE '' END AS side,
        c.outcome,
        c.error_code,
        c.violations,
        c.input_tokens,
        c.output_tokens,
        c.latency_ms,
        c.ttft_ms,
        c.steps_ms,
        c.latency_ms <= coalesce(goals.goal_ms, 'infinity') AS is_within_goal,
        (c.latency_ms - c.ttft_ms) / nullif(greatest(c.output_tokens - 1, 0), 0) AS word_gap_ms
    FROM registry_inferencecall c
    LEFT JOIN registry_canarycall s ON s.call_id = c.id
    LEFT JOIN goals ON goals.task = c.task
    WHERE c.finished_at >= %(since)s AND c.finished_at < %(until)s
    AND c.subject NOT LIKE ALL(%(examples)s::text[])
), counts AS (
    SELECT
        {KEY},
        count(*) AS calls,
        count(*) FILTER (WHERE outcome = 'succeeded') AS succeeded,
        count(*) FILTER (WHERE outcome = 'failed') AS failed,
        count(*) FILTER (WHERE outcome IN ('cancelled', 'superseded')) AS stopped,
        count(*) FILTER (WHERE outcome = 'succeeded' AND is_within_goal) AS within_goal,
        count(*) FILTER (WHERE violations @> '[{{"shown": true}}]') AS shown_with_fault,
        count(*) FILTER (WHERE violations @> '[{{"shown": false}}]') AS stopped_by_check,
        coalesce(sum(input_tokens), 0) AS input_tokens,
        coalesce(sum(output_tokens), 0) AS output_tokens
    FROM ended
    GROUP BY {KEY}
), bins AS (
    SELECT
        {KEY},
        metric,
        floor({PER_OCTAVE} * ln(greatest(ms, {SMALLEST_MS})) / ln(2::float8))::int AS bin,
        count(*) AS n
    FROM ended
    CROSS JOIN LATERAL (
        VALUES
            ('latency', latency_ms),
            ('first_word', ttft_ms),
            ('word_gap', word_gap_ms),
            ('queue_wait', (steps_ms ->> 'queue')::float8)
    ) AS measured(metric, ms)
    WHERE outcome = 'succeeded' AND ms IS NOT NULL
    GROUP BY {KEY}, metric, bin
), steps AS (
    SELECT {KEY}, step, count(*) AS n, sum(round(greatest(ms::float8, 0) * 1000)) AS us
    FROM ended
    CROSS JOIN LATERAL jsonb_each_text(steps_ms) AS one(step, ms)
    WHERE outcome = 'succeeded' AND step = ANY(%(steps)s)
    GROUP BY {KEY}, step
), named AS (
    SELECT {KEY}, CASE WHEN is_shown THEN 'shown' ELSE 'withheld' END AS kind, code AS name, count(*) AS n
    FROM ended
    CROSS JOIN LATERAL (
        SELECT DISTINCT
            violation ->> 'code' AS code,
            coalesce((violation ->> 'shown')::boolean, true) AS is_shown
        FROM jsonb_array_elements(violations) AS violation
    ) AS found
    GROUP BY {KEY}, is_shown, code
    UNION ALL
    SELECT {KEY}, 'errors', error_code, count(*) FROM ended WHERE outcome = 'failed' GROUP BY {KEY}, error_code
    UNION ALL
    SELECT {KEY}, 'step_calls', step, n FROM steps
    UNION ALL
    SELECT {KEY}, 'step_us', step, us::bigint FROM steps
)
"""  # noqa: S608 made of constants
"""Of the calls that ended from `since` on and before `until`, by 5 minutes."""

SUM_ROLLUPS = f"""
WITH parts AS MATERIALIZED (
    SELECT
        date_trunc(%(unit)s, starts_at, 'UTC') AS period_at,
        *
    FROM monitoring_rollup
    WHERE grain = %(source)s AND starts_at >= %(since)s AND starts_at < %(until)s
), counts AS (
    SELECT
        period_at AS starts_at, task, version_id, engine, side,
        {", ".join(f"sum({name}) AS {name}" for name in COUNTED.split(", "))}
    FROM parts
    GROUP BY period_at, task, version_id, engine, side
), bins AS (
    SELECT
        period_at AS starts_at, task, version_id, engine, side,
        metric,
        first + place::int - 1 AS bin,
        sum(n) AS n
    FROM parts
    CROSS JOIN LATERAL (
        VALUES
            {", ".join(f"('{name}', {name}_first, {name}_counts)" for name in METRICS)}
    ) AS histogram(metric, first, bins)
    CROSS JOIN LATERAL unnest(bins) WITH ORDINALITY AS one(n, place)
    GROUP BY period_at, task, version_id, engine, side, metric, bin
), named AS (
    SELECT
        period_at AS starts_at, task, version_id, engine, side,
        kind,
        name,
        sum(n::bigint)::bigint AS n
    FROM parts
    CROSS JOIN LATERAL (VALUES {", ".join(f"('{name}', {name})" for name in NAMED)}) AS one(kind, held)
    CROSS JOIN LATERAL jsonb_each_text(held) AS each(name, n)
    GROUP BY period_at, task, version_id, engine, side, kind, name
)
"""  # noqa: S608 made of constants
"""Of the rollups of the grain `source` from `since` on and before `until`, by `unit` (hour or day)."""

INSERT = f"""
, spans AS (
    SELECT {KEY}, metric, min(bin) AS first, max(bin) AS last, jsonb_object_agg(bin, n) AS filled
    FROM bins
    WHERE n > 0
    GROUP BY {KEY}, metric
), histograms AS (
    SELECT
        {KEY},
        metric,
        first,
        ARRAY(
            SELECT coalesce((filled ->> i::text)::int, 0) FROM generate_series(first, last) AS i ORDER BY i
        ) AS counts
    FROM spans
), objects AS (
    SELECT {KEY}, kind, jsonb_object_agg(name, n) AS held
    FROM named
    GROUP BY {KEY}, kind
)
INSERT INTO monitoring_rollup (
    grain, {KEY}, {COUNTED},
    {", ".join(NAMED)},
    {", ".join(f"{name}_first, {name}_counts" for name in METRICS)}
)
SELECT
    %(grain)s, {KEY}, {COUNTED},
    {", ".join(f"coalesce({name}.held, '{{}}')" for name in NAMED)},
    {", ".join(f"coalesce({name}.first, 0), coalesce({name}.counts, '{{}}')" for name in METRICS)}
FROM counts
{"".join(f"LEFT JOIN (SELECT * FROM objects WHERE kind = '{name}') AS {name} USING ({KEY}) " for name in NAMED)}
{"".join(f"LEFT JOIN (SELECT * FROM histograms WHERE metric = '{name}') AS {name} USING ({KEY}) " for name in METRICS)}
ORDER BY {KEY}
"""  # noqa: S608 made of constants

FIND_LATE = """
WITH ended AS (
    SELECT date_trunc('hour', finished_at, 'UTC') AS starts_at, count(*) AS calls
    FROM registry_inferencecall
    WHERE finished_at >= %(since)s AND finished_at < %(until)s AND subject NOT LIKE ALL(%(examples)s::text[])
    GROUP BY 1
), counted AS (
    SELECT starts_at, sum(calls) AS calls
    FROM monitoring_rollup
    WHERE grain = '1h' AND starts_at >= %(since)s AND starts_at < %(until)s
    GROUP BY 1
)
SELECT starts_at, ended.calls - coalesce(counted.calls, 0)
FROM ended LEFT JOIN counted USING (starts_at)
WHERE ended.calls > coalesce(counted.calls, 0)
ORDER BY starts_at
"""
"""Hours with more calls than were counted, and how many more."""
