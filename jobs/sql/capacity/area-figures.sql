-- One pass over all curves: every area is folded where its bucket is read. No row of a curve is exchanged or sorted.
INSERT OVERWRITE {{database}}.area_figures PARTITION (run_id = {{run_id}})
SELECT area_id, figures
FROM (
  SELECT area_id, curve.fn.area_figures(archive, meter_id, kind, date, points) AS figures
  FROM (
    SELECT area_id, archive, CAST(NULL AS STRING) AS meter_id, CAST(NULL AS STRING) AS kind, CAST(NULL AS DATE) AS date, CAST(NULL AS BINARY) AS points
    FROM {{database}}.area_archive
    UNION ALL
    SELECT area_id, NULL AS archive, meter_id, kind, date, points
    FROM {{database}}.curve_day
    WHERE kind IN ('P', 'Q', 'IA', 'IB', 'IC', 'UA', 'UB', 'UC')
      AND month >= (SELECT min(date_format(window_from, 'yyyyMM')) FROM {{database}}.area_to_compute WHERE run_id = {{run_id}})
      AND month <= (SELECT max(date_format(window_to, 'yyyyMM')) FROM {{database}}.area_to_compute WHERE run_id = {{run_id}})
      AND area_id IN (SELECT area_id FROM {{database}}.area_to_compute WHERE run_id = {{run_id}})
    UNION ALL
    SELECT area_id, NULL AS archive, meter_id, kind, date, points
    FROM {{database}}.stray_curve
  )
  GROUP BY area_id
)
WHERE figures IS NOT NULL;
