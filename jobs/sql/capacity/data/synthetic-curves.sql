-- One month of curves. Areas stay together and in order, so that nothing is sorted; one in a hundred gateway days is missing.
INSERT INTO {{database}}.curve_day
SELECT meter_id, area_id, date, points, curve.fn.valid_points(points) AS valid_points, 0 AS quality, date_format(date, 'yyyyMM') AS month, kind
FROM (
  SELECT s.meter_id, s.area_id, d.date, k.kind, curve.fn.synthetic_day(k.kind, s.seed, d.date, s.peak_kw, s.spread, 0.02D) AS points
  FROM (
    SELECT /*+ REPARTITION({{tasks}}, area_id) */ meter_id, area_id, seed, peak_kw, spread, kinds, greatest(from_day, {{first_day}}) AS from_day, least(to_day, {{last_day}}) AS to_day
    FROM {{database}}.synthetic_stay
    WHERE from_day <= {{last_day}} AND to_day >= {{first_day}} AND from_day <= to_day
    SORT BY area_id, meter_id
  ) AS s
  LATERAL VIEW explode(sequence(s.from_day, s.to_day)) d AS date
  LATERAL VIEW explode(s.kinds) k AS kind
  WHERE NOT (s.spread < 0.2 AND pmod(xxhash64(s.meter_id, d.date), 100) = 0)
);
