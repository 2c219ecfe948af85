export interface MadeFeeders {
  readonly feeders: readonly { readonly feederId: string; readonly substationId: string }[]
  readonly branches: readonly { readonly branchId: string; readonly feederId: string }[]
  placeOf(area: number): { readonly feederId: string; readonly branchId: string | null }
}

/**
 * A medium-voltage side for sources that have none: areas in order onto feeders, as evenly as possible; the areas of a feeder in order onto
 * its branches and last onto the trunk, as evenly as possible.
 */
export function spreadOverFeeders(areas: number, options: { readonly feeders: number; readonly branches: number }): MadeFeeders {
  const feeders = Math.max(1, Math.min(options.feeders, areas))
  const feederIdOf = (feeder: number): string => `F${String(feeder + 1).padStart(2, '0')}`
  const branches: { branchId: string; feederId: string }[] = []
  const places: { feederId: string; branchId: string | null }[] = []
  for (let feeder = 0; feeder < feeders; feeder++) {
    const feederId = feederIdOf(feeder)
    const size = share(areas, feeders, feeder)
    const count = Math.min(options.branches, Math.max(0, size - 1))
    for (let part = 0; part <= count; part++) {
      const branchId = part < count ? `${feederId}-R${part + 1}` : null
      if (branchId !== null) branches.push({ branchId, feederId })
      for (let left = share(size, count + 1, part); left > 0; left--) places.push({ feederId, branchId })
    }
  }
  return {
    feeders: Array.from({ length: feeders }, (_, feeder) => ({ feederId: feederIdOf(feeder), substationId: 'S01' })),
    branches,
    placeOf: (area) => places[area] ?? { feederId: feederIdOf(0), branchId: null },
  }
}

/** Size of a part when a whole is split evenly, larger parts first. */
function share(whole: number, parts: number, part: number): number {
  return Math.floor(whole / parts) + (part < whole % parts ? 1 : 0)
}
