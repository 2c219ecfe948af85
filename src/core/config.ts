import { readFileSync } from 'node:fs'
import path from 'node:path'
import { LineCounter, parseDocument, isMap, isPair, isScalar, type Document, type Node } from 'yaml'
import { z } from 'zod'
import { problemsError, StationError, type Problem } from './errors.ts'
import { nearest } from './nearest.ts'
import type { Context } from './context.ts'

/*
  station.yaml: named profiles. A profile owns local engines (`engines: local`) or names the addresses of existing ones.
  Order of precedence: flag, environment (STATION_…), station.yaml, built-in default; each value knows its origin.
*/

const port = z.int().min(1).max(65_535)
const address = z.url({ protocol: /^https?$/ })
const memory = z.string().regex(/^[1-9]\d*(m|g)$/, 'a size such as 1024m or 2g')

const localPorts = z.strictObject({
  kafka: port.optional(),
  kafkaController: port.optional(),
  flinkRest: port.optional(),
  flinkGateway: port.optional(),
  sparkConnect: port.optional(),
  sparkThrift: port.optional(),
  sparkUi: port.optional(),
})

const localEngines = z.strictObject({
  ports: localPorts.default({}),
  memory: z
    .strictObject({ kafka: memory.default('512m'), flinkJobManager: memory.default('1024m'), flinkTaskManager: memory.default('1728m'), flinkGateway: memory.default('512m'), spark: memory.default('2g') })
    .prefault({}),
  taskSlots: z.int().min(1).max(64).default(2),
  startTimeoutSeconds: z.int().min(5).max(1_800).default(180),
})

const tls = z.strictObject({ caFile: z.string().optional(), certFile: z.string().optional(), keyFile: z.string().optional() })
/** A secret is never written in the file: it is the name of an environment variable or of a file that holds it. */
const secret = z.union([z.strictObject({ env: z.string() }), z.strictObject({ file: z.string() })])
export type SecretSource = z.output<typeof secret>

const kafkaCluster = z.strictObject({
  brokers: z.array(z.string().regex(/^[^:\s]+:\d+$/, 'host:port')).min(1),
  tls: tls.optional(),
  sasl: z.strictObject({ mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']), username: z.string(), password: secret }).optional(),
})
const flinkCluster = z.strictObject({
  gatewayUrl: address,
  jobManagerUrl: address,
  /** Folder that the cluster reads function jars from and writes savepoints to; a path or URI that the cluster can reach. */
  jarDirectory: z.string().optional(),
  savepointDirectory: z.string().optional(),
  authorization: secret.optional(),
  tls: tls.optional(),
})
const sparkCluster = z
  .strictObject({
    transport: z.enum(['connect', 'thrift']).default('connect'),
    connect: z.strictObject({ host: z.string(), port, tls: tls.optional(), token: secret.optional() }).optional(),
    thrift: z.strictObject({ host: z.string(), port, auth: z.enum(['nosasl', 'plain']).default('plain'), username: z.string().optional(), password: secret.optional(), tls: tls.optional() }).optional(),
    jarDirectory: z.string().optional(),
  })
  .refine((cluster) => cluster[cluster.transport] !== undefined, { error: 'give the address of the chosen transport' })

const profileSchema = z.strictObject({
  engines: z.union([z.literal('local'), z.strictObject({ local: localEngines })]).optional(),
  kafka: kafkaCluster.optional(),
  flink: flinkCluster.optional(),
  spark: sparkCluster.optional(),
  /** Zone of business dates and of SQL sessions. */
  zone: z.string().default('Asia/Shanghai').refine(isZone, { error: 'not a known time zone' }),
  sparkTransport: z.enum(['connect', 'thrift']).optional(),
  delivery: z.enum(['at-least-once', 'exactly-once']).default('at-least-once'),
  checkpointIntervalSeconds: z.number().min(0.1).max(3_600).default(5),
})

const fileSchema = z.strictObject({
  defaultProfile: z.string().optional(),
  profiles: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'lower-case letters, digits and hyphens'), profileSchema),
})

