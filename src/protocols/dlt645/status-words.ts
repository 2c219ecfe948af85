import { bits, type BitsLayout } from '../layout/layout.ts'

/** DL/T 645-2007 appendix C, table C.1–C.7; the bits that only State Grid meters use are marked (SG). Q/GDW 1376.1 F28 and ERC33 carry the same words. */
const phaseWord = (phase: string): readonly string[] => [
  `phase ${phase} voltage loss`, `phase ${phase} under-voltage`, `phase ${phase} over-voltage`, `phase ${phase} current loss`,
  `phase ${phase} over-current`, `phase ${phase} overload`, `phase ${phase} reversed`, `phase ${phase} failure`,
  `phase ${phase} current break`, // (SG)
]

export const statusWordBits: readonly (readonly (string | null)[])[] = [
  [null, 'demand by blocks', 'clock battery low', 'reading battery low', 'active power reversed', 'reactive power reversed'],
  ['phase A active power reversed', 'phase B active power reversed', 'phase C active power reversed', null, 'phase A reactive power reversed', 'phase B reactive power reversed', 'phase C reactive power reversed'],
  ['second slot set', 'auxiliary supply', 'battery supply', 'programming enabled', 'relay open', 'second zone set', 'relay commanded open', 'warned before trip', 'prepaid type bit 0', 'prepaid type bit 1'],
  phaseWord('A'),
  phaseWord('B'),
  phaseWord('C'),
  ['voltage reverse sequence', 'current reverse sequence', 'voltage unbalance', 'current unbalance', 'auxiliary supply loss', 'power off', 'demand over limit', 'power factor low', 'severe current unbalance'],
]

/** Layouts of status words 1 to 7: two bytes, least significant first. */
export const statusWords: readonly BitsLayout[] = statusWordBits.map((names) => bits(2, names))

/** Names of everything that is set in the seven words. */
export function statusMeaning(words: readonly number[]): string {
  const set: string[] = []
  words.forEach((word, index) => {
    for (let bit = 0; bit < 16; bit++) if (((word >>> bit) & 1) === 1) set.push(statusWordBits[index]?.[bit] ?? `word ${index + 1} D${bit}`)
  })
  return set.length === 0 ? 'none set' : set.join('; ')
}
