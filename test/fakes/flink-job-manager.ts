import { randomBytes } from 'node:crypto'
import { recorded, type Handler, type Recording } from './flink-server.ts'

interface FakeJob {
  readonly name: string
  state: 'CREATED' | 'RUNNING' | 'FINISHED' | 'CANCELED' | 'FAILED'
  /** Polls that still see it being deployed. */
  deploying: number
}

interface Trigger {
  readonly job: string
  polls: number
  readonly outcome: 'done' | 'failed' | 'gone'
}

/** A JobManager with the recorded bodies: asynchronous savepoints, deploying vertices, refusals for jobs that ended. */
export interface FakeJobManager {
  readonly handle: Handler
  readonly jobs: Map<string, FakeJob>
  readonly requests: { readonly method: string; readonly path: string; readonly body: string }[]
  start(id: string, name: string, options?: { readonly deploying?: number }): void
  isStarting(id: string): boolean
  /** Its tasks run now. */
  run(id: string): void
  /** A query's job ends with its statement. */
  end(id: string): void
}

const recordedJob = '[0-9a-f]{32}'

export function createFakeJobManager(): FakeJobManager {
  const jobs = new Map<string, FakeJob>()
  const triggers = new Map<string, Trigger>()
  const requests: { method: string; path: string; body: string }[] = []

  const body = (name: string, id: string): Recording => {
    const seen = new RegExp(`"jid":"(${recordedJob})"`).exec(recorded(name).text)?.[1] ?? ''
    return recorded(name, seen === '' ? {} : { [seen]: id })
  }
  const unknownJob = (id: string): Recording => recorded('jm_job_unknown', { ['0'.repeat(32)]: id })

  function details(id: string, job: FakeJob): Recording {
    const ended = job.state !== 'RUNNING' && job.state !== 'CREATED'
    const { status, text } = body(ended ? 'jm_job_ended' : 'jm_job_running', id)
    const parsed = JSON.parse(text) as { state: string; name: string; vertices: { status: string }[] }
    parsed.name = job.name
    parsed.state = job.state
    if (job.deploying > 0) {
      job.deploying--
      parsed.vertices[0]!.status = 'DEPLOYING'
    }
    return { status, text: JSON.stringify(parsed) }
  }

  function trigger(id: string, job: FakeJob, kind: string, text: string): Recording {
    const request = JSON.parse(text) as { triggerId?: string; targetDirectory?: string; 'target-directory'?: string }
    const stops = kind === 'stop'
    const directory = stops ? request.targetDirectory : request['target-directory']
    const name = request.triggerId ?? randomBytes(16).toString('hex')
    // as the real one: refused for good while a vertex is not running yet
    const failed = directory?.startsWith('file:///proc/') === true || job.deploying > 0
    const outcome = job.state === 'RUNNING' ? (failed ? 'failed' : 'done') : 'gone'
    if (stops && outcome === 'done') job.state = 'FINISHED'
    triggers.set(name, { job: id, polls: 1, outcome })
    return { status: 202, text: JSON.stringify({ 'request-id': name }) }
  }

  function savepoint(id: string, name: string): Recording {
    const found = triggers.get(name)
    if (found === undefined || found.job !== id) return recorded('jm_savepoint_unknown', { ['0'.repeat(32)]: name })
    if (found.polls-- > 0) return { status: 200, text: '{"status":{"id":"IN_PROGRESS"},"operation":null}' }
    if (found.outcome === 'failed') return recorded('jm_savepoint_failed')
    if (found.outcome === 'gone') return recorded('jm_stop_ended_result')
    return recorded('jm_savepoint')
  }

  return {
    jobs,
    requests,
    start: (id, name, { deploying = 1 } = {}) => void jobs.set(id, { name, state: 'RUNNING', deploying }),
    isStarting: (id) => jobs.get(id)?.state === 'RUNNING' && jobs.get(id)!.deploying > 0,
    run(id) {
      const job = jobs.get(id)
      if (job !== undefined) job.deploying = 0
    },
    end(id) {
      const job = jobs.get(id)
      if (job?.state === 'RUNNING') job.state = 'CANCELED'
    },
    handle({ method, path, query, body: text }) {
      requests.push({ method, path, body: text })
      if (path === '/overview' || path === '/config') return recorded(`jm_${path.slice(1)}`)
      if (path === '/jobs/overview') {
        const known = JSON.parse(recorded('jm_jobs').text) as { jobs: Record<string, unknown>[] }
        return { status: 200, text: JSON.stringify({ jobs: [...jobs].map(([id, job]) => ({ ...known.jobs[0], jid: id, name: job.name, state: job.state })) }) }
      }
      const metrics = /^\/jobs\/([0-9a-f]{32})\/vertices\/([0-9a-f]{32})\/subtasks\/metrics$/.exec(path)
      if (metrics !== null && jobs.has(metrics[1]!)) return subtaskMetrics(query.get('get'))
      const route = /^\/jobs\/([^/]+)(?:\/(exceptions|checkpoints|savepoints|stop|metrics)(?:\/([0-9a-f]{32}))?)?$/.exec(path)
      if (route === null) return { status: 404, text: JSON.stringify({ errors: [`Not found: ${path}`] }) }
      const [, id = '', what, name] = route
      if (!/^[0-9a-f]{32}$/.test(id)) return recorded('jm_job_malformed', { abc: id })
      const job = jobs.get(id)
      if (job === undefined) return unknownJob(id)
      if (method === 'GET' && what === undefined) return details(id, job)
      if (method === 'GET' && (what === 'exceptions' || what === 'checkpoints')) return recorded(`jm_${what}`)
      if (method === 'GET' && what === 'savepoints' && name !== undefined) return savepoint(id, name)
      if (method === 'POST' && (what === 'stop' || what === 'savepoints')) return trigger(id, job, what, text)
      if (method === 'PATCH' && query.get('mode') === 'cancel') {
        if (job.state !== 'RUNNING') return recorded('jm_cancel_ended')
        job.state = 'CANCELED'
        return { status: 202, text: '{}' }
      }
      return { status: 404, text: JSON.stringify({ errors: [`Not found: ${path}`] }) }
    },
  }
}

/** One unknown name empties the answer, as on 2.3.0. */
function subtaskMetrics(get: string | null): Recording {
  const known = ['numRecordsIn', 'numRecordsOut']
  const names = get === null ? known : get.split(',')
  const list = names.every((name) => known.includes(name)) ? names.map((id) => (get === null ? { id } : { id, min: 1, max: 3, avg: 2, sum: 4, skew: 0 })) : []
  return { status: 200, text: JSON.stringify(list) }
}
