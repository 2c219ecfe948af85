import { asciiReversed, bits, digits, hex, list, number, record, time, type CustomLayout, type LayoutValue } from '../layout/layout.ts'
import { asRecord } from '../layout/write.ts'
import { invalidField } from '../writer.ts'
import type { DataItem } from './data-item.ts'
import { statusWords } from './status-words.ts'

/*
  04001501 active-report status word (State Grid)
    flags   12 bytes  96 flags, D0 of the first byte is flag 0
    AA
    counts  1 byte for each flag that is set, in ascending order: occurrences since the last report
    AA
*/
const activeReport: CustomLayout = {
  type: 'custom',
  minimumBytes: 14,
  read(reader) {
    const flagBytes = reader.take(12)
    const flags: number[] = []
    for (let flag = 0; flag < 96; flag++) if ((((flagBytes[flag >> 3] ?? 0) >> (flag & 7)) & 1) === 1) flags.push(flag)
    if (reader.u8() !== 0xaa && reader.ok) reader.fail('FIELD_INVALID', 'separator AA is missing')
    const counts = Array.from({ length: reader.count(flags.length, 1) }, () => reader.u8())
    if (reader.u8() !== 0xaa && reader.ok) reader.fail('FIELD_INVALID', 'separator AA is missing')
    return { flags, counts }
  },
  write(writer, value, field) {
    const { flags, counts } = asRecord(value, field) as { flags?: readonly number[]; counts?: readonly number[] }
    if (!Array.isArray(flags) || !Array.isArray(counts) || flags.length !== counts.length) throw invalidField(field, 'needs flags and as many counts')
    const bytes = new Uint8Array(12)
    for (const flag of flags as readonly number[]) {
      if (!Number.isInteger(flag) || flag < 0 || flag > 95) throw invalidField(`${field}.flags`, 'has a flag outside 0 to 95')
      bytes[flag >> 3] = (bytes[flag >> 3] as number) | (1 << (flag & 7))
    }
    writer.bytes(bytes)
    writer.u8(0xaa)
    for (const count of counts as readonly number[]) writer.u8(count, `${field}.counts`)
    writer.u8(0xaa)
  },
  describe: (value: LayoutValue) => activeReportWords((value as { flags: readonly number[] }).flags),
}

const phaseFlags = ['voltage loss', 'under-voltage', 'over-voltage', 'current loss', 'over-current', 'overload', 'reversed', 'failure', 'current break']
const flagNames: Readonly<Record<number, string>> = Object.fromEntries([
  [0, 'relay misoperation'], [1, 'ESAM error'], [3, 'clock battery low'], [4, 'program error'], [5, 'memory error'], [7, 'clock error'],
  [8, 'reading battery low'], [9, 'overdraft'], [10, 'meter cover opened'], [11, 'terminal cover opened'], [12, 'magnetic field'], [13, 'supply abnormal'], [14, 'trip done'], [15, 'close done'],
  ...['A', 'B', 'C'].flatMap((phase, index) => phaseFlags.map((name, bit) => [16 * (index + 1) + bit, `phase ${phase} ${name}`] as const)),
  [64, 'voltage reverse sequence'], [65, 'current reverse sequence'], [66, 'voltage unbalance'], [67, 'current unbalance'], [68, 'auxiliary supply loss'],
  [69, 'power off'], [70, 'demand over limit'], [71, 'power factor low'], [72, 'severe current unbalance'], [73, 'flow reversal'], [74, 'total voltage loss'],
  [80, 'programming'], [81, 'meter cleared'], [82, 'demand cleared'], [83, 'events cleared'], [84, 'clock set'],
] as readonly (readonly [number, string])[])

export function activeReportWords(flags: readonly number[]): string {
  return flags.length === 0 ? 'nothing new' : flags.map((flag) => flagNames[flag] ?? `flag ${flag}`).join('; ')
}

/** Password values are written, never read; they stay hex. */
const passwordValue = hex(4)

/** A schedule of n entries of three bytes: time or date, then the number of the table or tariff. */
const schedule = (order: string, name: string) => list(record(['number', number(1, 0)], [name, time(order)]), 'rest') // NN travels first, being least significant

const wordBits = (names: readonly (string | null)[] = []) => bits(1, names)

