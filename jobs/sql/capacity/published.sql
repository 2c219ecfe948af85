-- A row when this very run (same window, SQL, settings and functions) is the one that readers see.
SELECT run_id
FROM (SELECT max_by(run_id, published_at) AS run_id, max_by(run_key, published_at) AS run_key FROM {{database}}.published_run)
WHERE run_key = {{run_key}};
