import type { Profile } from '../core/config.ts'
import { addDays } from '../core/time.ts'
import type { EngineAddresses } from '../engines/addresses.ts'
import type { ParameterValue, RenderInput } from './render.ts'
import type { ParameterSource } from './spec.ts'

export interface RunIdentity {
  /** Last day of the window, inclusive. */
  readonly date: string
  readonly windowDays: number
  readonly runId: string
}

/** Values that parameters of a job may take from the profile, the engines and the run, as far as these are known. */
export function parameterValues(known: { readonly profile: Profile; readonly addresses?: Partial<EngineAddresses>; readonly run?: RunIdentity }): NonNullable<RenderInput['sources']> {
  const { profile, addresses, run } = known
  const values: Partial<Record<ParameterSource, ParameterValue>> = {
    'profile.zone': profile.zone,
    'profile.delivery': profile.delivery,
  }
  if (addresses?.kafka !== undefined) values['kafka.brokers'] = addresses.kafka.brokers.join(',')
  if (addresses?.flink !== undefined) values['flink.jars'] = addresses.flink.jarDirectory
  if (run !== undefined) {
    values['run.date'] = run.date
    values['run.from'] = addDays(run.date, 1 - run.windowDays)
    values['run.days'] = run.windowDays
    values['run.id'] = run.runId
  }
  return values
}

/**
 * What a streaming job needs beside its SQL to survive: checkpoints as often as the profile says, the last one kept whatever ends the job, so
 * that it can be submitted again from there. A sink that is exactly once publishes with each checkpoint.
 */
export function streamingSettings(profile: Profile): Readonly<Record<string, string>> {
  return {
    'execution.checkpointing.interval': `${Math.round(profile.checkpointIntervalSeconds * 1_000)} ms`,
    'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION',
  }
}

/** Stand-ins for what only a running engine knows, so that a job can be shown without one. */
export function shownValues(profile: Profile, run: RunIdentity): NonNullable<RenderInput['sources']> {
  return {
    'kafka.brokers': profile.kafka?.brokers.join(',') ?? '<kafka.brokers>',
    'flink.jars': profile.flink?.jarDirectory ?? '<flink.jars>',
    ...parameterValues({ profile, run }),
  }
}
