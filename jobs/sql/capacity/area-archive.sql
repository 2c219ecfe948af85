-- What the archive says about each area, one row per area: capacity, meters with their transformer ratios, users with memberships and contracts,
-- registers of the gateway meters. Bucketed like the curves, so that both meet without moving a curve.
INSERT OVERWRITE {{database}}.area_archive
WITH listed AS (
  SELECT area_id, window_from, window_to
  FROM {{database}}.area_to_compute
  WHERE run_id = {{run_id}}
),
-- an area without a history has the capacity of its own row for ever
rated AS (
  SELECT area_id, collect_list(named_struct('from_date', from_date, 'to_date', to_date, 'kva', kva)) AS rated
  FROM (
    SELECT id AS area_id, `from` AS from_date, `to` AS to_date, CAST(value AS DECIMAL(14, 4)) AS kva
    FROM {{database}}.grid_rated
    UNION ALL
    SELECT a.area_id, NULL AS from_date, NULL AS to_date, CAST(a.rated_kva AS DECIMAL(14, 4)) AS kva
    FROM {{database}}.grid_area AS a
    LEFT ANTI JOIN {{database}}.grid_rated AS r ON r.id = a.area_id
    WHERE a.rated_kva IS NOT NULL
  )
  GROUP BY area_id
),
contracts AS (
  SELECT user_id, collect_list(named_struct('from_date', from_date, 'to_date', to_date, 'kva', kva)) AS contract
  FROM (
    SELECT id AS user_id, `from` AS from_date, `to` AS to_date, CAST(value AS DECIMAL(14, 4)) AS kva
    FROM {{database}}.grid_contract
    UNION ALL
    SELECT u.user_id, NULL AS from_date, NULL AS to_date, CAST(u.contract_kva AS DECIMAL(14, 4)) AS kva
    FROM {{database}}.grid_user AS u
    LEFT ANTI JOIN {{database}}.grid_contract AS c ON c.id = u.user_id
    WHERE u.contract_kva IS NOT NULL
  )
  GROUP BY user_id
),
-- every stay of a user in an area; a user without a history belongs to the area of its meters
stays AS (
  SELECT id AS user_id, value AS area_id, `from` AS from_date, `to` AS to_date
  FROM {{database}}.grid_membership
  UNION ALL
  SELECT DISTINCT m.user_id, m.area_id, CAST(NULL AS DATE) AS from_date, CAST(NULL AS DATE) AS to_date
  FROM {{database}}.grid_meter AS m
  LEFT ANTI JOIN {{database}}.grid_membership AS h ON h.id = m.user_id
  WHERE m.role = 'USER'
),
-- each area sees all stays of its users, its own marked: of two that overlap the later one counts
memberships AS (
  SELECT p.area_id, p.user_id, collect_list(named_struct('from_date', s.from_date, 'to_date', s.to_date, 'here', s.area_id <=> p.area_id)) AS membership
  FROM (SELECT DISTINCT s.area_id, s.user_id FROM stays AS s LEFT SEMI JOIN listed AS l ON l.area_id = s.area_id) AS p
  JOIN stays AS s ON s.user_id = p.user_id
  GROUP BY p.area_id, p.user_id
),
users AS (
  SELECT m.area_id, collect_list(named_struct('user_id', m.user_id, 'membership', m.membership, 'contract', c.contract)) AS users
  FROM memberships AS m
  LEFT JOIN contracts AS c ON c.user_id = m.user_id
  GROUP BY m.area_id
),
-- a meter's day is complete only when its Q is there too, if it measures Q
reactive AS (
  SELECT DISTINCT meter_id
  FROM {{database}}.curve_day
  WHERE kind = 'Q'
    AND month >= (SELECT min(date_format(window_from, 'yyyyMM')) FROM listed)
    AND month <= (SELECT max(date_format(window_to, 'yyyyMM')) FROM listed)
),
area_meters AS (
  SELECT m.area_id, m.meter_id
  FROM {{database}}.grid_meter AS m
  WHERE m.role = 'GATEWAY'
  UNION
  SELECT p.area_id, m.meter_id
  FROM memberships AS p
  JOIN {{database}}.grid_meter AS m ON m.user_id = p.user_id AND m.role = 'USER'
),
meters AS (
  SELECT
    a.area_id,
    collect_list(named_struct(
      'meter_id', m.meter_id, 'mp_id', m.mp_id, 'role', m.role, 'user_id', m.user_id, 'wiring', m.wiring, 'phase', m.phase,
      'ct', CAST(m.ct AS DECIMAL(14, 4)), 'pt', CAST(m.pt AS DECIMAL(14, 4)), 'from_time', m.`from`, 'to_time', m.`to`,
      'start_ef', m.start_ef, 'stop_ef', m.stop_ef, 'has_q', q.meter_id IS NOT NULL, 'listed', m.listed
    )) AS meters
  FROM area_meters AS a
  LEFT SEMI JOIN listed AS l ON l.area_id = a.area_id
  JOIN {{database}}.grid_meter AS m ON m.meter_id = a.meter_id AND (m.role = 'USER' OR m.area_id = a.area_id)
  LEFT JOIN reactive AS q ON q.meter_id = m.meter_id
  GROUP BY a.area_id
),
-- the register at the end of the window's last day is that of the next day
registers AS (
  SELECT l.area_id, collect_list(named_struct('meter_id', r.meter_id, 'date', r.date, 'ef', r.ef)) AS registers
  FROM listed AS l
  JOIN (SELECT DISTINCT area_id, meter_id FROM {{database}}.grid_meter WHERE role = 'GATEWAY') AS m ON m.area_id = l.area_id
  JOIN {{database}}.register_day AS r ON r.meter_id = m.meter_id AND r.date BETWEEN l.window_from AND date_add(l.window_to, 1)
  WHERE r.ef IS NOT NULL
  GROUP BY l.area_id
)
SELECT
  l.area_id,
  named_struct(
    'window_from', l.window_from,
    'window_to', l.window_to,
    'connection', a.connection,
    'rated', r.rated,
    'meters', m.meters,
    'users', u.users,
    'registers', g.registers
  ) AS archive,
  NULL AS meter_id,
  NULL AS kind,
  NULL AS date,
  NULL AS points
FROM listed AS l
LEFT JOIN {{database}}.grid_area AS a ON a.area_id = l.area_id
LEFT JOIN rated AS r ON r.area_id = l.area_id
LEFT JOIN meters AS m ON m.area_id = l.area_id
LEFT JOIN users AS u ON u.area_id = l.area_id
LEFT JOIN registers AS g ON g.area_id = l.area_id
DISTRIBUTE BY l.area_id;
