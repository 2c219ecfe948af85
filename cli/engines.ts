import { engineNames, nearest, StationError, type EngineName } from '../src/index.ts'

/** Engine names from the command line; none = all. */
export function chosenEngines(words: readonly string[]): readonly EngineName[] {
  if (words.length === 0) return engineNames
  return words.map((word) => {
    const name = engineNames.find((known) => known === word)
    if (name !== undefined) return name
    const guess = nearest(word, engineNames)
    throw new StationError('USAGE', `no engine is named '${word}'`, { hint: guess === undefined ? `The engines are ${engineNames.join(', ')}.` : `Did you mean '${guess}'?` })
  })
}
