-- Which areas this run computes, each over its own window. Everything below reads the window from here.
INSERT OVERWRITE {{database}}.area_to_compute PARTITION (run_id = {{run_id}})
SELECT area_id, {{window_from}} AS window_from, {{window_to}} AS window_to
FROM {{database}}.grid_area;
