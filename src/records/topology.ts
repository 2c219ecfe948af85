/*
  Record of the compacted topic `topology` (key = feeder id, null value = feeder removed): one feeder's tree as a skeleton.
  Columns instead of objects: a feeder of 20,000 meters stays well below 1 MB. No meter table: events bring their device's place.
*/
export const skeletonLevels = ['FEEDER', 'BRANCH', 'AREA', 'LINE', 'BOX'] as const
export type SkeletonLevel = (typeof skeletonLevels)[number]

/** Meters expected to report (role USER, module on line), by phase; `abc` are three-phase meters. */
export type PhaseCounts = readonly [a: number, b: number, c: number, abc: number]

export interface TopologyNodes {
  /** Node ids; a parent stands before its children; entry 0 is the feeder. */
  readonly id: readonly string[]
  /** Index of the parent, −1 for the feeder. */
  readonly parent: readonly number[]
  /** Index into skeletonLevels. */
  readonly level: readonly number[]
  /** Expected meters that hang on exactly this node (normally a box; an area for meters without a box). */
  readonly expected: readonly PhaseCounts[]
  /** All user meters on exactly this node, with or without a module: the affected users of an outage. */
  readonly users: readonly number[]
  /** Terminal of an area, else null. */
  readonly terminal: readonly (string | null)[]
  /** Up to four meters of this node that can be called, spread over the phases. */
  readonly callable: readonly (readonly string[])[]
}

export interface TopologyRecord {
  readonly feederId: string
  readonly version: number
  readonly effectiveAtMs: number
  readonly nodes: TopologyNodes
  readonly planned: readonly { readonly orderId: string; readonly nodeId: string; readonly startAtMs: number; readonly endAtMs: number }[]
  readonly controlled: readonly { readonly meterId: string; readonly startAtMs: number; readonly endAtMs: number }[]
}
