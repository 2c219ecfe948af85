import { StationError } from '../core/errors.ts'

/** Fills `{{name}}`. A name without a value is an error: a configuration with a hole must not be started. */
export function fillTemplate(template: string, values: Readonly<Record<string, string | number>>, file: string): string {
  return template.replace(/\{\{([A-Za-z0-9]+)\}\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new StationError('UNEXPECTED', `no value for {{${name}}}`, { where: { file } })
    return String(value)
  })
}
