import type { LayoutRecord } from '../layout/layout.ts'

export interface Gdw1376Seq {
  readonly tpv: boolean
  readonly fir: boolean
  readonly fin: boolean
  readonly con: boolean
  /** PSEQ or RSEQ, 0–15. */
  readonly no: number
}

export interface Gdw1376Aux {
  /** Hex, 16 bytes (2 in the 2005 edition). Carried, never made up. */
  readonly pw?: string
  /** EC1, EC2. */
  readonly ec?: readonly [number, number]
  readonly tp?: { readonly pfc: number; readonly sent: string | null; readonly delayMin: number }
}

/** One data unit. `pn`: points, `[0]` = the terminal, `all`, or the hex of an undefined DA. `data` has the field names of the tables in afn-*.ts. */
export interface Gdw1376Unit {
  readonly pn: readonly number[] | string
  readonly fn: readonly number[]
  readonly data?: LayoutRecord
}

/** One Q/GDW 1376.1 (376.1, 130-2005) frame. */
export interface Gdw1376Message {
  /** Number of FE bytes before the frame. */
  readonly preamble: number
  /** 1 = Q/GDW 130-2005, 2 = 376.1 and 1376.1. */
  readonly protocolId: number
  readonly control: number
  /** Administrative code, four digits. */
  readonly a1: string
  readonly a2: number
  /** D0 group address, D7–D1 master station address. */
  readonly a3: number
  readonly afn: number
  readonly seq: Gdw1376Seq
  readonly units: readonly Gdw1376Unit[]
  /** Hex of what no layout could interpret, up to the auxiliary fields. */
  readonly trailing?: string
  /** Why `trailing` was not interpreted. */
  readonly unparsed?: string
  readonly aux?: Gdw1376Aux
}

export const isUp = (control: number): boolean => (control & 0x80) !== 0

/** The identity of a terminal as two head-ends print it: A1 and A2 as four hex digits each. */
export function terminalOf(message: Pick<Gdw1376Message, 'a1' | 'a2'>): string {
  return message.a1 + message.a2.toString(16).padStart(4, '0')
}
