import { hex, list, number, record, signed, time, type Layout, type RecordLayout } from '../layout/layout.ts'
import type { DataItem } from './data-item.ts'

/** Times of event records: ss mm hh DD MM YY. */
const at = time('smhDMY')
const kwh = number(4, 2, 'kWh')
const energy = number(4, 2)
const counter = record(['count', number(3, 0)])
const countAndMinutes = record(['count', number(3, 0)], ['minutes', number(3, 0, 'min')])
const perPhase = (layout: Layout): Layout => list(layout, 3, ['A', 'B', 'C'])
const startEnd = [['start', at], ['end', at]] as const

const fourEnergies = record(['forwardActive', kwh], ['reverseActive', kwh], ['combinedReactive1', signed(4, 2, 'kvarh')], ['combinedReactive2', signed(4, 2, 'kvarh')])
const phaseAtStart = record(
  ['energies', fourEnergies],
  ['voltage', number(2, 1, 'V')],
  ['current', signed(3, 3, 'A')],
  ['activePower', signed(3, 4, 'kW')],
  ['reactivePower', signed(3, 4, 'kvar')],
  ['powerFactor', signed(2, 3)],
)

/** 115 bytes: current events of one phase. */
const currentEvent = record(...startEnd, ['increments', fourEnergies], ['phases', perPhase(phaseAtStart)])
/** 131 bytes: voltage events of one phase, with the ampere-hours total, A, B, C. */
const voltageEvent = record(...startEnd, ['increments', fourEnergies], ['phases', perPhase(phaseAtStart)], ['ampereHours', list(number(4, 2, 'Ah'), 4, ['total', 'A', 'B', 'C'])])
/** 76 bytes: sixteen energy increments. */
const sixteen = record(...startEnd, ['increments', list(energy, 16)])
/** 78 bytes. */
const unbalance = record(...startEnd, ['maximumUnbalance', number(2, 2, '%')], ['increments', list(energy, 16)])
/** 60 bytes: twelve energies before and after. */
const cover = record(...startEnd, ['energies', list(energy, 12)])

interface EventClass {
  readonly tt: string
  readonly words: string
  readonly counters: Layout | null
  readonly record: RecordLayout
  /** DI1 is the phase 01–03. */
  readonly phases?: true
}

/** DL/T 645-2007 appendix A.5: 03 tt 00 00 counters, 03 tt pp 01–0A the last ten records. */
const classes: readonly EventClass[] = [
  { tt: '01', words: 'voltage loss', counters: perPhase(countAndMinutes), record: voltageEvent, phases: true },
  { tt: '02', words: 'under-voltage', counters: perPhase(countAndMinutes), record: voltageEvent, phases: true },
  { tt: '03', words: 'over-voltage', counters: perPhase(countAndMinutes), record: voltageEvent, phases: true },
  { tt: '04', words: 'phase failure', counters: perPhase(countAndMinutes), record: voltageEvent, phases: true },
  { tt: '05', words: 'total voltage loss', counters: countAndMinutes, record: record(['start', at], ['current', number(3, 3, 'A')], ['end', at]) },
  { tt: '06', words: 'auxiliary supply loss', counters: countAndMinutes, record: record(...startEnd) },
  { tt: '07', words: 'voltage reverse sequence', counters: countAndMinutes, record: sixteen },
  { tt: '08', words: 'current reverse sequence', counters: countAndMinutes, record: sixteen },
  { tt: '09', words: 'voltage unbalance', counters: countAndMinutes, record: unbalance },
  { tt: '0A', words: 'current unbalance', counters: countAndMinutes, record: unbalance },
  { tt: '0B', words: 'current loss', counters: perPhase(countAndMinutes), record: currentEvent, phases: true },
  { tt: '0C', words: 'over-current', counters: perPhase(countAndMinutes), record: currentEvent, phases: true },
  { tt: '0D', words: 'current break', counters: perPhase(countAndMinutes), record: currentEvent, phases: true },
  { tt: '0E', words: 'flow reversal', counters: perPhase(countAndMinutes), record: sixteen, phases: true },
  { tt: '0F', words: 'overload', counters: perPhase(countAndMinutes), record: sixteen, phases: true },
  { tt: '12', words: 'demand over limit', counters: list(number(3, 0), 6), record: record(...startEnd, ['demand', number(3, 4)], ['demandTime', time('mhDMY')]), phases: true },
  { tt: '35', words: 'magnetic field', counters: counter, record: record(...startEnd, ['energies', list(energy, 4)]) }, // SG
  { tt: '36', words: 'relay misoperation', counters: counter, record: record(['record', hex(29)]) }, // SG, inner layout not published
  { tt: '37', words: 'supply abnormal', counters: counter, record: record(['record', hex(20)]) }, // SG, inner layout not published
]

