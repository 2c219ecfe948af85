/** Lets one caller through at a time, in the order in which they came. */
export interface Turns {
  /** Resolves with the function that passes the turn on. Rejects with the signal's reason when it aborts while waiting. */
  take(signal: AbortSignal): Promise<() => void>
}

export function createTurns(): Turns {
  let tail: Promise<void> = Promise.resolve()
  return {
    async take(signal) {
      const before = tail
      let release = (): void => undefined
      const mine = new Promise<void>((resolve) => (release = resolve))
      tail = before.then(() => mine)
      try {
        await raceAbort(before, signal)
      } catch (error) {
        release()
        throw error
      }
      return release
    },
  }
}

async function raceAbort(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  let onAbort = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
