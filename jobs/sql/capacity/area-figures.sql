-- One pass over all curves: every area is folded where its bucket is read. No row of a curve is exchanged or sorted.
INSERT OVERWRITE {{database}}.area_figures PARTITION (run_id = {{run_id}})
SELECT area_id, figures
FROM (
  SELECT area_id, curve.fn.area_figures(archive, meter_id, kind, date, points) AS figures
  FROM (
    -- first and without any change of columns, or the buckets are forgotten
    SELECT area_id, archive, meter_id, kind, date, points
    FROM {{database}}.area_archive
    UNION ALL
    SELECT /*+ BROADCAST(l) */ c.area_id, NULL AS archive, c.meter_id, c.kind, c.date, c.points
    FROM {{database}}.curve_day AS c
    LEFT SEMI JOIN (SELECT area_id FROM {{database}}.area_to_compute WHERE run_id = {{run_id}}) AS l ON l.area_id = c.area_id
    WHERE c.kind IN ('P', 'Q', 'IA', 'IB', 'IC', 'UA', 'UB', 'UC')
      AND c.month BETWEEN date_format({{window_from}}, 'yyyyMM') AND date_format({{window_to}}, 'yyyyMM')
    UNION ALL
    SELECT area_id, NULL AS archive, meter_id, kind, date, points
    FROM {{database}}.stray_curve
  )
  GROUP BY area_id
)
WHERE figures IS NOT NULL;
