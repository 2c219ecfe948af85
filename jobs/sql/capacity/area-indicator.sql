-- The 15 indicators of each area from its figures: formulas, units, one rounding at the end (docs/domain.md, indicators).
INSERT OVERWRITE {{database}}.area_indicator PARTITION (run_id = {{run_id}})
WITH
-- what open requests will take: only increases count, each with the coincidence of its category
committed AS (
  SELECT
    area_id,
    sum(demand_kva) AS kva,
    sum(CASE WHEN contains(phases, 'A') THEN demand_kva / length(phases) ELSE 0 END) AS a_kva,
    sum(CASE WHEN contains(phases, 'B') THEN demand_kva / length(phases) ELSE 0 END) AS b_kva,
    sum(CASE WHEN contains(phases, 'C') THEN demand_kva / length(phases) ELSE 0 END) AS c_kva
  FROM (
    SELECT
      area_id,
      CASE WHEN phases IS NULL OR phases = '' THEN 'ABC' ELSE phases END AS phases,
      CAST(kva AS DOUBLE) * CASE category WHEN 'RES' THEN 0.4D WHEN 'COM' THEN 0.7D WHEN 'IND' THEN 0.8D WHEN 'EV' THEN 0.8D WHEN 'AGR' THEN 0.6D ELSE 1.0D END AS demand_kva
    FROM {{database}}.grid_application
    WHERE status IN ('ACCEPTED', 'SURVEYED', 'PLAN_REPLIED', 'IN_WORK', 'ACCEPTANCE') AND kva > 0
  )
  GROUP BY area_id
),
-- point k of day d is the instant d at +08:00 plus k quarter-hours
figures AS (
  SELECT
    l.area_id, l.window_from, l.window_to, f.figures.*,
    unix_date(l.window_from) * 86400L - 28800L AS start_second,
    coalesce(c.kva, 0D) AS committed_kva, coalesce(c.a_kva, 0D) AS committed_a_kva, coalesce(c.b_kva, 0D) AS committed_b_kva, coalesce(c.c_kva, 0D) AS committed_c_kva
  FROM {{database}}.area_to_compute AS l
  JOIN {{database}}.area_figures AS f ON f.area_id = l.area_id AND f.run_id = l.run_id
  LEFT JOIN committed AS c ON c.area_id = l.area_id
  WHERE l.run_id = {{run_id}}
),
openable AS (
  SELECT
    *,
    0.8D * rated_kva AS allowed_kva,
    CASE WHEN rated_kva IS NOT NULL AND max_consuming_kva IS NOT NULL THEN greatest(0D, 0.8D * rated_kva - max_consuming_kva - committed_kva) END AS openable_kva,
    CASE WHEN rated_kva IS NOT NULL AND max_phase_a_kva IS NOT NULL THEN greatest(0D, 0.8D * rated_kva / 3 - max_phase_a_kva - committed_a_kva) END AS openable_a_kva,
    CASE WHEN rated_kva IS NOT NULL AND max_phase_b_kva IS NOT NULL THEN greatest(0D, 0.8D * rated_kva / 3 - max_phase_b_kva - committed_b_kva) END AS openable_b_kva,
    CASE WHEN rated_kva IS NOT NULL AND max_phase_c_kva IS NOT NULL THEN greatest(0D, 0.8D * rated_kva / 3 - max_phase_c_kva - committed_c_kva) END AS openable_c_kva
  FROM figures
)
SELECT
  window_from,
  window_to,
  area_id,
  round(max_kw, 2) AS i01_kw,
  timestamp_seconds(start_second + max_kw_point * 900L) AS i01_at,
  round(max_load_rate_pct, 2) AS i02_max_pct,
  timestamp_seconds(start_second + max_load_rate_point * 900L) AS i02_at,
  round(mean_load_rate_pct, 2) AS i02_avg_pct,
  round(mean_positive_kw / max_kw * 100, 2) AS i03_pct,
  round(mean_valley_pct, 2) AS i04_mean_pct,
  round(max_valley_kw, 2) AS i04_max_diff_kw,
  date_add(window_from, max_valley_day) AS i04_max_diff_date,
  valley_days AS i04_days,
  round(energy_kwh, 2) AS i05_energy_kwh,
  energy_days AS i05_energy_days,
  round(energy_kwh / energy_days * 365 / max_kw, 2) AS i05_hours,
  heavy_days AS i06_days,
  heavy_points * 0.25D AS i06_hours,
  heavy_longest * 0.25D AS i06_longest_h,
  heavy_runs AS i06_runs,
  overload_days AS i07_days,
  overload_points * 0.25D AS i07_hours,
  overload_longest * 0.25D AS i07_longest_h,
  overload_runs AS i07_runs,
  imbalance_days AS i08_days,
  imbalance_points * 0.25D AS i08_hours,
  imbalance_longest * 0.25D AS i08_longest_h,
  imbalance_runs AS i08_runs,
  round(max_imbalance_pct, 2) AS i08_max_pct,
  timestamp_seconds(start_second + max_imbalance_point * 900L) AS i08_at,
  round((voltage_points - voltage_over - voltage_under) / nullif(voltage_points, 0) * 100D, 2) AS i09_pass_pct,
  round(voltage_over / nullif(voltage_points, 0) * 100D, 2) AS i09_over_pct,
  round(voltage_under / nullif(voltage_points, 0) * 100D, 2) AS i09_under_pct,
  voltage_points AS i09_points,
  size(filter(users, user -> user.indicator = 'I10')) AS i10_count,
  size(filter(users, user -> user.indicator = 'I11')) AS i11_count,
  round(factor_kw / nullif(sqrt(factor_kw * factor_kw + factor_kvar * factor_kvar), 0), 4) AS i12_pf,
  CASE WHEN coincident_kw > sum_of_maxima_kw THEN 1D ELSE round(coincident_kw / nullif(sum_of_maxima_kw, 0), 4) END AS i13_factor,
  round(coincident_kw, 2) AS i13_coincident_kw,
  round(sum_of_maxima_kw, 2) AS i13_sum_of_max_kw,
  users_with_data AS i13_users,
  round(openable_kva, 2) AS i14_kva,
  round(allowed_kva, 2) AS i14_allowed_kva,
  round(max_consuming_kva, 2) AS i14_max_kva,
  round(committed_kva, 2) AS i14_committed_kva,
  round(openable_a_kva, 2) AS i15_a,
  round(openable_b_kva, 2) AS i15_b,
  round(openable_c_kva, 2) AS i15_c,
  -- the largest; of equal ones the first in the order A, B, C
  CASE
    WHEN openable_a_kva IS NOT NULL AND openable_a_kva + 1E-9 >= greatest(openable_a_kva, openable_b_kva, openable_c_kva) THEN 'A'
    WHEN openable_b_kva IS NOT NULL AND openable_b_kva + 1E-9 >= greatest(openable_b_kva, openable_c_kva) THEN 'B'
    WHEN openable_c_kva IS NOT NULL THEN 'C'
  END AS i15_recommend,
  gateway_days,
  sum_days,
  empty_days,
  round((load_points - filled_points) / (days * 96) * 100D, 2) AS quality,
  curve_rows,
  user_days,
  ignored_rows,
  bad_rows,
  repeated_rows
FROM openable;
