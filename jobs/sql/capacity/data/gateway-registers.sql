-- Forward registers of the gateway meters at 00:00, the energy of their P curves added up; the day behind the last one closes it.
INSERT INTO {{database}}.register_day
WITH daily AS (
  SELECT c.meter_id, c.date, curve.fn.energy(c.points) AS kwh
  FROM {{database}}.curve_day AS c
  JOIN {{database}}.grid_meter AS m ON m.meter_id = c.meter_id AND m.role = 'GATEWAY'
  WHERE c.kind = 'P' AND c.date BETWEEN {{first_day}} AND {{last_day}}
)
SELECT meter_id, date_add(date, 1) AS date, 100000 + CAST(round(100 * sum(kwh) OVER (PARTITION BY meter_id ORDER BY date)) AS BIGINT) AS ef, 0 AS er
FROM daily
UNION ALL
SELECT meter_id, min(date) AS date, 100000 AS ef, 0 AS er
FROM daily
GROUP BY meter_id;
