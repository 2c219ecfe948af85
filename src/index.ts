/* The public list, by hand: what the command line and other programs may use. One block per room. */

// core
export { codes, exitCodes, type Code, type ExitCode } from './core/codes.ts'
export { asStationError, isStationError, problemsError, StationError, type Problem, type Where } from './core/errors.ts'
export { createContext, findPackageRoot, readVersion, systemClock, type Clock, type Context } from './core/context.ts'
export { logLevels, silentLog, type Log, type LogFields, type LogLevel } from './core/log.ts'
export { silentProgress, withStep, type Progress, type ProgressStep } from './core/progress.ts'
export { resolveConfig, type Profile, type ResolvedConfig } from './core/config.ts'
export { nearest } from './core/nearest.ts'