export type LocalEngines = z.output<typeof localEngines>
export type LocalPorts = z.output<typeof localPorts>
export type KafkaCluster = z.output<typeof kafkaCluster>
export type FlinkCluster = z.output<typeof flinkCluster>
export type SparkCluster = z.output<typeof sparkCluster>

/** A resolved profile: `local` is present exactly when this tool owns the engines that have no address of their own. */
export interface Profile extends Omit<z.output<typeof profileSchema>, 'engines'> {
  readonly name: string
  readonly local: LocalEngines | null
  /** Folder of the profile's engines, logs and locks. */
  readonly stateDirectory: string
  /** Cache of installed engines, shared by all checkouts of a user. */
  readonly cacheDirectory: string
}

export interface ResolvedConfig {
  readonly profile: Profile
  /** Where each value came from, by its dotted path. */
  readonly origins: ReadonlyMap<string, string>
  readonly file: string | null
}

export interface ConfigFlags {
  readonly profile?: string | undefined
  readonly config?: string | undefined
}

/**
 * The profile to work with. Throws CONFIG_INVALID with all problems of the file at once, FILE_MISSING when a named file does not exist.
 */
export function resolveConfig(flags: ConfigFlags, context: Context): ResolvedConfig {
  const origins = new Map<string, string>()
  const named = flags.config ?? context.env['STATION_CONFIG']
  const file = path.resolve(context.cwd, named ?? 'station.yaml')
  const text = readText(file, named !== undefined)
  const content = text === null ? { profiles: { local: profileSchema.parse({ engines: 'local' }) } } : parseFile(text, file, origins)

  const pick: readonly (readonly [string | undefined, string])[] = [
    [flags.profile, 'flag --profile'],
    [context.env['STATION_PROFILE'], 'environment STATION_PROFILE'],
    ['defaultProfile' in content ? content.defaultProfile : undefined, file],
    ['local', 'built-in default'],
  ]
  const [name, origin] = pick.find(([value]) => value !== undefined && value !== '') as [string, string]
  origins.set('profile', origin)
  const chosen = content.profiles[name]
  if (chosen === undefined && name !== 'local') {
    const hint = nearest(name, Object.keys(content.profiles))
    throw new StationError('CONFIG_INVALID', `no profile is named '${name}'`, { where: { file }, ...(hint === undefined ? {} : { hint: `Did you mean '${hint}'?` }) })
  }
  const { engines, ...rest } = chosen ?? profileSchema.parse({ engines: 'local' })
  const ownsEngines = engines !== undefined || (rest.kafka === undefined && rest.flink === undefined && rest.spark === undefined)
  const local = !ownsEngines ? null : engines === undefined || engines === 'local' ? localEngines.parse({}) : engines.local
  for (const key of Object.keys(rest)) if (!origins.has(`profiles.${name}.${key}`)) origins.set(`profiles.${name}.${key}`, 'built-in default')

  const home = context.env['HOME'] ?? '/'
  const cacheDirectory = fromEnvironment('STATION_CACHE', path.join(context.env['XDG_CACHE_HOME'] ?? path.join(home, '.cache'), 'cloud-master-station'))
  const stateRoot = fromEnvironment('STATION_STATE', path.join(context.env['XDG_STATE_HOME'] ?? path.join(home, '.local', 'state'), 'cloud-master-station'))
  return { profile: { ...rest, name, local, cacheDirectory, stateDirectory: path.join(stateRoot, name) }, origins, file: text === null ? null : file }

  function fromEnvironment(variable: string, otherwise: string): string {
    const value = context.env[variable]
    origins.set(variable, value === undefined ? 'built-in default' : `environment ${variable}`)
    return value === undefined ? otherwise : path.resolve(context.cwd, value)
  }
}

/** Reads a secret at the moment it is needed. The value never enters the resolved configuration. */
export function readSecret(source: SecretSource, context: Context): string {
  if ('env' in source) {
    const value = context.env[source.env]
    if (value === undefined) throw new StationError('CONFIG_INVALID', `the environment variable ${source.env} is not set`, { hint: 'Export it before the command; its value is never printed.' })
    return value
  }
  const text = readText(path.resolve(context.cwd, source.file), true)
  return (text ?? '').trimEnd()
}

