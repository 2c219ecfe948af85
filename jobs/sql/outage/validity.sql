-- R0: what is no usable event, with the code of docs/domain.md 5. Duplicates and clocks need memory and are judged in the function.
CREATE TEMPORARY VIEW event_checked AS
SELECT
  `eventId` AS event_id,
  `feederId` AS feeder_id,
  `kind` AS kind,
  `deviceKind` AS device_kind,
  `deviceId` AS device_id,
  `areaId` AS area_id,
  `lineId` AS line_id,
  `boxId` AS box_id,
  `phase` AS phase,
  `occurredAtMs` AS occurred_at_ms,
  `endedAtMs` AS ended_at_ms,
  `normal` AS is_normal,
  `receivedAtMs` AS received_at_ms,
  row_time,
  CASE
    WHEN `kind` = 'TICK' THEN CAST(NULL AS STRING)
    WHEN `deviceId` IS NULL OR `kind` IS NULL OR `deviceKind` IS NULL THEN 'V01'
    WHEN `kind` NOT IN ('OFF', 'ON', 'ALIVE', 'TRIP', 'PING_OK', 'PING_FAIL', 'MODULE_CHANGED') THEN 'V01'
    WHEN `feederId` IS NULL OR (`areaId` IS NULL AND `deviceKind` <> 'SWITCH') THEN 'V02'
  END AS reason
FROM event_valid;

CREATE TEMPORARY VIEW event_judged AS
SELECT feeder_id, kind, device_kind, device_id, area_id, line_id, box_id, phase, occurred_at_ms, ended_at_ms, is_normal, row_time
FROM event_checked
-- ticks move time at the source already
WHERE reason IS NULL AND feeder_id IS NOT NULL AND kind <> 'TICK';
