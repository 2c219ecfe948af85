-- What the archive says about each area, one row per area: capacity, gateway meters, users with memberships, contracts and meters, registers.
-- Facts of all kinds are put one below the other and gathered once by user and once by area. Bucketed like the curves, so that both meet
-- without moving a curve.
INSERT OVERWRITE {{database}}.area_archive
WITH meters AS (
  SELECT
    role, user_id, area_id,
    named_struct(
      'meter_id', meter_id, 'mp_id', mp_id, 'wiring', wiring, 'phase', phase, 'ct', CAST(ct AS DECIMAL(14, 4)), 'pt', CAST(pt AS DECIMAL(14, 4)),
      'from_time', `from`, 'to_time', `to`, 'start_ef', start_ef, 'stop_ef', stop_ef, 'listed', listed
    ) AS meter
  FROM {{database}}.grid_meter
),
user_facts AS (
  SELECT id AS user_id, named_struct('from_date', `from`, 'to_date', `to`, 'area_id', value) AS stay, NULL AS contract, NULL AS contract_kva, NULL AS meter, NULL AS area_id
  FROM {{database}}.grid_membership
  UNION ALL
  SELECT id AS user_id, NULL AS stay, named_struct('from_date', `from`, 'to_date', `to`, 'kva', CAST(value AS DECIMAL(14, 4))) AS contract, NULL AS contract_kva, NULL AS meter, NULL AS area_id
  FROM {{database}}.grid_contract
  UNION ALL
  SELECT user_id, NULL AS stay, NULL AS contract, CAST(contract_kva AS DECIMAL(14, 4)) AS contract_kva, NULL AS meter, NULL AS area_id
  FROM {{database}}.grid_user
  UNION ALL
  SELECT user_id, NULL AS stay, NULL AS contract, NULL AS contract_kva, meter, area_id
  FROM meters
  WHERE role = 'USER'
),
-- a user without a history of memberships belongs to the area of its meters, one without a history of contracts has that of its own row
users AS (
  SELECT
    user_id,
    CASE
      WHEN count(stay) > 0 THEN collect_list(stay)
      ELSE transform(collect_set(area_id), area -> named_struct('from_date', CAST(NULL AS DATE), 'to_date', CAST(NULL AS DATE), 'area_id', area))
    END AS membership,
    CASE
      WHEN count(contract) > 0 THEN collect_list(contract)
      WHEN max(contract_kva) IS NOT NULL THEN array(named_struct('from_date', CAST(NULL AS DATE), 'to_date', CAST(NULL AS DATE), 'kva', max(contract_kva)))
    END AS contract,
    collect_list(meter) AS meters
  FROM user_facts
  GROUP BY user_id
),
area_facts AS (
  SELECT area_id, connection, CAST(rated_kva AS DECIMAL(14, 4)) AS rated_kva, NULL AS rated, NULL AS gateway, NULL AS user, NULL AS reactive, NULL AS register
  FROM {{database}}.grid_area
  UNION ALL
  SELECT id AS area_id, NULL AS connection, NULL AS rated_kva, named_struct('from_date', `from`, 'to_date', `to`, 'kva', CAST(value AS DECIMAL(14, 4))) AS rated, NULL AS gateway, NULL AS user, NULL AS reactive, NULL AS register
  FROM {{database}}.grid_rated
  UNION ALL
  SELECT area_id, NULL AS connection, NULL AS rated_kva, NULL AS rated, meter AS gateway, NULL AS user, NULL AS reactive, NULL AS register
  FROM meters
  WHERE role = 'GATEWAY'
  UNION ALL
  -- a user that moved is a user of both areas; which dates belong to which is decided by its memberships
  SELECT area_id, NULL AS connection, NULL AS rated_kva, NULL AS rated, NULL AS gateway, named_struct('user_id', user_id, 'membership', membership, 'contract', contract, 'meters', meters) AS user, NULL AS reactive, NULL AS register
  FROM users
  LATERAL VIEW explode(array_distinct(transform(membership, stay -> stay.area_id))) e AS area_id
  UNION ALL
  SELECT area_id, NULL AS connection, NULL AS rated_kva, NULL AS rated, NULL AS gateway, NULL AS user, meter_id AS reactive, NULL AS register
  FROM {{database}}.reactive_meter
  UNION ALL
  SELECT area_id, NULL AS connection, NULL AS rated_kva, NULL AS rated, NULL AS gateway, NULL AS user, NULL AS reactive, named_struct('meter_id', meter_id, 'date', date, 'ef', ef) AS register
  FROM {{database}}.gateway_register
),
areas AS (
  SELECT
    area_id,
    max(connection) AS connection,
    max(rated_kva) AS rated_kva,
    collect_list(rated) AS rated,
    collect_list(gateway) AS gateways,
    collect_list(user) AS users,
    collect_list(reactive) AS reactive,
    collect_list(register) AS registers
  FROM area_facts
  GROUP BY area_id
)
SELECT /*+ BROADCAST(l) */
  a.area_id,
  named_struct(
    'area_id', a.area_id, 'window_from', l.window_from, 'window_to', l.window_to, 'connection', a.connection, 'rated_kva', a.rated_kva, 'rated', a.rated,
    'gateways', a.gateways, 'users', a.users, 'reactive', a.reactive, 'registers', a.registers
  ) AS archive,
  NULL AS meter_id,
  NULL AS kind,
  NULL AS date,
  NULL AS points
FROM areas AS a
JOIN {{database}}.area_to_compute AS l ON l.area_id = a.area_id AND l.run_id = {{run_id}}
DISTRIBUTE BY a.area_id;
