import { readdirSync, readFileSync, existsSync } from 'node:fs'
import path from 'node:path'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import type { Context } from '../core/context.ts'
import { problemsError, StationError } from '../core/errors.ts'
import { nearest } from '../core/nearest.ts'
import { parameterTypes } from '../sql/parameters.ts'
import type { SqlFile } from '../sql/source-map.ts'

/*
  A job is a folder: job.yaml and its SQL files. What runs on a cluster is rendered from these files and nothing else.
*/

/** Where a parameter's value comes from when the caller gives none: the profile, the engines' addresses, or the run. */
export const parameterSources = ['kafka.brokers', 'profile.zone', 'profile.delivery', 'flink.jars', 'run.date', 'run.from', 'run.days', 'run.id', 'run.key', 'run.fingerprint'] as const
export type ParameterSource = (typeof parameterSources)[number]

const fileName = z.string().regex(/^[a-z0-9][a-z0-9._/-]*\.sql$/, 'a relative path to a .sql file').refine((name) => !name.includes('..'), { error: 'inside the folder of the job' })

const parameter = z.strictObject({
  type: z.enum(parameterTypes),
  from: z.enum(parameterSources).optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  description: z.string().optional(),
})

const specSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens'),
  title: z.string(),
  owner: z.string(),
  engine: z.enum(['flink', 'spark']),
  mode: z.enum(['streaming', 'batch']),
  /** What one output row stands for. */
  grain: z.string(),
  inputs: z.array(z.string()).default([]),
  outputs: z.array(z.string()).default([]),
  /** Rule for rows behind the watermark, in words. */
  lateData: z.string().optional(),
  upgrade: z.enum(['stateless', 'savepoint', 'last-state']).default('stateless'),
  /** Length of the window that ends with the run's date, for batch jobs. */
  windowDays: z.int().min(1).default(1),
  parameters: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), parameter).default({}),
  /** Settings of the session, sent as they are. */
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  /** Jars of jobs/udf that the SQL calls into. */
  jars: z.array(z.string().regex(/^[a-z0-9][a-z0-9.-]*\.jar$/)).default([]),
  /** SQL that may be included as {{> name}}, to the letter the same wherever it stands. */
  fragments: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), fileName).default({}),
  /** Version of the tables that the SQL was written for, the query that gives the version found, and what helps when there is none or an older one. */
  tables: z.strictObject({ version: z.int().min(1), query: fileName, hint: z.string() }).optional(),
  /** A query whose one row says whether the input of the run is complete: ready BOOLEAN, shortfall STRING. */
  readiness: fileName.optional(),
  /** A query that gives a row when this very run (run.key) is already published; then nothing is done again. */
  done: fileName.optional(),
  statements: z.array(fileName).min(1),
})

export type JobParameter = z.output<typeof parameter>
export interface JobSpec extends z.output<typeof specSchema> {
  readonly directory: string
}

/** Folders that are searched for jobs: those of the working directory first, then the ones that come with the tool. */
function jobRoots(context: Context): readonly string[] {
  const own = path.join(context.packageRoot, 'jobs', 'sql')
  const local = path.join(context.cwd, 'jobs', 'sql')
  return local === own ? [own] : [local, own]
}

export function listJobs(context: Context): readonly string[] {
  const names = jobRoots(context).flatMap((root) => (existsSync(root) ? readdirSync(root).filter((name) => existsSync(path.join(root, name, 'job.yaml'))) : []))
  return [...new Set(names)].sort()
}

/** Reads and checks a job. Throws JOB_UNKNOWN (with the nearest name) or JOB_INVALID with all problems of job.yaml. */
export function loadJob(name: string, context: Context): JobSpec {
  const directory = jobRoots(context).map((root) => path.join(root, name)).find((folder) => existsSync(path.join(folder, 'job.yaml')))
  if (directory === undefined || !/^[a-z][a-z0-9-]*$/.test(name)) {
    const known = listJobs(context)
    const guess = nearest(name, known)
    throw new StationError('JOB_UNKNOWN', `no job is named '${name}'`, { hint: guess === undefined ? `Known jobs: ${known.join(', ') || 'none'}.` : `Did you mean '${guess}'?` })
  }
  return parseJob(readFileSync(path.join(directory, 'job.yaml'), 'utf8'), directory)
}

export function parseJob(text: string, directory: string): JobSpec {
  const file = path.join(directory, 'job.yaml')
  const document = parseDocument(text)
  if (document.errors.length > 0) {
    throw problemsError('JOB_INVALID', 'job.yaml is not YAML', document.errors.map((error) => ({ message: error.message.split('\n')[0] ?? '', where: { file, line: error.linePos?.[0].line ?? 1 } })))
  }
  const parsed = specSchema.safeParse(document.toJS())
  if (!parsed.success) {
    throw problemsError('JOB_INVALID', 'job.yaml is not valid', parsed.error.issues.map((issue) => ({ message: `${issue.path.join('.') || 'file'}: ${issue.message}`, where: { file } })))
  }
  const spec = { ...parsed.data, directory }
  const missing = filesOf(spec).filter((name) => !existsSync(path.join(directory, name)))
  if (missing.length > 0) throw problemsError('JOB_INVALID', 'job.yaml names files that do not exist', missing.map((name) => ({ message: `${name} does not exist`, where: { file } })))
  return spec
}

/** Every SQL file that a job names. */
export function filesOf(spec: JobSpec): readonly string[] {
  return [...spec.statements, ...Object.values(spec.fragments), ...[spec.tables?.query, spec.readiness, spec.done].filter((name) => name !== undefined)]
}

export function readSqlFile(spec: JobSpec, name: string): SqlFile {
  const file = path.join(spec.directory, name)
  return { path: file, text: readFileSync(file, 'utf8') }
}
