-- The rows of those meters under the area where they belong: the only curves that are moved. Only months that hold such rows are
-- read, none at all when there are none.
INSERT OVERWRITE {{database}}.stray_curve
SELECT area_id, meter_id, kind, date, points
FROM (
  SELECT /*+ BROADCAST(s) */ curve.fn.member_area(s.history, c.date) AS area_id, c.area_id AS stored_area_id, c.meter_id, c.kind, c.date, c.points
  FROM {{database}}.curve_day AS c
  JOIN {{database}}.stray_meter AS s ON s.area_id = c.area_id AND s.meter_id = c.meter_id AND s.month = c.month
  WHERE c.kind IN ('P', 'Q', 'UA', 'UB', 'UC')
    AND c.month BETWEEN date_format({{window_from}}, 'yyyyMM') AND date_format({{window_to}}, 'yyyyMM')
)
WHERE area_id <> stored_area_id
DISTRIBUTE BY area_id;
