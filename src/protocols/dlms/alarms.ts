import type { CosemData, DlmsApdu, DlmsMessage } from './message.ts'
import { obisOfHex } from './obis.ts'
import { innermost, integerOf, plainApdu, textOf } from './push.ts'

/** Bits of the alarm registers (chapter 7), from the least significant. */
const registerBits: readonly Readonly<Record<number, string>>[] = [
  {
    0: 'clock invalid', 1: 'replace battery', 2: 'power up', 3: 'auxiliary event', 4: 'configuration changed', 8: 'program memory error', 9: 'RAM error',
    10: 'NV memory error', 11: 'measurement system error', 12: 'watchdog error', 13: 'fraud attempt', 16: 'M-Bus communication error 1', 17: 'M-Bus communication error 2',
    18: 'M-Bus communication error 3', 19: 'M-Bus communication error 4', 20: 'M-Bus fraud attempt 1', 21: 'M-Bus fraud attempt 2', 22: 'M-Bus fraud attempt 3',
    23: 'M-Bus fraud attempt 4', 24: 'new M-Bus device 1', 25: 'new M-Bus device 2', 26: 'new M-Bus device 3', 27: 'new M-Bus device 4',
    28: 'phase outage L1', 29: 'phase outage L2', 30: 'phase outage L3', 31: 'phase outage test',
  },
  {
    0: 'voltage sag L1', 1: 'voltage sag L2', 2: 'voltage sag L3', 3: 'voltage swell L1', 4: 'voltage swell L2', 5: 'voltage swell L3',
    8: 'THD overload long L1', 9: 'THD overload long L2', 10: 'THD overload long L3', 11: 'THD overload short L1', 12: 'THD overload short L2', 13: 'THD overload short L3',
  },
  { 0: 'last gasp', 1: 'last gasp test' },
]

/** Names of the bits that are set in alarm register 1, 2 or 3. */
export function alarmNames(register: number, value: number): readonly string[] {
  const names = registerBits[register - 1] ?? {}
  return Array.from({ length: 32 }, (_, bit) => bit).flatMap((bit) => (((value >>> bit) & 1) === 1 ? [names[bit] ?? `alarm register ${register} bit ${bit}`] : []))
}

export type AlarmKind = 'LAST_GASP' | 'POWER_UP' | 'ALIVE' | 'OTHER'
export interface Alarm {
  readonly equipmentId: string | null
  /** What the head-end has to know first; null when the message is no alarm. */
  readonly alarm: 'LAST_GASP' | null
  readonly events: readonly { readonly kind: AlarmKind; readonly name: string }[]
}

const lastGaspName = '128.128.128.128.128.0'

/** Alarms and wake-ups of meters (chapters 6, 7), or null for any other message. */
export function readAlarm(message: DlmsMessage): Alarm | null {
  if (message.layer === 'dsmr4') {
    const names = message.register === undefined ? [] : alarmNames(1, message.register)
    return { equipmentId: message.equipmentId, alarm: null, events: names.map(eventOf) }
  }
  return alarmOfApdu(plainApdu(message))
}

export function alarmOfApdu(outer: DlmsApdu | null): Alarm | null {
  const apdu = innermost(outer)
  if (apdu === null) return null
  if ('classId' in apdu && 'timeFlag' in apdu) return eventNotification(apdu.obis, apdu.value)
  if ('body' in apdu && apdu.body.type === 'structure') return smr5(apdu.body.value)
  return null
}

/** MX382: the logical name 80 80 80 80 80 00 is the last gasp, 0.0.96.1.1.255 a wake-up; the value is the equipment id. */
function eventNotification(obis: string, value: CosemData): Alarm {
  const equipmentId = textOf(value)
  if (obis === lastGaspName) return { equipmentId, alarm: 'LAST_GASP', events: [{ kind: 'LAST_GASP', name: 'last gasp' }] }
  if (obis === '0.0.96.1.1.255') return { equipmentId, alarm: null, events: [{ kind: 'ALIVE', name: 'wake-up' }] }
  if (obis === '0.0.96.11.0.255') {
    const code = integerOf(value)
    if (code === 1n) return { equipmentId: null, alarm: null, events: [{ kind: 'LAST_GASP', name: 'power failure' }] }
    if (code === 2n) return { equipmentId: null, alarm: null, events: [{ kind: 'POWER_UP', name: 'power returned' }] }
  }
  return { equipmentId, alarm: null, events: [{ kind: 'OTHER', name: `event of ${obis}` }] }
}

/*
 * SMR 5 (chapter 7): structure of equipment id 17 ASCII, push-setup logical name, alarm registers
 *   0.0.25.9.0.255 scheduler | 0.1 alarm: register 1, and 2 | 0.2 SMS wake-up | 0.3 UDP push: register 3, last gasp
 */
function smr5(members: readonly CosemData[]): Alarm | null {
  const [id, name, ...registers] = members
  const equipmentId = id?.type === 'octet-string' ? textOf(id) : null
  const setup = name?.type === 'octet-string' ? obisOfHex(name.value) : null
  const channel = setup === null ? null : (/^0\.([0-3])\.25\.9\.0\.255$/.exec(setup)?.[1] ?? null)
  if (equipmentId === null || channel === null || members.length > 4 || registers.some((register) => register.type !== 'double-long-unsigned')) return null
  const names = registers.flatMap((register, index) => (register.type === 'double-long-unsigned' ? alarmNames(channel === '3' ? 3 : index + 1, register.value) : []))
  const events = names.map(eventOf)
  if (channel === '2') events.push({ kind: 'ALIVE', name: 'SMS wake-up' })
  return { equipmentId, alarm: events.some((event) => event.kind === 'LAST_GASP') ? 'LAST_GASP' : null, events }
}

function eventOf(name: string): { readonly kind: AlarmKind; readonly name: string } {
  return { kind: name === 'last gasp' ? 'LAST_GASP' : name === 'power up' ? 'POWER_UP' : 'OTHER', name }
}
