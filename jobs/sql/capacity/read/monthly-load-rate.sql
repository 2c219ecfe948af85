-- Greatest apparent power of the gateway meters in each month, in per cent of the rated capacity of the archive.
SELECT p.area_id, date_format(p.date, 'yyyy-MM') AS month,
  max(array_max(zip_with(p.load_kw, coalesce(q.load_kvar, array_repeat(CAST(NULL AS DOUBLE), 96)),
    (active, reactive) -> IF(reactive IS NULL, abs(active) / 0.95, sqrt(active * active + reactive * reactive))))) * 100 / max(a.rated_kva) AS load_rate_pct
FROM (
  SELECT c.area_id, c.meter_id, c.date, transform(curve.fn.values(c.points, 'P'), value -> value * m.ct * m.pt) AS load_kw
  FROM {{database}}.curve_day AS c
  JOIN {{database}}.grid_meter AS m ON m.meter_id = c.meter_id AND m.role = 'GATEWAY'
  WHERE c.kind = 'P' AND c.date BETWEEN {{window_from}} AND {{window_to}} AND c.area_id IN (SELECT explode(split({{areas}}, '\n')))
) AS p
LEFT JOIN (
  SELECT c.meter_id, c.date, transform(curve.fn.values(c.points, 'Q'), value -> value * m.ct * m.pt) AS load_kvar
  FROM {{database}}.curve_day AS c
  JOIN {{database}}.grid_meter AS m ON m.meter_id = c.meter_id AND m.role = 'GATEWAY'
  WHERE c.kind = 'Q' AND c.date BETWEEN {{window_from}} AND {{window_to}} AND c.area_id IN (SELECT explode(split({{areas}}, '\n')))
) AS q ON q.meter_id = p.meter_id AND q.date = p.date
JOIN {{database}}.grid_area AS a ON a.area_id = p.area_id
GROUP BY p.area_id, date_format(p.date, 'yyyy-MM');
