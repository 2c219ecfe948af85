-- The archive of a made-up grid of any size. Every value follows from the seed and the number of the area or user.
CREATE OR REPLACE TEMPORARY VIEW synthetic_area AS
SELECT
  id AS number,
  format_string('A%07d', id) AS area_id,
  format_string('A%07d', (id + 1) % {{areas}}) AS next_area_id,
  -- areas in pairs: what one has more the other has less
  CAST({{users_per_area}} + CASE WHEN id % 2 = 0 AND id + 1 < {{areas}} THEN 1 WHEN id % 2 = 1 THEN -1 ELSE 0 END * floor({{users_per_area}} * 0.5 * pmod(xxhash64(id DIV 2, {{seed}}), 1000) / 1000) AS INT) AS users,
  element_at(array(50, 100, 200, 315, 400, 630), CAST(1 + pmod(xxhash64(id, 'rated', {{seed}}), 6) AS INT)) AS rated_kva,
  0.35D + 0.8D * pmod(xxhash64(id, 'load', {{seed}}), 1000) / 1000 AS load_share
FROM range({{areas}});

CREATE OR REPLACE TEMPORARY VIEW synthetic_user AS
SELECT
  area_id, next_area_id, user_id,
  h AS seed,
  pmod(h, 10) = 0 AS three_phase,
  substr('ABC', CAST(1 + pmod(h DIV 10, 3) AS INT), 1) AS phase,
  CASE WHEN pmod(h, 10) = 0 THEN 30 ELSE 8 END AS contract_kva,
  CASE WHEN pmod(h, 10) = 0 THEN 4 + 22 * pow(pmod(h DIV 100, 1000) / 1000D, 2) ELSE 0.8 + 7 * pow(pmod(h DIV 100, 1000) / 1000D, 3) END AS peak_kw,
  -- three of a hundred move to the next area; for a share of these the tables learn it three days late
  CASE WHEN pmod(h DIV 7, 100) < 3 AND {{areas}} > 1 THEN date_add({{first_day}}, CAST(pmod(h DIV 13, greatest(1, datediff({{last_day}}, {{first_day}}))) AS INT)) END AS moved_on,
  CASE WHEN pmod(h DIV 700, 1000) < {{late_share}} * 1000 THEN 3 ELSE 0 END AS learned_after,
  -- one of a hundred gets a new meter at noon of some day
  CASE WHEN pmod(h DIV 17, 100) = 50 THEN date_add({{first_day}}, CAST(pmod(h DIV 19, greatest(1, datediff({{last_day}}, {{first_day}}))) AS INT)) END AS replaced_on
FROM (
  SELECT area_id, next_area_id, concat(area_id, 'U', n) AS user_id, xxhash64(area_id, n, {{seed}}) AS h
  FROM synthetic_area
  LATERAL VIEW explode(sequence(1, users)) e AS n
);

CREATE OR REPLACE TEMPORARY VIEW synthetic_meter AS
SELECT user_id, area_id, next_area_id, moved_on, learned_after, three_phase, phase, seed, peak_kw, m.suffix, m.from_time, m.to_time
FROM synthetic_user
LATERAL VIEW explode(
  CASE WHEN replaced_on IS NULL
    THEN array(named_struct('suffix', 'M', 'from_time', CAST(NULL AS TIMESTAMP_NTZ), 'to_time', CAST(NULL AS TIMESTAMP_NTZ)))
    ELSE array(
      named_struct('suffix', 'M', 'from_time', CAST(NULL AS TIMESTAMP_NTZ), 'to_time', CAST(replaced_on AS TIMESTAMP_NTZ) + INTERVAL '12' HOUR),
      named_struct('suffix', 'N', 'from_time', CAST(replaced_on AS TIMESTAMP_NTZ) + INTERVAL '12' HOUR, 'to_time', CAST(NULL AS TIMESTAMP_NTZ)))
  END
) e AS m;

INSERT OVERWRITE {{database}}.grid_area
SELECT area_id, format_string('F%05d', number DIV 20) AS feeder_id, NULL AS branch_id, 'ORG' AS org_id, rated_kva, CASE WHEN number % 4 = 0 THEN 'Yyn0' ELSE 'Dyn11' END AS connection, '01' AS public, concat(area_id, 'T') AS terminal_id
FROM synthetic_area;

INSERT OVERWRITE {{database}}.grid_user
SELECT user_id, CASE WHEN three_phase THEN 'COM' ELSE 'RES' END AS category, contract_kva, NULL AS priority, NULL AS second_area_id
FROM synthetic_user;

