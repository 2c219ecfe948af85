-- P of every user meter for every day: its measured shape between winter and summer, with noise, habits that move a little, and gaps.
INSERT INTO {{database}}.curve_day
SELECT meter_id, area_id, date, points, curve.fn.valid_points(points) AS valid_points, 0 AS quality, date_format(date, 'yyyyMM') AS month, 'P' AS kind
FROM (
  SELECT
    u.meter_id,
    u.area_id,
    d.date,
    curve.fn.profile_day(
      'P', u.winter, u.summer,
      (1 + cos(2 * pi() * (dayofyear(d.date) - 15) / 365)) / 2,
      u.factor, {{noise}}, {{gap_rate}}, xxhash64(u.meter_id, d.date, {{seed}})
    ) AS points
  FROM (
    -- whole areas per task, so that an area's rows are written together
    SELECT /*+ REPARTITION(16, area_id) */ p.meter_id, p.area_id, p.factor, s.winter, s.summer
    FROM {{database}}.profile_use AS p
    JOIN {{database}}.profile_shape AS s ON s.profile_id = p.profile_id
  ) AS u
  CROSS JOIN (SELECT explode(sequence({{first_day}}, {{last_day}})) AS date) AS d
);
