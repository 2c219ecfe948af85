CREATE TEMPORARY FUNCTION outage_judge AS 'station.outage.OutageJudge' USING JAR '{{jars}}/outage-judge.jar';
