import { logLevels, type Log, type LogFields, type LogLevel } from '../src/index.ts'

/** Log lines on standard error, as text or as one JSON object a line. */
export function createLog(stderr: NodeJS.WriteStream, options: { readonly level: LogLevel; readonly format: 'text' | 'json'; readonly now: () => number }): Log {
  const lowest = logLevels.indexOf(options.level)
  return {
    write(level: LogLevel, message: string, fields: LogFields = {}) {
      if (logLevels.indexOf(level) < lowest) return
      const at = new Date(options.now()).toISOString()
      if (options.format === 'json') {
        stderr.write(`${JSON.stringify({ at, level, message, ...fields })}\n`)
        return
      }
      const tail = Object.entries(fields).filter(([, value]) => value !== undefined).map(([key, value]) => ` ${key}=${value}`).join('')
      stderr.write(`${at.slice(11, 23)} ${level} ${message}${tail}\n`)
    },
  }
}
