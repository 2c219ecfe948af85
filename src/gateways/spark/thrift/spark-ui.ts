import axios from 'axios'
import type { SparkProgress } from '../spark-session.ts'

interface UiJob {
  readonly jobGroup?: string
  readonly status?: string
  readonly numTasks?: number
  readonly numCompletedTasks?: number
  readonly numActiveTasks?: number
}

export interface SparkUi {
  /** Progress of the jobs of one group; null when the UI does not answer or knows none. Never throws. */
  progress(jobGroup: string, signal: AbortSignal): Promise<SparkProgress | null>
}

const requestTimeoutMs = 2_000

/** The monitoring REST of a driver: HiveServer2's own progress stays empty in Spark, but each operation's jobs carry its id as their group. */
export function createSparkUi(baseUrl: string): SparkUi {
  const client = axios.create({ baseURL: `${baseUrl.replace(/\/$/, '')}/api/v1`, timeout: requestTimeoutMs, proxy: false })
  let application: string | null = null
  return {
    async progress(jobGroup, signal) {
      try {
        application ??= (await client.get<{ id: string }[]>('/applications', { signal })).data[0]?.id ?? null
        if (application === null) return null
        const jobs = (await client.get<UiJob[]>(`/applications/${encodeURIComponent(application)}/jobs`, { signal })).data
        return jobsProgress(jobs.filter((job) => job.jobGroup === jobGroup))
      } catch {
        return null // no progress is no failure of the statement
      }
    },
  }
}

export function jobsProgress(jobs: readonly UiJob[]): SparkProgress | null {
  const sum = (count: (job: UiJob) => number | undefined): number => jobs.reduce((total, job) => total + (count(job) ?? 0), 0)
  const total = sum((job) => job.numTasks)
  if (total === 0) return null
  const done = sum((job) => job.numCompletedTasks)
  const jobText = `${jobs.length} job${jobs.length === 1 ? '' : 's'}`
  return { fraction: Math.min(1, done / total), text: `${done} of ${total} tasks in ${jobText}, ${sum((job) => job.numActiveTasks)} running` }
}
