import { StationError } from '../core/errors.ts'
import { escapeInQuotes, formatIdentifier, formatLiteral, type LiteralValue } from './literals.ts'
import type { Dialect } from './scan.ts'

export const parameterTypes = ['string', 'identifier', 'int', 'bigint', 'decimal', 'boolean', 'date', 'timestamp', 'duration'] as const
export type ParameterType = (typeof parameterTypes)[number]

export interface Parameter {
  readonly type: ParameterType
  readonly value: string | number | bigint | boolean
}

/** SQL text of a parameter where code stands. Throws INPUT_INVALID when the value is not of its type. */
export function formatParameter(dialect: Dialect, parameter: Parameter): string {
  if (parameter.type === 'identifier') return formatIdentifier(dialect, asText(parameter))
  return formatLiteral(dialect, asLiteral(parameter))
}

/** Text of a parameter inside quotes that the template wrote itself. Throws INPUT_INVALID when the value is not of its type. */
export function formatParameterInQuotes(dialect: Dialect, parameter: Parameter, quote: "'" | '"' | '`'): string {
  if (parameter.type !== 'identifier') formatLiteral(dialect, asLiteral(parameter)) // the same checks of the value
  return escapeInQuotes(dialect, String(parameter.value), quote)
}

function asLiteral(parameter: Parameter): LiteralValue {
  const { type, value } = parameter
  switch (type) {
    case 'int':
      return { type, value: Number(asInteger(parameter)) }
    case 'bigint':
      return { type, value: asInteger(parameter) }
    case 'boolean':
      if (value === true || value === 'true') return { type, value: true }
      if (value === false || value === 'false') return { type, value: false }
      throw wrongType(parameter)
    case 'decimal':
      return { type, value: typeof value === 'number' || typeof value === 'bigint' ? String(value) : asText(parameter) }
    case 'identifier':
      return { type: 'string', value: asText(parameter) }
    default:
      return { type, value: asText(parameter) }
  }
}

function asInteger(parameter: Parameter): bigint {
  const { value } = parameter
  if (typeof value === 'bigint') return value
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
  if (typeof value === 'string' && /^-?\d{1,19}$/.test(value)) return BigInt(value)
  throw wrongType(parameter)
}

function asText(parameter: Parameter): string {
  if (typeof parameter.value !== 'string') throw wrongType(parameter)
  return parameter.value
}

function wrongType(parameter: Parameter): StationError {
  return new StationError('INPUT_INVALID', `${JSON.stringify(String(parameter.value).slice(0, 80))} is not of type ${parameter.type}`)
}
