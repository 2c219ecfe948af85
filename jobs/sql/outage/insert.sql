-- One call of the judge: its text is the same in every INSERT, so that the planner makes one node of it (a test counts them).
EXECUTE STATEMENT SET
BEGIN
INSERT INTO outage
SELECT
  outage_id AS `outageId`,
  version AS `version`,
  state AS `state`,
  node_id AS `nodeId`,
  node_level AS `level`,
  phase AS `phase`,
  feeder_id AS `feederId`,
  area_id AS `areaId`,
  start_at_ms AS `startAtMs`,
  confirmed_at_ms AS `confirmedAtMs`,
  restored_at_ms AS `restoredAtMs`,
  affected_users AS `affectedUsers`,
  probability AS `probability`,
  CAST(ROW(off_count, expected_count, alive_count, terminal_off, ping_count) AS ROW<`off` INT, `expected` INT, `alive` INT, `terminalOff` BOOLEAN, `pings` INT>) AS `evidence`,
  decided_at_ms AS `decidedAtMs`,
  topology_version AS `topologyVersion`
FROM {{> judge_call}}
WHERE kind = 'OUTAGE';

INSERT INTO call_request
SELECT
  call_id AS `callId`,
  device_id AS `deviceId`,
  outage_id AS `outageId`,
  feeder_id AS `feederId`,
  decided_at_ms AS `askedAtMs`
FROM {{> judge_call}}
WHERE kind = 'CALL';

INSERT INTO watch
SELECT
  area_id AS `areaId`,
  feeder_id AS `feederId`,
  until_ms AS `untilMs`,
  decided_at_ms AS `decidedAtMs`
FROM {{> judge_call}}
WHERE kind = 'WATCH';

INSERT INTO topology_hint
SELECT
  device_id AS `deviceId`,
  feeder_id AS `feederId`,
  state AS `hint`,
  node_id AS `archiveNodeId`,
  detail AS `proposedNodeId`,
  outage_id AS `outageId`,
  amount AS `witnesses`,
  decided_at_ms AS `decidedAtMs`
FROM {{> judge_call}}
WHERE kind = 'HINT';

INSERT INTO event_discard
SELECT feeder_id AS `feederId`, CAST(NULL AS STRING) AS `eventId`, detail AS `reason`, amount AS `amount`, decided_at_ms AS `atMs`
FROM {{> judge_call}}
WHERE kind = 'COUNTER'
UNION ALL
SELECT feeder_id AS `feederId`, event_id AS `eventId`, reason AS `reason`, CAST(1 AS BIGINT) AS `amount`, received_at_ms AS `atMs`
FROM event_checked
WHERE reason IS NOT NULL;
END;
