/** A piece of long work shown to the user: a line that changes on a terminal, one line per change elsewhere. */
export interface ProgressStep {
  /** New text, with a fraction 0…1 where one is known. */
  update(text: string, fraction?: number): void
  done(text?: string): void
  fail(text?: string): void
}

export interface Progress {
  start(text: string): ProgressStep
}

const silentStep: ProgressStep = { update() {}, done() {}, fail() {} }

export const silentProgress: Progress = { start: () => silentStep }

/** Runs `body` as one step: done when it returns, failed when it throws. */
export async function withStep<T>(progress: Progress, text: string, body: (step: ProgressStep) => Promise<T>): Promise<T> {
  const step = progress.start(text)
  try {
    const result = await body(step)
    step.done()
    return result
  } catch (error) {
    step.fail()
    throw error
  }
}
