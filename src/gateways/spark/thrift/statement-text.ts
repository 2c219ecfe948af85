/**
 * The statement without trailing white space, comments and semicolons, so that it can stand in parentheses.
 * Knows strings, quoted names and comments of Spark SQL (bracketed ones nest).
 */
export function withoutTail(sql: string): string {
  let end = 0
  let at = 0
  while (at < sql.length) {
    const rest = sql[at] ?? ''
    const pair = sql.slice(at, at + 2)
    if (pair === '--') {
      const newline = sql.indexOf('\n', at)
      at = newline < 0 ? sql.length : newline + 1
    } else if (pair === '/*' && sql[at + 2] !== '+') {
      at = afterComment(sql, at)
    } else if (rest === "'" || rest === '"' || rest === '`') {
      at = afterQuoted(sql, at)
      end = at
    } else {
      at++
      if (!/[\s;]/.test(rest)) end = at
    }
  }
  return sql.slice(0, end)
}

function afterComment(sql: string, start: number): number {
  let depth = 0
  let at = start
  while (at < sql.length) {
    const pair = sql.slice(at, at + 2)
    if (pair === '/*') depth++
    if (pair === '*/') depth--
    at += pair === '/*' || pair === '*/' ? 2 : 1
    if (depth === 0) return at
  }
  return sql.length
}

function afterQuoted(sql: string, start: number): number {
  const quote = sql[start]
  for (let at = start + 1; at < sql.length; at++) {
    if (sql[at] === '\\' && quote !== '`') at++
    else if (sql[at] === quote) return at + 1
  }
  return sql.length
}
