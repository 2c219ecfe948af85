#!/usr/bin/env bash
# All tests, in the order of their price. Ends with one line: how many passed and failed.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p out/test
rm -f out/test/*.json
status=0
step() { echo; echo "── $1"; shift; "$@" || status=1; }

step 'types, lint, room walls' npm run --silent check
step 'unit tests' npx vitest run --config test/vitest.unit.ts --reporter=default --reporter=json --outputFile.json=out/test/unit.json
step 'SQL functions (JUnit)' mvn -q -B -f jobs/udf/pom.xml verify
step 'integration tests on real engines' npx vitest run --config test/vitest.integration.ts --reporter=default --reporter=json --outputFile.json=out/test/integration.json
echo
node test/summary.mjs "$status" out/test/unit.json out/test/integration.json jobs/udf
