-- Last of all: readers of area_indicator_current see the new run from this row on, and until then the old one.
INSERT INTO {{database}}.published_run
SELECT {{run_id}} AS run_id, {{run_key}} AS run_key, {{window_from}} AS window_from, {{window_to}} AS window_to, current_timestamp() AS published_at;
