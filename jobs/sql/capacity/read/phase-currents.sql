-- Mean current of each phase at the gateway by quarter-hour of the day.
SELECT area_id, kind, transform(array_sort(collect_list(struct(point, mean_a))), entry -> entry.mean_a) AS mean_a
FROM (
  SELECT area_id, kind, point, avg(current_a) AS mean_a
  FROM (
    SELECT c.area_id, c.kind, posexplode(transform(curve.fn.values(c.points, c.kind), value -> value * m.ct)) AS (point, current_a)
    FROM {{database}}.curve_day AS c
    JOIN {{database}}.grid_meter AS m ON m.meter_id = c.meter_id AND m.role = 'GATEWAY'
    WHERE c.kind IN ('IA', 'IB', 'IC') AND c.date BETWEEN {{window_from}} AND {{window_to}} AND c.area_id IN (SELECT explode(split({{areas}}, '\n')))
  )
  GROUP BY area_id, kind, point
)
GROUP BY area_id, kind;