/** DL/T 645-2007 appendix A.4: parameters 04 DI2 DI1 DI0, with State Grid supplements (SG). */
export const parameterItems: readonly DataItem[] = [
  { di: '04 00 01 01', words: 'date and weekday', layout: record(['weekday', number(1, 0)], ['date', time('DMY')]) },
  { di: '04 00 01 02', words: 'time', layout: record(['time', time('smh')]) },
  { di: '04 00 01 03', words: 'demand period', layout: number(1, 0, 'min') },
  { di: '04 00 01 04', words: 'demand slide', layout: number(1, 0, 'min') },
  { di: '04 00 01 05', words: 'pulse width', layout: number(2, 0, 'ms') },
  { di: '04 00 01 06', words: 'switch time of the zone tables', layout: record(['time', time('mhDMY')]) },
  { di: '04 00 01 07', words: 'switch time of the slot tables', layout: record(['time', time('mhDMY')]) },
  { di: '04 00 01 0C', words: 'date and time', layout: record(['time', time('smh')], ['weekday', number(1, 0)], ['date', time('DMY')]) }, // SG
  { di: '04 00 02 01', words: 'number of year zones', layout: number(1, 0) },
  { di: '04 00 02 02', words: 'number of day tables', layout: number(1, 0) },
  { di: '04 00 02 03', words: 'number of day slots', layout: number(1, 0) },
  { di: '04 00 02 04', words: 'number of tariffs', layout: number(1, 0) },
  { di: '04 00 02 05', words: 'number of holidays', layout: number(2, 0) },
  { di: '04 00 02 06', words: 'number of harmonics', layout: number(1, 0) },
  { di: '04 00 02 07', words: 'number of steps', layout: number(1, 0) }, // SG
  { di: '04 00 03 01', words: 'number of displayed screens', layout: number(1, 0) },
  { di: '04 00 03 02', words: 'display time of a screen', layout: number(1, 0, 's') },
  { di: '04 00 03 03', words: 'decimals of displayed energy', layout: number(1, 0) },
  { di: '04 00 03 04', words: 'decimals of displayed power', layout: number(1, 0) },
  { di: '04 00 03 05', words: 'number of screens by button', layout: number(1, 0) },
  { di: '04 00 03 06', words: 'current transformer ratio', layout: number(3, 0) },
  { di: '04 00 03 07', words: 'voltage transformer ratio', layout: number(3, 0) },
  { di: '04 00 04 01', words: 'communication address', layout: digits(6) },
  { di: '04 00 04 02', words: 'meter number', layout: digits(6) },
  { di: '04 00 04 03', words: 'asset code', layout: asciiReversed(32) },
  { di: '04 00 04 04', words: 'rated voltage', layout: asciiReversed(6) },
  { di: '04 00 04 05', words: 'basic current', layout: asciiReversed(6) },
  { di: '04 00 04 06', words: 'maximum current', layout: asciiReversed(6) },
  { di: '04 00 04 07', words: 'active accuracy class', layout: asciiReversed(4) },
  { di: '04 00 04 08', words: 'reactive accuracy class', layout: asciiReversed(4) },
  { di: '04 00 04 09', words: 'active constant', layout: number(3, 0, 'imp/kWh') },
  { di: '04 00 04 0A', words: 'reactive constant', layout: number(3, 0, 'imp/kvarh') },
  { di: '04 00 04 0B', words: 'meter model', layout: asciiReversed(10) },
  { di: '04 00 04 0C', words: 'production date', layout: asciiReversed(10) },
  { di: '04 00 04 0D', words: 'protocol version', layout: asciiReversed(16) },
  { di: '04 00 04 0E', words: 'customer number', layout: digits(6) }, // SG
  ...statusWords.map((layout, index): DataItem => ({ di: `04 00 05 0${index + 1}`, words: `status word ${index + 1}`, layout })),
  { di: '04 00 05 FF', words: 'status words', layout: record(...statusWords.map((layout, index) => [`word${index + 1}`, layout] as const)) },
  { di: '04 00 06 01', words: 'active combination word', layout: wordBits(['forward added', 'forward subtracted', 'reverse added', 'reverse subtracted']) },
  { di: '04 00 06 02-03', words: 'reactive combination word', layout: wordBits(['I added', 'I subtracted', 'II added', 'II subtracted', 'III added', 'III subtracted', 'IV added', 'IV subtracted']) },
  { di: '04 00 07 01-05', words: 'speed word', layout: wordBits([null, '600 bit/s', '1200 bit/s', '2400 bit/s', '4800 bit/s', '9600 bit/s', '19200 bit/s']) },
  { di: '04 00 08 01', words: 'weekend word', layout: wordBits(['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']) },
  { di: '04 00 08 02', words: 'day table of the weekend', layout: number(1, 0) },
  { di: '04 00 09 01', words: 'load-record mode word', layout: wordBits() },
  { di: '04 00 09 02-06', words: 'freeze mode word', layout: wordBits() }, // 03–06 SG
  { di: '04 00 0A 01', words: 'start of load recording', layout: record(['time', time('mhDM')]) },
  { di: '04 00 0A 02-07', words: 'load-record interval', layout: number(2, 0, 'min') },
  { di: '04 00 0B 01-03', words: 'settlement day', layout: record(['time', time('hD')]) },
  { di: '04 00 0C 01-0A', words: 'password', layout: passwordValue },
  { di: '04 00 0D 01-0C', words: 'loss coefficient', layout: number(2, 3) },
  { di: '04 00 0E 01-02', words: 'power limit', layout: number(3, 4, 'kW') },
  { di: '04 00 0E 03-04', words: 'voltage limit', layout: number(2, 1, 'V') },
  { di: '04 00 11 04', words: 'active-report mode word', layout: hex(8) }, // SG
  { di: '04 00 12 01', words: 'start of hourly freezes', layout: record(['time', time('mhDMY')]) }, // SG
  { di: '04 00 12 02', words: 'interval of hourly freezes', layout: number(1, 0, 'min') }, // SG
  { di: '04 00 12 03', words: 'time of the daily freeze', layout: record(['time', time('mh')]) }, // SG
  { di: '04 00 15 01', words: 'active-report status word', layout: activeReport }, // SG
  { di: '04 00 15 03', words: 'reset of the active-report status word', layout: hex(12) }, // SG
  { di: '04 01-02 00 00', words: 'year zone table', layout: schedule('DM', 'from') },
  { di: '04 01-02 00 01-08', words: 'day slot table', layout: schedule('mh', 'from') },
  { di: '04 03 00 01-FE', words: 'holiday', layout: record(['dayTable', number(1, 0)], ['date', time('DMY')]) },
  { di: '04 80 00 01', words: 'software version', layout: asciiReversed(32) },
  { di: '04 80 00 02', words: 'hardware version', layout: asciiReversed(32) },
  { di: '04 80 00 03', words: 'vendor number', layout: asciiReversed(32) },
]

