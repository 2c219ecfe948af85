import type { Progress, ProgressStep } from '../src/index.ts'
import type { Terminal } from './views/terminal.ts'

const heartbeatMs = 60_000
const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

interface OpenStep {
  text: string
  readonly title: string
  readonly startedAtMs: number
}

/** Long work on standard error: one changing line on a terminal; elsewhere a line per state change and a heartbeat each minute. */
export function createProgress(stderr: NodeJS.WriteStream, terminal: Terminal): Progress & { stop(): void } {
  const open: OpenStep[] = []
  const { color } = terminal
  let timer: NodeJS.Timeout | null = null
  let frame = 0

  const seconds = (step: OpenStep): string => `${((performance.now() - step.startedAtMs) / 1_000).toFixed(1)} s`
  const clear = (): void => void (terminal.interactive && stderr.write('\r\x1b[K'))
  const draw = (): void => {
    const step = open.at(-1)
    if (step === undefined) return
    if (terminal.interactive) {
      frame = (frame + 1) % frames.length
      const line = `${frames[frame]} ${step.title}${step.text === '' ? '' : `: ${step.text}`} (${seconds(step)})`
      stderr.write(`\r\x1b[K${line.slice(0, Math.max(20, terminal.columns - 1))}`)
    } else {
      stderr.write(`… ${step.title}${step.text === '' ? '' : `: ${step.text}`} (${seconds(step)})\n`)
    }
  }
  const tick = (): void => {
    if (timer !== null || open.length === 0) return
    timer = setInterval(draw, terminal.interactive ? 100 : heartbeatMs)
    timer.unref()
  }
  const finish = (step: OpenStep, mark: string, text: string | undefined): void => {
    const index = open.indexOf(step)
    if (index < 0) return
    open.splice(index, 1)
    clear()
    stderr.write(`${mark} ${step.title}${text === undefined || text === '' ? '' : `: ${text}`} ${color.dim(`(${seconds(step)})`)}\n`)
    if (open.length === 0 && timer !== null) {
      clearInterval(timer)
      timer = null
    }
  }

  return {
    start(title): ProgressStep {
      const step: OpenStep = { text: '', title, startedAtMs: performance.now() }
      open.push(step)
      if (!terminal.interactive) stderr.write(`· ${title}\n`)
      tick()
      return {
        update(text, fraction) {
          step.text = fraction === undefined ? text : `${text} ${Math.floor(fraction * 100)} %`.trim()
        },
        done: (text) => finish(step, color.green('✓'), text),
        fail: (text) => finish(step, color.red('✗'), text),
      }
    },
    stop() {
      clear()
      if (timer !== null) clearInterval(timer)
      timer = null
    },
  }
}
