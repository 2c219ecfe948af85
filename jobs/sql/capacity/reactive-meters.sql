-- Meters that measure Q, under the area where their rows are folded: a day of theirs is complete only when its Q is there too.
INSERT OVERWRITE {{database}}.reactive_meter
SELECT DISTINCT area_id, meter_id
FROM (
  SELECT area_id, meter_id
  FROM {{database}}.curve_day
  WHERE kind = 'Q'
    AND month BETWEEN date_format({{window_from}}, 'yyyyMM') AND date_format({{window_to}}, 'yyyyMM')
  UNION ALL
  SELECT area_id, meter_id
  FROM {{database}}.stray_curve
  WHERE kind = 'Q'
);
