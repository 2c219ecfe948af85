-- What depends on the profile or on the run.
SET 'table.local-time-zone' = '{{zone}}';
SET 'parallelism.default' = '{{parallelism}}';
SET 'pipeline.global-job-parameters' = 'station.outage.settings:{{settings}}';
