-- Registers of the gateway meters, from a day table that may hold those of every meter. The register at the end of the window's last day is
-- that of the next day.
INSERT OVERWRITE {{database}}.gateway_register
SELECT /*+ BROADCAST(m) */ m.area_id, r.meter_id, r.date, r.ef
FROM {{database}}.register_day AS r
JOIN {{database}}.grid_meter AS m ON m.meter_id = r.meter_id
WHERE m.role = 'GATEWAY'
  AND r.ef IS NOT NULL
  AND r.date BETWEEN {{window_from}} AND date_add({{window_to}}, 1);
