-- Load of the gateway meters in falling order, at 101 equally spaced shares of the window.
SELECT area_id, percentile(load_kw, transform(sequence(0, 100), step -> 1 - step / 100D)) AS load_kw
FROM (
  SELECT c.area_id, explode(curve.fn.values(c.points, 'P')) * m.ct * m.pt AS load_kw
  FROM {{database}}.curve_day AS c
  JOIN {{database}}.grid_meter AS m ON m.meter_id = c.meter_id AND m.role = 'GATEWAY'
  WHERE c.kind = 'P'
    AND c.date BETWEEN {{window_from}} AND {{window_to}}
    AND c.area_id IN (SELECT explode(split({{areas}}, '\n')))
)
WHERE load_kw IS NOT NULL
GROUP BY area_id;