INSERT OVERWRITE {{database}}.grid_meter
SELECT
  concat(user_id, suffix) AS meter_id, concat(user_id, suffix) AS address, user_id AS mp_id, 'USER' AS role, user_id, CASE WHEN moved_on IS NULL THEN area_id ELSE next_area_id END AS area_id, NULL AS box_id,
  CASE WHEN three_phase THEN 'ABC' ELSE phase END AS phase, CASE WHEN three_phase THEN '3P4W' ELSE '1P' END AS wiring, 1 AS ct, 1 AS pt, 1 AS online, from_time AS `from`, to_time AS `to`, NULL AS start_ef, NULL AS stop_ef, 1 AS listed
FROM synthetic_meter
UNION ALL
SELECT
  concat(area_id, 'G') AS meter_id, concat(area_id, 'G') AS address, concat(area_id, 'GP') AS mp_id, 'GATEWAY' AS role, NULL AS user_id, area_id, NULL AS box_id,
  'ABC' AS phase, '3P4W' AS wiring, greatest(1, ceil(rated_kva / 0.6928 / 5)) AS ct, 1 AS pt, 1 AS online, NULL AS `from`, NULL AS `to`, NULL AS start_ef, NULL AS stop_ef, 0 AS listed
FROM synthetic_area;

INSERT OVERWRITE {{database}}.grid_membership
SELECT user_id AS id, area_id AS value, NULL AS `from`, moved_on AS `to` FROM synthetic_user WHERE moved_on IS NOT NULL
UNION ALL
SELECT user_id AS id, next_area_id AS value, moved_on AS `from`, NULL AS `to` FROM synthetic_user WHERE moved_on IS NOT NULL;

INSERT OVERWRITE {{database}}.grid_rated
SELECT area_id AS id, rated_kva AS value, NULL AS `from`, NULL AS `to` FROM synthetic_area WHERE number % 50 = 0
UNION ALL
SELECT area_id AS id, rated_kva * 2 AS value, date_add({{last_day}}, -20) AS `from`, NULL AS `to` FROM synthetic_area WHERE number % 50 = 0;

INSERT OVERWRITE {{database}}.grid_application
SELECT concat(area_id, '-', n) AS application_id, area_id, 5 * n AS kva, element_at(array('RES', 'COM', 'IND', 'EV', 'AGR'), n) AS category, substr('ABC', 1 + n % 3, 1) AS phases, element_at(array('ACCEPTED', 'IN_WORK', 'ENERGIZED', 'SURVEYED', 'REJECTED'), n) AS status
FROM synthetic_area
LATERAL VIEW explode(sequence(1, 3)) e AS n
WHERE number % 3 = 0;

-- registers of the gateways: steady, so that a day's energy is known for all but a few
INSERT OVERWRITE {{database}}.register_day
SELECT concat(a.area_id, 'G') AS meter_id, d.date, 100000 + CAST(datediff(d.date, {{first_day}}) * 100 * round(9 * a.rated_kva * a.load_share / greatest(1, ceil(a.rated_kva / 0.6928 / 5))) AS BIGINT) AS ef, 0 AS er
FROM synthetic_area AS a
CROSS JOIN (SELECT explode(sequence({{first_day}}, date_add({{last_day}}, 1))) AS date) AS d
WHERE pmod(xxhash64(a.area_id, d.date, 'register', {{seed}}), 100) > 0;

-- which meter's rows lie under which area, and when
INSERT OVERWRITE {{database}}.synthetic_stay
SELECT concat(user_id, suffix) AS meter_id, stay.area_id, greatest({{first_day}}, stay.from_day, coalesce(CAST(from_time AS DATE), {{first_day}})) AS from_day, least({{last_day}}, stay.to_day, coalesce(CAST(to_time AS DATE), {{last_day}})) AS to_day,
  seed, peak_kw, 0.4D AS spread, CASE WHEN three_phase THEN array('P', 'Q', 'UA', 'UB', 'UC') ELSE array('P', concat('U', phase)) END AS kinds
FROM synthetic_meter
LATERAL VIEW explode(
  CASE WHEN moved_on IS NULL
    THEN array(named_struct('area_id', area_id, 'from_day', {{first_day}}, 'to_day', {{last_day}}))
    ELSE array(
      named_struct('area_id', area_id, 'from_day', {{first_day}}, 'to_day', date_add(moved_on, learned_after - 1)),
      named_struct('area_id', next_area_id, 'from_day', date_add(moved_on, learned_after), 'to_day', {{last_day}}))
  END
) e AS stay
UNION ALL
SELECT concat(area_id, 'G') AS meter_id, area_id, {{first_day}} AS from_day, {{last_day}} AS to_day, xxhash64(area_id, 'gateway', {{seed}}) AS seed,
  rated_kva * load_share / greatest(1, ceil(rated_kva / 0.6928 / 5)) AS peak_kw, 0.1D AS spread, array('P', 'Q', 'IA', 'IB', 'IC', 'UA', 'UB', 'UC') AS kinds
FROM synthetic_area;
