-- What the gateway of each area would have measured: its users added up by phase, with losses, reactive power, voltages, and days with gaps.
INSERT INTO {{database}}.curve_day
SELECT meter_id, area_id, date, c.points, curve.fn.valid_points(c.points) AS valid_points, 0 AS quality, date_format(date, 'yyyyMM') AS month, c.kind
FROM (
  SELECT
    p.area_id,
    g.meter_id,
    p.date,
    curve.fn.feed_day(p.points, m.phase, CAST(m.ct * m.pt AS DOUBLE), g.ct, g.rated_kva, {{gap_rate}}, xxhash64(g.meter_id, p.date, {{seed}})) AS curves
  FROM {{database}}.curve_day AS p
  JOIN {{database}}.grid_meter AS m ON m.meter_id = p.meter_id AND m.role = 'USER'
  JOIN (
    SELECT a.area_id, min_by(m.meter_id, m.listed) AS meter_id, CAST(min_by(m.ct * m.pt, m.listed) AS DOUBLE) AS ct, CAST(any_value(a.rated_kva) AS DOUBLE) AS rated_kva
    FROM {{database}}.grid_area AS a
    JOIN {{database}}.grid_meter AS m ON m.area_id = a.area_id AND m.role = 'GATEWAY'
    GROUP BY a.area_id
  ) AS g ON g.area_id = p.area_id
  WHERE p.kind = 'P' AND p.date BETWEEN {{first_day}} AND {{last_day}}
  GROUP BY p.area_id, g.meter_id, p.date
)
LATERAL VIEW explode(curves) e AS c;
