-- Phase voltages of all meters of an area, counted by whole volts between 154 and 264 (docs/domain.md 4.3, I09).
SELECT area_id, CAST(floor(voltage_v) AS INT) AS volt, count(*) AS points
FROM (
  SELECT c.area_id, explode(curve.fn.values(c.points, c.kind)) AS voltage_v
  FROM {{database}}.curve_day AS c
  WHERE c.kind IN ('UA', 'UB', 'UC') AND c.date BETWEEN {{window_from}} AND {{window_to}} AND c.area_id IN (SELECT explode(split({{areas}}, '\n')))
)
WHERE voltage_v BETWEEN 154 AND 264
GROUP BY area_id, CAST(floor(voltage_v) AS INT);
