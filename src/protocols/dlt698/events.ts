/*
 * Event objects (chapter 8.2). OIs of one source only are marked by their chapter: names stay usable, their columns are not promised.
 */
const names: Readonly<Record<number, string>> = {
  0x3000: 'loss of voltage', 0x3001: 'under-voltage', 0x3002: 'over-voltage', 0x3003: 'phase failure', 0x3004: 'loss of current',
  0x3005: 'over-current', 0x3006: 'current cut-off', 0x3007: 'power reversal', 0x3008: 'overload', 0x3009: 'active demand over limit',
  0x300a: 'reverse active demand over limit', 0x300b: 'reactive demand over limit', 0x300c: 'power factor low', 0x300d: 'total voltage loss',
  0x300e: 'auxiliary power loss', 0x300f: 'voltage reverse sequence', 0x3010: 'current reverse sequence', 0x3011: 'power down',
  0x3012: 'programming', 0x3013: 'meter clear', 0x3014: 'demand clear', 0x3015: 'event clear', 0x3016: 'time setting',
  0x3017: 'day table programming', 0x3018: 'zone table programming', 0x3019: 'rest day programming', 0x301a: 'settlement day programming',
  0x301b: 'cover open', 0x301c: 'terminal cover open', 0x301d: 'voltage unbalance', 0x301e: 'current unbalance', 0x301f: 'relay trip',
  0x3020: 'relay close', 0x3021: 'holiday table programming', 0x3022: 'active combination programming', 0x3023: 'reactive combination programming',
  0x3024: 'tariff table programming', 0x3025: 'step table programming', 0x3026: 'key change', 0x3027: 'abnormal card', 0x3028: 'purchase',
  0x3029: 'refund', 0x302a: 'constant magnetic field', 0x302b: 'relay misoperation', 0x302c: 'power supply abnormal',
  0x302d: 'severe current unbalance', 0x302e: 'clock fault', 0x302f: 'metering chip fault', 0x3030: 'communication module change',
  0x3031: 'management module plugged', 0x3032: 'terminal overheating', 0x3071: 'temperature over limit', 0x3091: 'smoke', 0x3092: 'water immersion',
  0x3100: 'terminal initialisation', 0x3101: 'terminal version change', 0x3104: 'status input change', 0x3105: 'meter clock deviation',
  0x3106: 'terminal power off or on', 0x3107: 'DC analogue over limit', 0x3108: 'DC analogue under limit', 0x3109: 'authentication error',
  0x310a: 'terminal device fault', 0x310b: 'register decreased', 0x310c: 'register deviation', 0x310d: 'register runaway', 0x310e: 'register stopped',
  0x310f: 'meter reading failure', 0x3110: 'traffic over limit', 0x3111: 'unknown meter found', 0x3112: 'meter of another transformer area found',
  0x3113: 'catch-up reading failure', 0x3114: 'terminal time synchronisation', 0x3115: 'remote trip', 0x3116: 'differential over limit',
  0x3117: 'output circuit state', 0x3118: 'terminal programming', 0x3119: 'current circuit abnormal', 0x311a: 'network state switch',
  0x311b: 'meter time setting', 0x311c: 'meter data change', 0x311d: 'meter online state change', 0x311e: 'parameter change',
  0x311f: 'slave node refused', 0x3130: 'attached meter change', 0x3140: 'security event', 0x3141: 'communication module joined',
  0x3199: 'SIM card change', 0x3200: 'power control trip', 0x3201: 'energy control trip', 0x3202: 'purchase parameter', 0x3203: 'energy alarm',
  0x3500: 'remote signal change', 0x3501: 'telemetry over limit', 0x3502: 'capacitor attenuation', 0x3503: 'breaker protection action',
  0x3504: 'breaker position change', 0x3505: 'protection function change', 0x3506: 'breaker alarm', 0x3600: 'system monitor',
  0x3601: 'container monitor', 0x3602: 'application monitor', 0x3901: 'meter-box breaker closed', 0x3902: 'meter-box breaker opened',
  0x3903: 'theft occurred', 0x3904: 'theft ended', 0x3905: 'meter inaccurate', 0x3e20: 'low-voltage breaker protection trip',
  0x3e21: 'low-voltage breaker position change',
}

export const eventName = (oi: number): string | undefined => names[oi]

/** Meter events, terminal and control events, feeder and distribution events. */
export function isEvent(oi: number): boolean {
  const group = oi >> 8
  return names[oi] !== undefined || group === 0x30 || group === 0x31 || group === 0x32 || group === 0x34 || group === 0x35 || group === 0x36 || group === 0x39
}

/** Class 24, phase-resolved meter events: their record tables are attribute 6 total and 7, 8, 9 for the phases; class 7 has attribute 2. */
export const isPhaseResolved = (oi: number): boolean => oi >= 0x3000 && oi <= 0x3008

/** Data access results (chapter 4.1). */
const refusals: Readonly<Record<number, string>> = {
  0: 'success', 1: 'hardware failure', 2: 'temporary failure', 3: 'read or write refused', 4: 'object undefined', 5: 'interface class mismatch',
  6: 'object does not exist', 7: 'type mismatch', 8: 'out of range', 9: 'data block unavailable', 10: 'block transfer cancelled',
  11: 'not in block transfer', 12: 'block write cancelled', 13: 'no block write in progress', 14: 'block number invalid',
  15: 'wrong password or not authorised', 16: 'baud rate cannot be changed', 17: 'too many year zones', 18: 'too many day periods',
  19: 'too many tariffs', 20: 'security authentication mismatch', 21: 'repeated recharge', 22: 'ESAM verification failed',
  23: 'security authentication failed', 24: 'customer number mismatch', 25: 'recharge count error', 26: 'purchase exceeds hoarding limit',
  27: 'address abnormal', 28: 'symmetric decryption error', 29: 'asymmetric decryption error', 30: 'signature error', 31: 'meter suspended',
  32: 'time tag invalid', 33: 'request timeout', 34: 'ESAM P1/P2 error', 35: 'ESAM LC error', 255: 'other',
}
export const darWords = (dar: number): string => refusals[dar] ?? `data access result ${dar}`
