import type { Context } from '../../core/context.ts'
import { usingFlinkSession } from '../../gateways/flink/session.ts'
import type { FlinkTarget } from '../../gateways/flink/target.ts'
import { withPlace } from '../../jobs/place.ts'
import type { RenderedJob } from '../../jobs/render.ts'

export interface SubmitOptions {
  readonly target: FlinkTarget
  readonly context: Context
  readonly signal: AbortSignal
  /** Name on the cluster. */
  readonly name: string
  readonly executionConfig?: Readonly<Record<string, string>>
}

/** Submits a rendered streaming job under a name of its own and returns at once: a short replay may have ended before anybody could see it run. */
export async function submitReplay(job: RenderedJob, options: SubmitOptions): Promise<string> {
  const { target, context, signal, name } = options
  return usingFlinkSession(target, { name, properties: job.settings, context, signal }, async (session) => {
    let jobId = ''
    for (const statement of job.statements) {
      await withPlace(statement, async () => {
        if (statement.kind.startsWith('EXECUTE')) jobId = (await session.submit(statement.text, { executionConfig: { 'pipeline.name': name, ...options.executionConfig }, signal })).jobId
        else await session.execute(statement.text, { signal })
      })
    }
    return jobId
  })
}
