import type { LayoutRecord } from '../layout/layout.ts'
import type { Edition } from './control.ts'

/**
 * One DL/T 645 frame.
 * `body` holds the fields of the command in the names of control.ts: `di` (upper-case hex, most significant byte first), `value` (by the table of data identifiers),
 * `data` (hex in wire order) where no table interprets it, `password` and `operator` (hex in wire order), `errorByte`, `frameSeq`, times as text.
 * A body that does not have the form of its command is `{data}` alone.
 */
export interface Dlt645Message {
  /** Number of FE bytes before the frame. */
  readonly preamble: number
  /** Twelve digits, most significant first; `AAAAAAAAAAAA` = any meter, `999999999999` = all. */
  readonly address: string
  readonly control: number
  /** Name of the command, see control.ts. Optional for encode, which goes by `control`. */
  readonly fn: string
  readonly edition: Edition
  readonly body: LayoutRecord
}
