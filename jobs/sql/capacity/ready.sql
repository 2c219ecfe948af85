-- Is the window complete enough? Meter-days with a P row against meters in force, over the window and on its last day.
WITH facts AS (
  SELECT explode(sequence({{window_from}}, {{window_to}})) AS date, 0 AS step, 0 AS present
  UNION ALL
  -- how many meters more or fewer are in force at the end of a day; what was before the window counts on its first day
  SELECT greatest(change.date, {{window_from}}) AS date, change.step, 0 AS present
  FROM {{database}}.grid_meter
  LATERAL VIEW explode(array(named_struct('date', coalesce(CAST(`from` AS DATE), {{window_from}}), 'step', 1), named_struct('date', CAST(`to` AS DATE), 'step', -1))) e AS change
  WHERE change.date <= {{window_to}}
  UNION ALL
  SELECT date, 0 AS step, count(*) AS present
  FROM {{database}}.curve_day
  WHERE kind = 'P' AND month BETWEEN date_format({{window_from}}, 'yyyyMM') AND date_format({{window_to}}, 'yyyyMM') AND date BETWEEN {{window_from}} AND {{window_to}}
  GROUP BY date
),
compared AS (
  SELECT date, expected, present, present / nullif(expected, 0) AS share
  FROM (
    SELECT date, sum(sum(step)) OVER (ORDER BY date) AS expected, sum(present) AS present
    FROM facts
    GROUP BY date
  )
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
