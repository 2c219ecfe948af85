/*
  Makes the pattern of one storm day from the changes of a utility's outage map (see README.md for where they come from):

    node examples/pge-storm/make-storm-day.mjs changes.csv.gz 2020-02-09 > examples/pge-storm/2020-02-09.csv

  One row an outage that began on that day (US Pacific standard time): seconds since midnight, the largest number of customers that the map
  ever showed for it, and minutes until it was gone from the map for good. Outages that never went, and lengths outside 5 minutes to
  3 days, are left out and counted on standard error.
*/
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'

const pacificMs = -8 * 3_600_000

const [file, day] = process.argv.slice(2)
const dayStartS = (Date.parse(`${day}T00:00:00Z`) - pacificMs) / 1_000
const outages = new Map()
for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
  const [snapshot, op, id, start, , , customers] = line.split(',')
  if (op === 'new' && start !== '') outages.set(id, { startS: Number(start), customers: 0, goneS: null })
  const outage = outages.get(id)
  if (outage === undefined) continue
  if (op === 'gone') outage.goneS = Number(snapshot)
  else {
    outage.goneS = null // back again: it lasts on
    outage.customers = Math.max(outage.customers, Number(customers))
  }
}
const ofDay = [...outages.values()].filter(({ startS }) => startS >= dayStartS && startS < dayStartS + 86_400)
const rows = ofDay
  .map(({ startS, customers, goneS }) => ({ offset: startS - dayStartS, customers, minutes: goneS === null ? Number.NaN : Math.round((goneS - startS) / 60) }))
  .filter(({ customers, minutes }) => customers > 0 && minutes >= 5 && minutes <= 4_320)
  .sort((left, right) => left.offset - right.offset || left.customers - right.customers || left.minutes - right.minutes)
console.error(`${rows.length} of ${ofDay.length} outages of ${day}`)
console.log(['offset_s,customers,length_min', ...rows.map(({ offset, customers, minutes }) => `${offset},${customers},${minutes}`)].join('\n'))
