import { StationError } from '../../core/errors.ts'
import { levels, type Level } from '../../records/levels.ts'

export const noiseLevels = ['mild', 'default', 'harsh'] as const
export type NoiseLevel = (typeof noiseLevels)[number]

/** Factors of docs/domain.md (simulator): false reports, missing delivery (1 − mean) and errors of the archive. */
export interface NoiseFactors {
  readonly falseReports: number
  readonly missing: number
  readonly archiveErrors: number
}

export const noiseFactors: Readonly<Record<NoiseLevel, NoiseFactors>> = {
  mild: { falseReports: 0.3, missing: 0.6, archiveErrors: 0.3 },
  default: { falseReports: 1, missing: 1, archiveErrors: 1 },
  harsh: { falseReports: 3, missing: 1.5, archiveErrors: 3 },
}

/** Which share of meter reports gets through before restoration is itself random: Beta(a, b), drawn anew for each fault or area. */
export interface DeliveryShare {
  readonly a: number
  readonly b: number
}

/** Rates and shares of docs/domain.md (simulator) with the noise worked in. */
export interface Parameters {
  readonly faultsPerAreaDay: number
  readonly mix: Readonly<Record<Level, number>>
  readonly plannedShare: number
  readonly controlledShare: number
  readonly momentaryShare: number
  readonly stormShare: number
  readonly onePhaseAreaShare: number
  readonly onePhaseBoxShare: number
  readonly nestedShare: number
  readonly steppedShare: number
  readonly meterOff: Readonly<Record<DeliveryColumn, DeliveryShare>>
  readonly terminalOff: Readonly<Record<'area' | 'feeder', number>>
  readonly terminalOn: number
  readonly meterOn: number
  readonly onCarriesOff: number
  readonly lateOff: Readonly<Record<DeliveryColumn, number>>
  readonly unknownDevice: number
  readonly delayedMessage: number
  readonly falseOffPerMeterYear: number
  readonly falseOffPerTerminalYear: number
  readonly burstsPerAreaYear: number
  readonly moduleOnline: number
  readonly terminalOffline: number
  readonly wrongBoxOrPhase: number
  readonly wrongArea: number
  /** Share of the openings of a feeder's breaker (faults of the feeder and reclosings) that dispatch passes on as TRIP. */
  readonly tripDelivered: number
  /** Modules changed on site: the old one says OFF when it is pulled, the new one MODULE_CHANGED when it has joined. */
  readonly moduleChangesPerMeterYear: number
  /** Multiplies every delay of a report. */
  readonly delayFactor: number
}

/** Columns of the delivery table: faults with a living concentrator, area faults, feeder and branch faults. */
export const deliveryColumns = ['local', 'area', 'feeder'] as const
export type DeliveryColumn = (typeof deliveryColumns)[number]

export const defaultMix: Readonly<Record<Level, number>> = { FEEDER: 0.04, BRANCH: 0.06, AREA: 0.3, LINE: 0.12, BOX: 0.25, USER: 0.23 }

export interface ParameterOptions {
  readonly noise: NoiseLevel
  /** Multiple of the ordinary density of faults. */
  readonly density: number
  readonly mix?: Readonly<Record<Level, number>>
  readonly delayFactor?: number
  /** On top of those of the noise; 1 where not given. */
  readonly factors?: Partial<NoiseFactors>
  /** Share 0…1. Default 0: the published mix of rates has no messages of breakers. */
  readonly trips?: number
  /** Per meter and year. Default 0. */
  readonly moduleChanges?: number
}

export function createParameters(options: ParameterOptions): Parameters {
  const noise = noiseFactors[options.noise]
  const { falseReports = 1, missing = 1, archiveErrors = 1 } = options.factors ?? {}
  const factors: NoiseFactors = { falseReports: noise.falseReports * falseReports, missing: noise.missing * missing, archiveErrors: noise.archiveErrors * archiveErrors }
  const delivered = (mean: number): number => Math.max(0.01, 1 - (1 - mean) * factors.missing)
  /** The mean moves, the spread of the share (a + b) stays. */
  const share = (a: number, b: number): DeliveryShare => {
    const mean = delivered(a / (a + b))
    return { a: mean * (a + b), b: (1 - mean) * (a + b) }
  }
  return {
    faultsPerAreaDay: 0.013 * options.density,
    mix: options.mix ?? defaultMix,
    plannedShare: 0.3,
    controlledShare: 0.4,
    momentaryShare: 0.15,
    stormShare: 0.05,
    onePhaseAreaShare: 0.2,
    onePhaseBoxShare: 0.1,
    nestedShare: 0.05,
    steppedShare: 0.3,
    meterOff: { local: share(6.8, 1.2), area: share(1.8, 2.2), feeder: share(1.2, 2.8) },
    terminalOff: { area: delivered(0.9), feeder: delivered(0.8) },
    terminalOn: delivered(0.97),
    meterOn: delivered(0.92),
    onCarriesOff: 0.8,
    lateOff: { local: 0.03, area: 0.4, feeder: 0.4 },
    unknownDevice: 0.002,
    delayedMessage: 0.01,
    falseOffPerMeterYear: 0.5 * factors.falseReports,
    falseOffPerTerminalYear: factors.falseReports,
    burstsPerAreaYear: 0.05 * factors.falseReports,
    moduleOnline: 0.96,
    terminalOffline: 0.02,
    wrongBoxOrPhase: 0.03 * factors.archiveErrors,
    wrongArea: 0.005 * factors.archiveErrors,
    tripDelivered: options.trips ?? 0,
    moduleChangesPerMeterYear: options.moduleChanges ?? 0,
    delayFactor: options.delayFactor ?? 1,
  }
}

/** Shares of the levels from `feeder=4,branch=6,…`; levels that are not named get none. Throws USAGE. */
export function parseMix(text: string): Readonly<Record<Level, number>> {
  const named = new Set<Level>()
  const mix: Record<Level, number> = { FEEDER: 0, BRANCH: 0, AREA: 0, LINE: 0, BOX: 0, USER: 0 }
  for (const part of text.split(',')) {
    const [name = '', share = ''] = part.split('=')
    const level = levels.find((known) => known === name.trim().toUpperCase())
    const value = Number(share)
    if (level === undefined || share.trim() === '' || !(value >= 0) || value === Number.POSITIVE_INFINITY) throw new StationError('USAGE', `'${part}' is no share of a level`, { hint: 'Write it as feeder=4,branch=6,area=30,line=12,box=25,user=23.' })
    if (named.has(level)) throw new StationError('USAGE', `the share of ${level.toLowerCase()} is given twice in '${text}'`)
    named.add(level)
    mix[level] = value
  }
  if (levels.every((level) => mix[level] === 0)) throw new StationError('USAGE', `'${text}' names no share above 0`)
  return mix
}
