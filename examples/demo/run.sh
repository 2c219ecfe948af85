#!/usr/bin/env bash
# The demo: a real storm on a real low-voltage grid through the real outage job, a year of curves through the real nightly job,
# then one report. Every step is a command that can be typed as it stands. KEEP=1 leaves the engines running.
set -euo pipefail
cd "$(dirname "$0")/../.."

out=out/demo
grid=$out/grid
storm=$out/storm
database=demo
year_from=2016-01-01
year_to=2016-12-31
rm -rf "$out"
mkdir -p "$out"

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m'; dim=$'\e[2m'; plain=$'\e[0m'; else bold=; dim=; plain=; fi
part() { printf '\n%s── %s%s\n' "$bold" "$1" "$plain"; }
station() { printf '%s$ station %s%s\n' "$dim" "$*" "$plain" >&2; node dist/cli/bin.js "$@"; }
started=$SECONDS

finish() {
  local status=$?
  if [ "${KEEP:-}" = 1 ]; then
    printf '\nThe engines stay up (KEEP=1). Take them down with: node dist/cli/bin.js engines down\n'
  else
    node dist/cli/bin.js engines down --force >/dev/null 2>&1 || printf 'the engines could not be taken down: see node dist/cli/bin.js engines status\n' >&2
  fi
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

part 'Engines: Kafka, Flink and Spark from the package registries'
station engines up

part 'Real grid: 77 low-voltage feeders of Electricity North West, 4,766 customers with their phases'
station grid import enwl --from examples/enwl-lv --out "$grid"

part 'Real storm: faults placed by arrival, size and length of the outages of 9 February 2020 (PG&E)'
station simulate outage --seed 7 --grid "$grid" --arrivals examples/pge-storm/2020-02-09.csv --faults 80 --hours 24 --start 2020-02-09T00:00:00.000+08:00 --out "$storm"

part 'Outages: Flink SQL judges the reports as they arrive; disputed places are called'
station outage replay --grid "$storm" --events "$storm/events.ndjson" --out "$out/outages.ndjson" --calls "node dist/cli/bin.js simulate answer --dir $storm"
station outage score --grid "$storm" --truth "$storm/truth.ndjson" --outages "$out/outages.ndjson" > "$out/score.json"

part 'A year of curves: measured household days on every customer, gateways as the sum of their users'
station dataset load --grid "$grid" --profiles examples/enwl-lv/profiles --from "$year_from" --to "$year_to" --factor 1.6 --database "$database" --replace

part 'Capacity: Spark SQL computes the 15 indicators of every transformer area'
station run capacity --date "$year_to" --days 366 --set database="$database"

part 'Result'
station report --out "$out/report.html" --events "$storm/events.ndjson" --outages "$out/outages.ndjson" --grid "$storm" --truth "$storm/truth.ndjson" \
  --capacity "$database" --title 'Cloud Master Station: a storm and a year on 77 real feeders'
printf '\n%sdone in %d s%s\n' "$bold" "$((SECONDS - started))" "$plain"
