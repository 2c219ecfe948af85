import type { NormalEvent, NormalReading, NormalRecord } from '../codec.ts'
import { decimalText } from '../items.ts'
import { readAlarm, type Alarm } from './alarms.ts'
import { localText } from './date-time.ts'
import type { CosemDateTime, DlmsMessage } from './message.ts'
import { findObis } from './obis.ts'
import { clockOf, integerOf, plainApdu, readPush, type Push, type PushValue } from './push.ts'

/** Readings and events of a push. The sender does not log in: the meter is the one that the payload names. */
export function normalizeMessage(message: DlmsMessage): readonly NormalRecord[] {
  const alarm = readAlarm(message)
  if (alarm !== null) return events(alarm, timeOf(message))
  const apdu = plainApdu(message)
  if (apdu === null || !('body' in apdu)) return []
  const push = readPush(apdu.body)
  const time = localText(apdu.dateTime) ?? clockIn(push)
  return push.values.flatMap((value) => reading(value, push.equipmentId, time))
}

function timeOf(message: DlmsMessage): string | null {
  const apdu = plainApdu(message)
  if (apdu === null) return null
  const at: CosemDateTime | null = 'timeFlag' in apdu ? apdu.time : 'body' in apdu ? apdu.dateTime : null
  return localText(at)
}

function events(alarm: Alarm, time: string | null): readonly NormalEvent[] {
  return alarm.events.map(({ kind, name }) => ({
    kind: 'event',
    deviceKind: 'METER',
    device: alarm.equipmentId,
    event: kind === 'LAST_GASP' ? 'OFF' : kind === 'POWER_UP' ? 'ON' : kind,
    name,
    // an ON tells when supply came back, not when it went
    occurredAt: kind === 'POWER_UP' ? null : time,
    endedAt: kind === 'POWER_UP' ? time : null,
    normal: null,
    valid: null,
  }))
}

function clockIn(push: Push): string | null {
  const clock = push.values.find(({ obis }) => obis !== null && /^0\.\d+\.1\.0\.0\.255$/.test(obis))
  return localText(clockOf(clock?.data))
}

/** Units of the normal form are kilo units for energies and powers. */
const kilo: Readonly<Record<string, string>> = { W: 'kW', var: 'kvar', VA: 'kVA', Wh: 'kWh', varh: 'kvarh', VAh: 'kVAh' }

function reading(value: PushValue, meter: string | null, time: string | null): readonly NormalReading[] {
  const entry = value.obis === null ? undefined : findObis(value.obis)
  if (entry === undefined || entry.item === null) return []
  const unit = value.unit ?? entry.unit
  const missing = value.data.type === 'null-data'
  const whole = integerOf(value.data)
  const large = kilo[unit]
  // without a scale from the wire or from a known list nobody guesses one
  const text = whole === null || value.scaler === null ? null : decimalText(whole, -value.scaler + (large === undefined ? 0 : 3))
  return [{ kind: 'reading', meter, item: entry.item, unit: large ?? unit, value: text, time, quality: text !== null ? 'GOOD' : missing ? 'MISSING' : 'INVALID' }]
}
