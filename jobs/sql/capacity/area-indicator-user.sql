-- The users behind the counts: I10 with the hours of the longest run of low voltage, I11 with the largest ratio of load to contract.
INSERT OVERWRITE {{database}}.area_indicator_user PARTITION (run_id = {{run_id}})
SELECT l.window_to, f.area_id, u.user.indicator, u.user.user_id, round(u.user.value, 4) AS value
FROM {{database}}.area_figures AS f
JOIN {{database}}.area_to_compute AS l ON l.area_id = f.area_id AND l.run_id = f.run_id
LATERAL VIEW explode(f.figures.users) u AS user
WHERE f.run_id = {{run_id}};
