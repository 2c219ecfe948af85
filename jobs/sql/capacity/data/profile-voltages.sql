-- Voltages of a share of the user meters, made from their own P: single-phase meters on their phase, three-phase ones on all.
INSERT INTO {{database}}.curve_day
SELECT meter_id, area_id, date, points, curve.fn.valid_points(points) AS valid_points, 0 AS quality, date_format(date, 'yyyyMM') AS month, concat('U', phase) AS kind
FROM (
  SELECT
    p.meter_id,
    p.area_id,
    p.date,
    m.phase,
    curve.fn.voltage_day(p.points, 218 + pmod(xxhash64(m.meter_id, m.phase, {{seed}}), 100) / 10.0D, m.drop_per_kw, 0.7D, xxhash64(p.meter_id, p.date, m.phase, {{seed}})) AS points
  FROM {{database}}.curve_day AS p
  JOIN (
    SELECT meter_id, explode(CASE WHEN wiring = '1P' THEN array(phase) ELSE array('A', 'B', 'C') END) AS phase, CASE WHEN wiring = '1P' THEN 1.2D ELSE 0.3D END AS drop_per_kw
    FROM {{database}}.grid_meter
    WHERE role = 'USER' AND pmod(xxhash64(meter_id, {{seed}}), 1000) < {{voltage_share}} * 1000
  ) AS m ON m.meter_id = p.meter_id
  WHERE p.kind = 'P' AND p.date BETWEEN {{first_day}} AND {{last_day}}
);
