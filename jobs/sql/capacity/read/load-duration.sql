-- Load of the gateway meters in falling order, at 101 equally spaced shares of the window.
SELECT area_id, transform(sequence(0, 100), step -> element_at(falling_kw, 1 + CAST(step * (size(falling_kw) - 1) / 100 AS INT))) AS load_kw
FROM (
  SELECT c.area_id, sort_array(flatten(collect_list(filter(transform(curve.fn.values(c.points, 'P'), value -> value * m.ct * m.pt), value -> value IS NOT NULL))), false) AS falling_kw
  FROM {{database}}.curve_day AS c
  JOIN {{database}}.grid_meter AS m ON m.meter_id = c.meter_id AND m.role = 'GATEWAY'
  WHERE c.kind = 'P'
    AND c.date BETWEEN {{window_from}} AND {{window_to}}
    AND c.area_id IN (SELECT explode(split({{areas}}, '\n')))
  GROUP BY c.area_id
)
WHERE size(falling_kw) > 0;
