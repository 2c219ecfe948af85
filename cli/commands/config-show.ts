import { defineCommand } from '../command.ts'
import { table } from '../views/terminal.ts'

interface Entry {
  readonly key: string
  readonly value: string
  readonly origin: string
}

export const configShow = defineCommand<{ readonly file: string | null; readonly profile: string; readonly entries: readonly Entry[] }>({
  name: 'config show',
  summary: 'Show the resolved configuration and where each value comes from',
  examples: [
    ['station config show', 'the default profile'],
    ['station config show --profile production --output json', 'another profile, for a program'],
  ],
  async run(input) {
    const { profile, origins, file } = input.config()
    const environment: Readonly<Record<string, string>> = { cacheDirectory: 'STATION_CACHE', stateDirectory: 'STATION_STATE', name: 'profile' }
    const entries = flatten(profile, []).map(([keys, value]): Entry => {
      const inFile = keys.map((key) => (key === 'local' ? 'engines' : key))
      const places = inFile.map((_, depth) => `profiles.${profile.name}.${inFile.slice(0, inFile.length - depth).join('.')}`)
      const origin = origins.get(environment[keys[0]!] ?? '') ?? places.map((place) => origins.get(place)).find((found) => found !== undefined) ?? 'built-in default'
      return { key: keys.join('.'), value, origin }
    })
    return Promise.resolve({ result: { file, profile: profile.name, entries } })
  },
  view: (result, terminal) => table(['key', 'value', 'origin'], result.entries.map((entry) => [entry.key, entry.value, entry.origin]), terminal),
})

/** Nested settings as dotted keys; lists and empty values as JSON. */
function flatten(value: unknown, keys: readonly string[]): readonly (readonly [readonly string[], string])[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, inner]) => flatten(inner, [...keys, key]))
  }
  return [[keys, typeof value === 'string' ? value : JSON.stringify(value)]]
}