const classItems: readonly DataItem[] = classes.flatMap((each) => [
  ...(each.counters === null ? [] : [{ di: `03 ${each.tt} 00 00`, words: `total number of ${each.words} events`, layout: each.counters }]),
  { di: `03 ${each.tt} ${each.phases === true ? '00-06' : '00'} 01-0A`, words: `${each.words} record`, layout: each.record },
])

const withOperator = (...more: readonly (readonly [string, Layout])[]): RecordLayout => record(['time', at], ['operator', hex(4)], ...more)

/** 03 30: programming and the like; DI1 tells the event, DI0 = 00 its counter. */
const operations: readonly (readonly [di1: string, words: string, record: Layout])[] = [
  ['00', 'programming', withOperator(['identifiers', list(hex(4), 10)])],
  ['01', 'meter cleared', withOperator(['energies', list(energy, 24)])],
  ['02', 'demand cleared', withOperator(['demands', list(record(['demand', number(3, 4)], ['time', time('mhDMY')]), 24)])],
  ['03', 'events cleared', withOperator(['identifier', hex(4)])],
  ['04', 'clock set', record(['operator', hex(4)], ['before', at], ['after', at])],
  ['05', 'day tables changed', withOperator(['old', hex(null)])],
  ['06', 'zone tables changed', withOperator(['old', hex(null)])],
  ['07', 'weekends changed', withOperator(['old', hex(null)])],
  ['08', 'holidays changed', withOperator(['old', hex(null)])],
  ['09', 'active combination changed', withOperator(['old', hex(null)])],
  ['0A', 'reactive combination 1 changed', withOperator(['old', hex(null)])],
  ['0B', 'reactive combination 2 changed', withOperator(['old', hex(null)])],
  ['0C', 'settlement days changed', withOperator(['old', hex(null)])],
  ['0D', 'meter cover opened', cover],
  ['0E', 'terminal cover opened', cover],
]

const operationItems: readonly DataItem[] = operations.flatMap(([di1, words, layout]) => [
  { di: `03 30 ${di1} 00`, words, layout: counter },
  { di: `03 30 ${di1} 01-0A`, words: `${words}, record`, layout },
])

/** State Grid second numbering of the 2013 generation. Its per-phase statistics have no published layout but for the relay. */
const relayRecord = record(['time', at], ['operator', hex(4)], ['energies', list(energy, 6)])
const stateGridItems: readonly DataItem[] = [
  { di: '1D 00 00 01', words: 'relay trip count (state-grid extension)', layout: counter },
  { di: '1D 00 FF 01-0A', words: 'relay trip record (state-grid extension)', layout: relayRecord },
  { di: '1E 00 00 01', words: 'relay close count (state-grid extension)', layout: counter },
  { di: '1E 00 FF 01-0A', words: 'relay close record (state-grid extension)', layout: relayRecord },
]

export const eventItems: readonly DataItem[] = [
  ...classItems,
  { di: '03 10 00-03 00-0C', words: 'voltage qualification', layout: record(['statistics', hex(27)]) },
  { di: '03 11 00 00', words: 'total number of power-off events', layout: counter, item: 'powerOffCount' },
  { di: '03 11 00 01-0A', words: 'power-off record', layout: record(['off', at], ['on', at]) },
  ...operationItems,
  ...stateGridItems,
]

