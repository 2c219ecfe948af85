outage_judge(
  events => TABLE event_judged PARTITION BY feeder_id,
  topology => TABLE feeder_topology PARTITION BY feeder_id,
  on_time => DESCRIPTOR(row_time),
  uid => 'outage-judge'
)
