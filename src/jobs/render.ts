import { createHash } from 'node:crypto'
import { readFileSync, existsSync } from 'node:fs'
import path from 'node:path'
import { problemsError, type Problem } from '../core/errors.ts'
import { nearest } from '../core/nearest.ts'
import type { Parameter } from '../sql/parameters.ts'
import { renderTemplate } from '../sql/render.ts'
import { splitStatements, type SqlStatement } from '../sql/split.ts'
import { filesOf, readSqlFile, type JobParameter, type JobSpec, type ParameterSource } from './spec.ts'

export type ParameterValue = string | number | bigint | boolean

export interface RenderInput {
  /** Values by parameter name: they win over everything else. */
  readonly values?: Readonly<Record<string, ParameterValue>>
  /** Values by source, as far as they are known: from the profile, the engines, the run. */
  readonly sources?: Readonly<Partial<Record<ParameterSource, ParameterValue>>>
  /** Settings of the session that the profile asks for; those of job.yaml win. */
  readonly settings?: Readonly<Record<string, string>>
  /** Folder of the function jars, for their digests; none when the job is only shown. */
  readonly jarDirectory?: string
}

/** The tables that a job needs: their version, and the query that gives the version found. */
export interface RenderedTables {
  readonly version: number
  readonly query: SqlStatement
  readonly hint: string
}

export interface RenderedJob {
  readonly spec: JobSpec
  readonly statements: readonly SqlStatement[]
  readonly tables: RenderedTables | null
  readonly readiness: SqlStatement | null
  readonly done: SqlStatement | null
  /** Identity of a batch run: job, window and fingerprint. Two runs with the same key give the same result. */
  readonly runKey: string
  readonly settings: Readonly<Record<string, string>>
  /** Digest of the SQL, the settings and the functions: two jobs with the same fingerprint do the same. */
  readonly fingerprint: string
  /** `<job>@<fingerprint>`: the name on the cluster, where the truth about a job is kept. */
  readonly clusterName: string
}

const fingerprintLength = 12

/** Fills the templates of a job. Throws JOB_INVALID with every problem: missing or unknown parameters, faults in the templates. */
export function renderJob(spec: JobSpec, input: RenderInput = {}): RenderedJob {
  const fingerprint = fingerprintOf(spec, input)
  const runKey = [spec.name, input.sources?.['run.from'] ?? '', input.sources?.['run.date'] ?? '', fingerprint].join('/')
  const parameters = resolveParameters(spec, { ...input, sources: { 'run.fingerprint': fingerprint, 'run.key': runKey, ...input.sources } })
  const fragments = Object.fromEntries(Object.entries(spec.fragments).map(([name, file]) => [name, readSqlFile(spec, file)]))
  const used = new Set<string>()
  const render = (name: string): readonly SqlStatement[] => {
    const rendered = renderTemplate(readSqlFile(spec, name), { dialect: spec.engine, parameters, fragments, unused: 'allow' })
    for (const parameter of rendered.usedParameters) used.add(parameter)
    return splitStatements(rendered, spec.engine)
  }
  const statements = spec.statements.flatMap(render)
  const single = (name: string | undefined): SqlStatement | null => (name === undefined ? null : (render(name)[0] ?? null))
  const found = single(spec.tables?.query)
  const tables = spec.tables === undefined || found === null ? null : { ...spec.tables, query: found }
  const readiness = single(spec.readiness)
  const done = single(spec.done)
  const unused = Object.keys(spec.parameters).filter((name) => !used.has(name))
  if (unused.length > 0) throw problemsError('JOB_INVALID', `job ${spec.name} has parameters that no file uses`, unused.map((name) => ({ message: `parameter '${name}' is not used`, where: { file: path.join(spec.directory, 'job.yaml') } })))
  return { spec, statements, tables, readiness, done, runKey, settings: settingsOf(spec, input), fingerprint, clusterName: `${spec.name}@${fingerprint}` }
}

/** Over everything that decides what the job does, and nothing that only says which run it is. */
function fingerprintOf(spec: JobSpec, input: RenderInput): string {
  const values = Object.entries(spec.parameters)
    .filter(([, parameter]) => parameter.from?.startsWith('run.') !== true)
    .map(([name, parameter]) => [name, String(valueOf(name, parameter, input) ?? '')])
  return digest([...filesOf(spec).map((file) => readSqlFile(spec, file).text), JSON.stringify(values), JSON.stringify(settingsOf(spec, input)), ...jarDigests(spec, input.jarDirectory)])
}

function settingsOf(spec: JobSpec, input: RenderInput): Readonly<Record<string, string>> {
  return { ...input.settings, ...Object.fromEntries(Object.entries(spec.settings).map(([key, value]) => [key, String(value)])) }
}

function valueOf(name: string, parameter: JobParameter, input: RenderInput): ParameterValue | undefined {
  return input.values?.[name] ?? (parameter.from === undefined ? undefined : input.sources?.[parameter.from]) ?? parameter.default
}

function resolveParameters(spec: JobSpec, input: RenderInput): Readonly<Record<string, Parameter>> {
  const file = path.join(spec.directory, 'job.yaml')
  const problems: Problem[] = []
  for (const name of Object.keys(input.values ?? {})) {
    if (Object.hasOwn(spec.parameters, name)) continue
    const guess = nearest(name, Object.keys(spec.parameters))
    problems.push({ message: `job ${spec.name} has no parameter '${name}'`, where: { file }, ...(guess === undefined ? {} : { hint: `Did you mean '${guess}'?` }) })
  }
  const resolved: Record<string, Parameter> = {}
  for (const [name, parameter] of Object.entries(spec.parameters)) {
    const { type, from } = parameter
    const value = valueOf(name, parameter, input)
    if (value === undefined) problems.push({ message: `parameter '${name}' has no value`, where: { file }, hint: from === undefined ? `Give it with --set ${name}=VALUE.` : `It comes from ${from}.` })
    else resolved[name] = { type, value }
  }
  if (problems.length > 0) throw problemsError('JOB_INVALID', `job ${spec.name} cannot be rendered`, problems)
  return resolved
}

function jarDigests(spec: JobSpec, directory: string | undefined): readonly string[] {
  if (directory === undefined) return []
  return spec.jars.map((jar) => {
    const file = path.join(directory, jar)
    return existsSync(file) ? digest([readFileSync(file).toString('base64')]) : `missing ${jar}`
  })
}

function digest(parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex').slice(0, fingerprintLength)
}
