import { ascii, hex, list, record } from '../layout/layout.ts'
import { a1, a15, a20, bin1, bin2, bin4 } from './formats.ts'
import { unitIdLayout } from './unit-id.ts'
import { bare, row, type UnitRow } from './unit-layout.ts'

/** AFN 00 confirm / deny (5.1). */
export const confirmRows: readonly UnitRow[] = [
  bare(1, 'all confirmed'),
  bare(2, 'all denied'),
  // AFN of the confirmed frame, then identifier and error (0 = right) of each unit
  row(3, 'confirmed unit by unit', record(['afn', bin1], ['results', list(record(['unit', unitIdLayout], ['err', bin1]), 'rest')])),
  row(4, 'authentication hardware error', record(['raw', hex(null)])), // 2013
]

/** AFN 01 reset (5.2). */
export const resetRows: readonly UnitRow[] = [
  bare(1, 'hardware reset'),
  bare(2, 'clear the data area'),
  bare(3, 'factory values'),
  bare(4, 'factory values, communication with the master kept'),
]

/** AFN 02 link interface test (5.3). The 2013 heartbeat carries the clock. */
export const linkRows: readonly UnitRow[] = [
  bare(1, 'login'),
  bare(2, 'logout'),
  row(3, 'heartbeat', record(['clock', a1])),
]

/** AFN 05 control (5.5). F9–F24 (load control) have no layout in the public texts. */
export const controlRows: readonly UnitRow[] = [
  // D7–D4 warning in minutes (0 = at once), D3–D0 duration in half hours (0 = for ever)
  row(1, 'trip', record(['trip', bin1])),
  bare(2, 'allow closing'),
  row(25, 'protect', record(['halfHours', bin1])),
  bare(26, 'dunning warning'),
  bare(27, 'allow calls'),
  bare(28, 'isolate the terminal'),
  bare(29, 'allow unsolicited reports'),
  row(31, 'set the clock', record(['clock', a1])),
  row(32, 'text message', record(['kind', bin1], ['length', bin1], ['text', { type: 'hex', bytes: { field: 'length' } }])),
  bare(33, 'end protection'),
  bare(34, 'end the dunning warning'),
  bare(35, 'forbid calls'),
  bare(36, 'end isolation'),
  bare(37, 'forbid unsolicited reports'),
  bare(38, 'connect to the master'),
  bare(39, 'disconnect from the master'),
  row('49-51', 'meter reading of a port: pause, resume, restart', record(['port', bin1])),
  row(52, 'initialise the routes of a port', record(['port', bin1])),
  row(53, 'delete all meters of a port', record(['port', bin1])),
]

/** AFN 09 terminal information (5.8): F1 is known in full, the others only by name. */
export const informationRows: readonly UnitRow[] = [
  row(1, 'version', record(
    ['vendor', ascii(4)], ['deviceNumber', ascii(8)], ['softwareVersion', ascii(4)], ['softwareDate', a20], ['capacityCode', ascii(11)],
    ['protocolVersion', ascii(4)], ['hardwareVersion', ascii(4)], ['hardwareDate', a20],
  )),
  ...[[2, 'ports and capacity'], [3, 'other configuration'], [4, 'supported parameters'], [5, 'supported controls'], [6, 'supported class 1 data'], [7, 'supported class 2 data'], [8, 'supported events']]
    .map(([fn, words]) => row(fn as number, words as string, record(['raw', hex(null)]))),
]

/** AFN 0B task data (5.10): the request; answers come as AFN 0C or 0D. */
export const taskRows: readonly UnitRow[] = [
  bare(1, 'class 1 task'),
  row(2, 'class 2 task', record(['start', a15])),
]

/** AFN 0F file transfer (5.14). */
export const fileRowsDown: readonly UnitRow[] = [
  row(1, 'file segment', record(['file', bin1], ['attribute', bin1], ['command', bin1], ['segments', bin2], ['segment', bin4], ['length', bin2], ['content', { type: 'hex', bytes: { field: 'length' } }])),
]
export const fileRowsUp: readonly UnitRow[] = [row(1, 'accepted segment', record(['segment', bin4]))]
