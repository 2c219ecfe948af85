/* What kind of statement a text is, as far as repeating it after a lost session goes. The SQL itself is the gateway's business. */

/** First keyword of a statement in upper case; comments and opening brackets before it are skipped. */
export function leadingKeyword(sql: string): string {
  const start = /^(?:\s+|--[^\n\r]*|\/\/[^\n\r]*|\/\*[^+][\s\S]*?\*\/|\/\*\*\/|\()*/.exec(sql)?.[0].length ?? 0
  return /^[A-Za-z]+/.exec(sql.slice(start))?.[0].toUpperCase() ?? ''
}

const queries = new Set(['SELECT', 'WITH', 'VALUES'])
const questions = new Set(['SHOW', 'DESCRIBE', 'DESC', 'EXPLAIN'])
const settings = new Set(['SET', 'RESET', 'USE'])
const definitions = new Set(['CREATE', 'DROP', 'ALTER', 'ADD', 'REMOVE', 'LOAD', 'UNLOAD'])

/** Its rows come from a job of its own, which ends with the statement. */
export function isQuery(sql: string): boolean {
  return queries.has(leadingKeyword(sql))
}

/** Running it twice changes nothing. */
export function isRepeatable(sql: string): boolean {
  const keyword = leadingKeyword(sql)
  return queries.has(keyword) || questions.has(keyword) || settings.has(keyword)
}

/** What it does lives in the session and is lost with it. */
export function changesSession(sql: string): boolean {
  const keyword = leadingKeyword(sql)
  return settings.has(keyword) || definitions.has(keyword)
}
