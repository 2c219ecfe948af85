export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

/** Message plus fields. Never a secret, never SQL text with credentials. */
export interface Log {
  write(level: LogLevel, message: string, fields?: LogFields): void
}

export const silentLog: Log = { write() {} }
