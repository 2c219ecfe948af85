import type { Profile } from '../../core/config.ts'
import type { Context } from '../../core/context.ts'
import { usingCapacitySession } from '../using-capacity-session.ts'
import { generateDataset, type GeneratedDataset, type GenerateOptions } from './generate.ts'

/** `station dataset generate`: `generateDataset` on the profile's Spark. */
export function generateDatasetOn(options: Omit<GenerateOptions, 'signal'> & { readonly profile: Profile; readonly keep?: boolean }, context: Context): Promise<GeneratedDataset> {
  const { profile, keep, ...dataset } = options
  return usingCapacitySession({ profile, name: `dataset ${dataset.database}`, ...(keep === undefined ? {} : { keep }) }, context, (session) => generateDataset(session, { ...dataset, signal: context.signal }, context))
}
