CREATE TEMPORARY TABLE outage (
  `outageId` STRING,
  `version` INT,
  `state` STRING,
  `nodeId` STRING,
  `level` STRING,
  `phase` STRING,
  `feederId` STRING,
  `areaId` STRING,
  `startAtMs` BIGINT,
  `confirmedAtMs` BIGINT,
  `restoredAtMs` BIGINT,
  `affectedUsers` INT,
  `probability` DOUBLE,
  `evidence` ROW<`off` INT, `expected` INT, `alive` INT, `terminalOff` BOOLEAN, `pings` INT>,
  `decidedAtMs` BIGINT,
  `topologyVersion` BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = '{{outage_topic}}',
  'properties.bootstrap.servers' = '{{brokers}}',
  'properties.transaction.timeout.ms' = '600000',
  'sink.delivery-guarantee' = '{{delivery}}',
  'sink.transactional-id-prefix' = '{{outage_topic}}-{{group}}',
  'key.format' = 'raw',
  'key.fields' = 'outageId',
  'value.format' = 'json',
  'value.fields-include' = 'ALL'
);

CREATE TEMPORARY TABLE call_request (
  `callId` STRING,
  `deviceId` STRING,
  `outageId` STRING,
  `feederId` STRING,
  `askedAtMs` BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = '{{call_topic}}',
  'properties.bootstrap.servers' = '{{brokers}}',
  'key.format' = 'raw',
  'key.fields' = 'callId',
  'value.format' = 'json',
  'value.fields-include' = 'ALL'
);

CREATE TEMPORARY TABLE watch (
  `areaId` STRING,
  `feederId` STRING,
  `untilMs` BIGINT,
  `decidedAtMs` BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = '{{watch_topic}}',
  'properties.bootstrap.servers' = '{{brokers}}',
  'key.format' = 'raw',
  'key.fields' = 'areaId',
  'value.format' = 'json',
  'value.fields-include' = 'ALL'
);

CREATE TEMPORARY TABLE topology_hint (
  `deviceId` STRING,
  `feederId` STRING,
  `hint` STRING,
  `archiveNodeId` STRING,
  `proposedNodeId` STRING,
  `outageId` STRING,
  `witnesses` BIGINT,
  `decidedAtMs` BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = '{{hint_topic}}',
  'properties.bootstrap.servers' = '{{brokers}}',
  'key.format' = 'raw',
  'key.fields' = 'deviceId',
  'value.format' = 'json',
  'value.fields-include' = 'ALL'
);

CREATE TEMPORARY TABLE event_discard (
  `feederId` STRING,
  `eventId` STRING,
  `reason` STRING,
  `amount` BIGINT,
  `atMs` BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = '{{discard_topic}}',
  'properties.bootstrap.servers' = '{{brokers}}',
  'key.format' = 'raw',
  'key.fields' = 'feederId',
  'value.format' = 'json',
  'value.fields-include' = 'ALL'
);