function readText(file: string, mustExist: boolean): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if (!mustExist && (cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new StationError('FILE_MISSING', `cannot read ${file}`, { where: { file }, cause })
  }
}

function parseFile(text: string, file: string, origins: Map<string, string>): z.output<typeof fileSchema> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const position = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const syntax = document.errors.map((error): Problem => ({ message: error.message.split('\n')[0] ?? 'not YAML', where: { file, ...position(error.pos[0]) } }))
  if (syntax.length > 0) throw problemsError('CONFIG_INVALID', 'station.yaml is not YAML', syntax)

  const parsed = fileSchema.safeParse(document.toJS() ?? {})
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap((issue) => issueProblems(issue, document, file, position))
    throw problemsError('CONFIG_INVALID', 'station.yaml is not valid', problems, { hint: 'docs/configuration.md lists every key.' })
  }
  recordOrigins(document.contents, [], (keys, offset) => origins.set(keys.join('.'), `${file}:${position(offset).line}`))
  return parsed.data
}

function issueProblems(issue: z.core.$ZodIssue, document: Document, file: string, position: (offset: number) => { line: number; column: number }): Problem[] {
  if (issue.code === 'invalid_union') {
    const branches = issue.errors.map((branch) => branch.flatMap((inner) => issueProblems({ ...inner, path: [...issue.path, ...inner.path] }, document, file, position)))
    return branches.reduce((best, branch) => (branch.length > 0 && (best.length === 0 || deepest(branch) > deepest(best)) ? branch : best), [] as Problem[])
  }
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path)
    return issue.keys.map((key) => {
      const guess = nearest(key, known)
      const offset = keyOffset(document, [...issue.path, key])
      return { message: `unknown key '${[...issue.path, key].join('.')}'`, where: { file, ...(offset === null ? {} : position(offset)) }, ...(guess === undefined ? {} : { hint: `Did you mean '${guess}'?` }) }
    })
  }
  const offset = keyOffset(document, issue.path)
  return [{ message: `${issue.path.join('.') || 'file'}: ${issue.message}`, where: { file, ...(offset === null ? {} : position(offset)) } }]
}

function deepest(problems: readonly Problem[]): number {
  return Math.max(...problems.map((problem) => problem.message.split('.').length))
}

/** Keys that the schema knows at a path, for nearest-match hints. */
function knownKeys(keys: readonly PropertyKey[]): string[] {
  const [top, , ...inside] = keys
  if (top === undefined) return Object.keys(fileSchema.shape)
  let schema: unknown = profileSchema
  for (const key of inside) schema = unwrap((schema as { shape?: Record<string, unknown> }).shape?.[String(key)])
  return Object.keys((schema as { shape?: Record<string, unknown> } | undefined)?.shape ?? {})
}

function unwrap(schema: unknown): unknown {
  let inner = schema as { def?: { innerType?: unknown; options?: unknown[]; type?: string } } | undefined
  while (inner?.def !== undefined && (inner.def.innerType !== undefined || inner.def.options !== undefined)) {
    inner = (inner.def.innerType ?? inner.def.options?.at(-1)) as typeof inner
  }
  return inner
}

function keyOffset(document: Document, keys: readonly PropertyKey[]): number | null {
  let node: unknown = document.contents
  let offset: number | null = null
  for (const key of keys) {
    if (!isMap(node)) break
    const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key)
    if (pair === undefined) break
    offset = (pair.key as Node).range?.[0] ?? offset
    node = pair.value
  }
  return offset
}

function recordOrigins(node: unknown, keys: readonly string[], record: (keys: readonly string[], offset: number) => void): void {
  if (!isMap(node)) return
  for (const pair of node.items) {
    if (!isPair(pair) || !isScalar(pair.key)) continue
    const inner = [...keys, String(pair.key.value)]
    record(inner, (pair.key as Node).range?.[0] ?? 0)
    recordOrigins(pair.value, inner, record)
  }
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
