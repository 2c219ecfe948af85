import { binary, bits, choice, digits, hex, number, record, time, type Field, type Layout } from '../layout/layout.ts'

/*
  Control byte C (DL/T 645-2007 5.2.5, 1997 5.2.3)
    D7     0 from the master, 1 from the meter
    D6     1 error answer
    D5     1 more data follow
    D4–D0  function
*/
export const fromMeterBit = 0x80
export const errorBit = 0x40
export const moreBit = 0x20
export const functionMask = 0x1f

export type Edition = 1997 | 2007

/** What stands in DATA for one command, in wire order: [DI] before [value by DI] after. */
export interface BodySpec {
  /** Bytes of the data identifier, 0 = none. */
  readonly di: 0 | 2 | 4
  readonly before: readonly Field[]
  /** The value that the table of data identifiers describes follows; `raw`: a piece of it that only the assembled answer can interpret. */
  readonly value: 'none' | 'typed' | 'raw'
  readonly after: readonly Field[]
  /** Fields that may be left out from the end. */
  readonly optional: readonly Field[]
}

export interface Command {
  readonly control: number
  readonly fn: string
  readonly edition: Edition
  readonly body: BodySpec
}

const fields = (...list: readonly (readonly [string, Layout])[]): readonly Field[] => record(...list).fields
const spec = (parts: Partial<BodySpec>): BodySpec => ({ di: 0, before: [], value: 'none', after: [], optional: [], ...parts })

const nothing = spec({})
const password = ['password', hex(4)] as const // PA P0 P1 P2, wire order
const operator = ['operator', hex(4)] as const // C0 C1 C2 C3, wire order
const address = ['addressInData', digits(6)] as const

/** Error byte of the 2007 edition (appendix of clause 7) and of the 1997 edition. */
export const errorBits2007: readonly string[] = ['other error', 'no requested data', 'wrong password or not authorised', 'speed cannot be changed', 'too many year zones', 'too many day slots', 'too many tariffs', 'reserved']
export const errorBits1997: readonly string[] = ['illegal data', 'data identifier error', 'wrong password', 'reserved', 'too many year zones', 'too many day slots', 'too many tariffs', 'reserved']

/** Speed word Z of command 17H (1997: 0CH): one bit set. */
export const speedBits: readonly (string | null)[] = [null, '600 bit/s', '1200 bit/s', '2400 bit/s', '4800 bit/s', '9600 bit/s', '19200 bit/s', null]

const error2007 = spec({ before: fields(['errorByte', bits(1, errorBits2007)]) })
const error1997 = spec({ before: fields(['errorByte', bits(1, errorBits1997)]) })
/** Security commands answer with the two bytes SERR (State Grid), older meters with the usual one. */
const errorOrSecurity = spec({
  before: fields(['error', choice(
    { bytes: 1, key: 'errorByte', layout: record(['errorByte', bits(1, errorBits2007)]) },
    { bytes: 2, key: 'securityError', layout: record(['securityError', hex(2)]) },
  )]),
})

/*
  DL/T 645-2007 clause 7, commands in order of their function code: request, answer, error answer
    03 security authentication (State Grid): DI(4) and contents that only the security module knows
    08 broadcast clock        ss mm hh DD MM YY
    11 read                   DI(4) [N(1) [mm hh DD MM YY]]        → DI(4) value
    12 read follow-up         DI(4) SEQ(1)                         → DI(4) piece SEQ(1)
    13 read address           –                                    → address(6)
    14 write                  DI(4) password(4) operator(4) value  → –
    15 write address          address(6)                           → –
    16 freeze                 mm hh DD MM, 99 = any                → –
    17 change speed           Z(1)                                 → Z(1)
    18 change password        DI(4) old(4) new(4)                  → new(4)
    19 clear maximum demand   password(4) operator(4)              → –
    1A clear meter            password(4) operator(4)              → –
    1B clear events           password(4) operator(4) DI(4)        → –
    1C relay control          password(4) operator(4) N1 N2 ss mm hh DD MM YY → –
    1D multi-function output  word(1) (State Grid)                 → word(1)
*/
const commands2007: readonly (readonly [number, string, BodySpec, BodySpec, BodySpec])[] = [
  [0x03, 'security', spec({ di: 4, value: 'raw' }), spec({ di: 4, value: 'raw' }), errorOrSecurity],
  [0x08, 'broadcast-clock', spec({ before: fields(['time', time('smhDMY')]) }), nothing, error2007],
  [0x11, 'read', spec({ di: 4, optional: fields(['count', number(1, 0)], ['from', time('mhDMY')]) }), spec({ di: 4, value: 'typed' }), error2007],
  [0x12, 'read-follow', spec({ di: 4, after: fields(['frameSeq', binary(1)]) }), spec({ di: 4, value: 'raw', after: fields(['frameSeq', binary(1)]) }), error2007],
  [0x13, 'read-address', nothing, spec({ before: fields(address) }), error2007],
  [0x14, 'write', spec({ di: 4, before: fields(password, operator), value: 'typed' }), nothing, error2007],
  [0x15, 'write-address', spec({ before: fields(address) }), nothing, error2007],
  [0x16, 'freeze', spec({ before: fields(['at', time('mhDM')]) }), nothing, error2007],
  [0x17, 'change-speed', spec({ before: fields(['speedWord', bits(1, speedBits)]) }), spec({ before: fields(['speedWord', bits(1, speedBits)]) }), error2007],
  [0x18, 'change-password', spec({ di: 4, before: fields(['oldPassword', hex(4)], ['newPassword', hex(4)]) }), spec({ before: fields(['newPassword', hex(4)]) }), error2007],
  [0x19, 'clear-demand', spec({ before: fields(password, operator) }), nothing, error2007],
  [0x1a, 'clear-meter', spec({ before: fields(password, operator) }), nothing, error2007],
  [0x1b, 'clear-events', spec({ before: fields(password, operator, ['eventDi', hex(4)]) }), nothing, error2007],
  [0x1c, 'relay-control', spec({ before: fields(password, operator, ['command', hex(1)], ['reserved', binary(1)], ['validUntil', time('smhDMY')]) }), nothing, errorOrSecurity],
  [0x1d, 'multi-function-output', spec({ before: fields(['outputWord', binary(1)]) }), spec({ before: fields(['outputWord', binary(1)]) }), error2007],
]

