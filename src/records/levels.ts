/** Levels of the grid, from the top. A node is a feeder, branch, area, line, box or meter; its id is unique over all levels. */
export const levels = ['FEEDER', 'BRANCH', 'AREA', 'LINE', 'BOX', 'USER'] as const
export type Level = (typeof levels)[number]

/** Phases a meter is wired to. */
export const meterPhases = ['A', 'B', 'C', 'ABC'] as const
export type MeterPhase = (typeof meterPhases)[number]

/** Phases an outage or fault takes: null = all of the node, else one or two letters in order. */
export const outagePhases = ['A', 'B', 'C', 'AB', 'AC', 'BC'] as const
export type OutagePhase = (typeof outagePhases)[number]
