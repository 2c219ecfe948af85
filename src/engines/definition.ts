import type { Context } from '../core/context.ts'
import type { LocalEngines, Profile } from '../core/config.ts'
import type { EngineName } from './addresses.ts'
import type { EngineDescription } from './description.ts'
import type { Java } from './java.ts'

/** Everything known when an engine is configured, started and asked for its health. */
export interface EngineRun {
  readonly home: string
  readonly java: Java
  readonly profile: Profile
  readonly local: LocalEngines
  readonly description: EngineDescription
  /** `<state>/<engine>`; the engine's data live here. */
  readonly directory: string
  readonly configDirectory: string
  readonly logDirectory: string
  readonly ports: Readonly<Record<string, number>>
  /** null: the JVM starts without one. */
  readonly classArchive: ClassArchive | null
  readonly context: Context
  readonly signal: AbortSignal
}

/** A file of classes that a JVM reads at its start, or writes at its end. */
export interface ClassArchive {
  readonly file: string
  readonly use: 'read' | 'write'
}

export interface ProcessPlan {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Added to the small environment that every engine gets. */
  readonly env: Readonly<Record<string, string>>
  /** Where the process itself logs; its output streams go to `<name>.out` beside it. */
  readonly logFile: string
  /** Started again whenever it ends. */
  readonly supervised?: boolean
}

export type TemplateValues = Readonly<Record<string, string | number>>

/** One kind of engine: how it is configured, which processes it has, when it is well. */
export interface EngineDefinition {
  readonly name: EngineName
  /** Names of the ports it listens on; those of `LocalPorts` can be fixed by the profile. */
  readonly ports: readonly string[]
  /** What else, besides version and settings of the profile, makes a running engine differ from one started now. */
  fingerprint?(profile: Profile, context: Context): Promise<string>
  /** Values for the templates in `infra/engines`. Written before `prepare`. */
  templateValues(run: EngineRun): TemplateValues | Promise<TemplateValues>
  /** Work that must end before the processes start. */
  prepare?(run: EngineRun): Promise<void>
  processes(run: EngineRun): readonly ProcessPlan[]
  /** Lets a well engine load the classes that the first statements of its users need. An engine with it has an archive of classes. */
  train?(run: EngineRun, statements: string): Promise<void>
  /** null when the engine is well, else what it still lacks. Must not throw for an engine that is not up yet. */
  probe(run: ProbeRun): Promise<string | null>
}

export interface ProbeRun {
  readonly ports: Readonly<Record<string, number>>
  readonly local: LocalEngines
  readonly context: Context
  readonly signal: AbortSignal
}