/*
  DL/T 645-1997: DI has two bytes, writes carry password(4) and no operator
    01 read            DI(2)                     → DI(2) value
    02 read follow-up  DI(2)                     → DI(2) piece
    03 re-read         – (03H of the 2007 edition is another command; the edition option decides)
    04 write           DI(2) password(4) value   → –
    0A write address   address(6)                → –
    0C change speed    Z(1)                      → Z(1)
    0F change password old(4) new(4)             → new(4)
    10 clear demand    password(4)               → –
*/
const commands1997: readonly (readonly [number, string, BodySpec, BodySpec, BodySpec])[] = [
  [0x01, 'read', spec({ di: 2 }), spec({ di: 2, value: 'typed' }), error1997],
  [0x02, 'read-follow', spec({ di: 2 }), spec({ di: 2, value: 'raw' }), error1997],
  [0x03, 're-read', nothing, spec({ di: 2, value: 'typed' }), error1997],
  [0x04, 'write', spec({ di: 2, before: fields(password), value: 'typed' }), nothing, error1997],
  [0x0a, 'write-address', spec({ before: fields(address) }), nothing, error1997],
  [0x0c, 'change-speed', spec({ before: fields(['speedWord', bits(1, speedBits)]) }), spec({ before: fields(['speedWord', bits(1, speedBits)]) }), error1997],
  [0x0f, 'change-password', spec({ before: fields(['oldPassword', hex(4)], ['newPassword', hex(4)]) }), spec({ before: fields(['newPassword', hex(4)]) }), error1997],
  [0x10, 'clear-demand', spec({ before: fields(password) }), nothing, error1997],
]

function build(edition: Edition, rows: typeof commands2007): readonly Command[] {
  const suffix = edition === 1997 ? '-1997' : ''
  return rows.flatMap(([code, name, request, answer, error]) => [
    { control: code, fn: `${name}${suffix}`, edition, body: request },
    { control: code | fromMeterBit, fn: `${name}-answer${suffix}`, edition, body: answer },
    { control: code | fromMeterBit | errorBit, fn: `${name}-error${suffix}`, edition, body: error },
  ])
}

const unknown2007: Command = { control: -1, fn: 'unknown', edition: 2007, body: nothing }

function index(first: readonly Command[], second: readonly Command[]): readonly Command[] {
  const byControl = Array.from({ length: 256 }, () => unknown2007)
  for (const command of [...second, ...first]) byControl[command.control] = command
  return byControl
}

const all2007 = build(2007, commands2007)
const all1997 = build(1997, commands1997)
const byEdition = { 1997: index(all1997, all2007), 2007: index(all2007, all1997) } as const

/** Command of a control byte; the few codes that mean different things in the two editions go by `edition`. */
export function commandOf(control: number, edition: Edition): Command {
  return byEdition[edition][control & ~moreBit & 0xff] as Command
}

/** Control byte of a command name, for callers that build messages. Undefined for a name that is not in the tables. */
export function controlOf(fn: string): number | undefined {
  return [...all2007, ...all1997].find((command) => command.fn === fn)?.control
}
