-- Is the window complete enough? Meter-days with a P row against meters in force, over the window and on its last day.
WITH days AS (
  SELECT explode(sequence({{window_from}}, {{window_to}})) AS date
),
-- meters in force at the end of each day, from the days on which the number changes
changes AS (
  SELECT date, sum(step) AS step
  FROM (
    SELECT coalesce(CAST(`from` AS DATE), DATE '1970-01-01') AS date, 1 AS step FROM {{database}}.grid_meter
    UNION ALL
    SELECT CAST(`to` AS DATE) AS date, -1 AS step FROM {{database}}.grid_meter WHERE `to` IS NOT NULL
  )
  GROUP BY date
),
expected AS (
  SELECT d.date, coalesce(sum(c.step), 0) AS meters
  FROM days AS d
  LEFT JOIN changes AS c ON c.date <= d.date
  GROUP BY d.date
),
present AS (
  SELECT date, count(*) AS meters
  FROM {{database}}.curve_day
  WHERE kind = 'P' AND month BETWEEN date_format({{window_from}}, 'yyyyMM') AND date_format({{window_to}}, 'yyyyMM') AND date BETWEEN {{window_from}} AND {{window_to}}
  GROUP BY date
),
compared AS (
  SELECT e.date, e.meters AS expected, coalesce(p.meters, 0) AS present, coalesce(p.meters, 0) / nullif(e.meters, 0) AS share
  FROM expected AS e
  LEFT JOIN present AS p ON p.date = e.date
),
summary AS (
  SELECT
    sum(expected) AS expected,
    sum(least(present, expected)) / nullif(sum(expected), 0) AS share,
    max_by(share, date) AS last_share,
    max_by(present, date) AS last_present,
    max_by(expected, date) AS last_expected,
    count_if(share < {{minimum_share}}) AS short_days,
    min_by(date, share) AS worst_date,
    min(share) AS worst_share
  FROM compared
)
SELECT
  coalesce(share >= {{minimum_share}} AND last_share >= {{minimum_share}}, FALSE) AS ready,
  CASE
    WHEN coalesce(expected, 0) = 0 THEN 'the archive names no meter'
    ELSE concat(
      'P curves of ', format_number(coalesce(share, 0) * 100, 1), ' % of all meter-days, of the last day ', last_present, ' of ', last_expected,
      '; ', short_days, ' days below ', format_number(CAST({{minimum_share}} AS DOUBLE) * 100, 0), ' %, the worst ', worst_date, ' with ', format_number(worst_share * 100, 1), ' %'
    )
  END AS shortfall
FROM summary;
