-- Meters of users that changed their area, whose rows lie under an area that they did not belong to on the date, and the months of these rows. Reads keys only.
-- The join is by a number made of the id, which costs a third of a join by the id itself; ids that share a number part again after it.
INSERT OVERWRITE {{database}}.stray_meter
WITH moved AS (
  SELECT m.meter_id, xxhash64(m.meter_id) AS meter_number, h.history
  FROM {{database}}.grid_meter AS m
  JOIN (
    SELECT id AS user_id, collect_list(named_struct('from_date', `from`, 'to_date', `to`, 'area_id', value)) AS history
    FROM {{database}}.grid_membership
    GROUP BY id
    HAVING count(DISTINCT value) > 1
  ) AS h ON h.user_id = m.user_id
  WHERE m.role = 'USER'
)
SELECT /*+ BROADCAST(m) */ c.area_id, c.meter_id, c.month, any_value(m.history) AS history, count(*) AS row_count
FROM {{database}}.curve_day AS c
JOIN moved AS m ON m.meter_number = xxhash64(c.meter_id)
WHERE c.kind IN ('P', 'Q', 'UA', 'UB', 'UC')
  AND c.month BETWEEN date_format({{window_from}}, 'yyyyMM') AND date_format({{window_to}}, 'yyyyMM')
  AND NOT curve.fn.member_area(m.history, c.date) <=> c.area_id
GROUP BY c.area_id, c.meter_id, c.month, m.meter_id
-- said as an aggregate, or Spark would join by it
HAVING any_value(m.meter_id) = c.meter_id;
