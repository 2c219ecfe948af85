-- Run once after installation, in a Spark of its own: whatever classes these statements load start faster from then on. So they ask for what
-- jobs ask for, over a handful of rows: partitioned and bucketed tables, overwriting, unions, joins, groups, nested values, dates, windows.
CREATE DATABASE training;
CREATE TABLE training.reading (meter_id STRING, area_id STRING, date DATE, points STRING, month STRING, kind STRING)
  USING parquet PARTITIONED BY (month, kind) CLUSTERED BY (area_id) SORTED BY (area_id, meter_id, date) INTO 2 BUCKETS;
CREATE TABLE training.area (area_id STRING, kva DECIMAL(14, 4), since TIMESTAMP, run_id STRING) USING parquet PARTITIONED BY (run_id);
CREATE TABLE training.summary (area_id STRING, content STRUCT<meters: ARRAY<STRUCT<meter_id: STRING, days: BIGINT>>, mean: DOUBLE>)
  USING parquet CLUSTERED BY (area_id) INTO 2 BUCKETS;
CREATE VIEW training.latest AS SELECT max_by(run_id, since) AS run_id FROM training.area;
INSERT OVERWRITE training.area PARTITION (run_id = 'one')
  SELECT concat('A', id) AS area_id, CAST(id * 100 AS DECIMAL(14, 4)) AS kva, timestamp_seconds(id) AS since FROM range(4);
INSERT INTO training.reading
  SELECT concat('M', m.id), concat('A', m.id % 4), date_add(DATE '2025-01-01', CAST(d.id AS INT)), repeat('x', 20), date_format(date_add(DATE '2025-01-01', CAST(d.id AS INT)), 'yyyyMM'), 'P'
  FROM range(20) AS m CROSS JOIN range(40) AS d;
INSERT OVERWRITE training.summary
  WITH facts AS (
    SELECT area_id, named_struct('meter_id', meter_id, 'days', count(*)) AS meter, NULL AS kva
    FROM training.reading
    WHERE kind = 'P' AND month BETWEEN '202501' AND date_format(DATE '2025-02-01', 'yyyyMM')
    GROUP BY area_id, meter_id
    UNION ALL
    SELECT area_id, NULL AS meter, CAST(kva AS DOUBLE) AS kva FROM training.area WHERE run_id = 'one'
  )
  SELECT area_id, named_struct('meters', collect_list(meter), 'mean', round(avg(kva), 2)) FROM facts GROUP BY area_id DISTRIBUTE BY area_id;
SELECT date, sum(sum(step)) OVER (ORDER BY date) AS expected, max_by(meter_id, date) AS last_meter, count_if(length(points) > 0) AS present
FROM (
  SELECT explode(sequence(DATE '2025-01-01', DATE '2025-01-10')) AS date, 0 AS step, NULL AS meter_id, '' AS points
  UNION ALL
  SELECT date, 1 AS step, meter_id, points FROM training.reading
)
GROUP BY date;
SELECT /*+ BROADCAST(a) */
  s.area_id, s.meter.meter_id, s.long_ones, a.since, CASE WHEN a.kva > 100 THEN 'large' ELSE 'small' END AS class, coalesce(r.total, 0) AS total
FROM (
  SELECT area_id, meter, size(filter(content.meters, one -> one.days > 30)) AS long_ones
  FROM training.summary
  LATERAL VIEW explode(content.meters) e AS meter
) AS s
JOIN training.area AS a ON a.area_id = s.area_id
LEFT JOIN (SELECT area_id, count(DISTINCT meter_id) AS total FROM training.reading GROUP BY area_id HAVING count(*) > 1) AS r ON r.area_id = s.area_id
ORDER BY 1, 2;
SELECT run_id FROM training.latest;
DESCRIBE EXTENDED training.reading;
SHOW TABLES IN training;
-- the same ways without compiling
SET spark.sql.codegen.wholeStage = false;
SET spark.sql.codegen.factoryMode = NO_CODEGEN;
INSERT OVERWRITE training.area PARTITION (run_id = 'two')
  SELECT area_id, CAST(max(content.mean) AS DECIMAL(14, 4)), current_timestamp()
  FROM training.summary
  LATERAL VIEW explode(array_distinct(transform(content.meters, meter -> meter.meter_id))) e AS meter_id
  GROUP BY area_id;
SELECT count(*), format_number(avg(kva), 1) FROM training.area;
DROP DATABASE training CASCADE;
