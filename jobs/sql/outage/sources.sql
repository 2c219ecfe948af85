-- Row time = time of the Kafka record (log append in operation, receivedAt in a replay): a device's clock never makes a row late.
CREATE TEMPORARY TABLE event_valid (
  `eventId` STRING,
  `deviceKind` STRING,
  `deviceId` STRING,
  `areaId` STRING,
  `feederId` STRING,
  `branchId` STRING,
  `lineId` STRING,
  `boxId` STRING,
  `phase` STRING,
  `kind` STRING,
  `occurredAtMs` BIGINT,
  `endedAtMs` BIGINT,
  `receivedAtMs` BIGINT,
  `normal` BOOLEAN,
  `valid` BOOLEAN,
  `source` STRING,
  `topologyVersion` BIGINT,
  row_time TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR row_time AS row_time - INTERVAL '0.001' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = '{{events_topic}}',
  'properties.bootstrap.servers' = '{{brokers}}',
  'properties.group.id' = '{{group}}',
  'properties.isolation.level' = 'read_committed',
  'properties.max.poll.records' = '2000',
  'scan.startup.mode' = '{{startup}}',
  'scan.bounded.mode' = '{{events_bounded}}',
  'scan.watermark.idle-timeout' = '{{events_idle}}',
  'scan.watermark.emit.strategy' = '{{watermark_emit}}',
  'format' = 'json',
  'json.ignore-parse-errors' = 'true'
);

-- One feeder's tree per record; the function reads the JSON itself. A null value removes the feeder.
CREATE TEMPORARY TABLE feeder_topology (
  feeder_id STRING,
  record STRING,
  row_time TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR row_time AS row_time - INTERVAL '0.001' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = '{{topology_topic}}',
  'properties.bootstrap.servers' = '{{brokers}}',
  'properties.group.id' = '{{group}}',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'scan.bounded.mode' = '{{topology_bounded}}',
  'scan.watermark.idle-timeout' = '{{topology_idle}}',
  'key.format' = 'raw',
  'key.fields' = 'feeder_id',
  'value.format' = 'raw',
  'value.fields-include' = 'EXCEPT_KEY'
);
