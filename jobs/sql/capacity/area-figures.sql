-- One pass over all curves: every area is folded where its bucket is read. No row of a curve is exchanged or sorted. Areas without an
-- archive, which this run does not compute, have no figures.
INSERT OVERWRITE {{database}}.area_figures PARTITION (run_id = {{run_id}})
SELECT area_id, figures
FROM (
  SELECT area_id, curve.fn.area_figures(archive, meter_id, kind, date, points) AS figures
  FROM (
    -- first, because the fold wants the archive before the curves, and without any change of columns, or the buckets are forgotten
    SELECT area_id, archive, meter_id, kind, date, points
    FROM {{database}}.area_archive
    UNION ALL
    SELECT area_id, NULL AS archive, meter_id, kind, date, points
    FROM {{database}}.curve_day
    WHERE kind IN ('P', 'Q', 'IA', 'IB', 'IC', 'UA', 'UB', 'UC')
      AND month BETWEEN date_format({{window_from}}, 'yyyyMM') AND date_format({{window_to}}, 'yyyyMM')
    UNION ALL
    SELECT area_id, NULL AS archive, meter_id, kind, date, points
    FROM {{database}}.stray_curve
  )
  GROUP BY area_id
)
WHERE figures IS NOT NULL;
