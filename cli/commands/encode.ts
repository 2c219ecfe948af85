import { encodeAny, parseProtocol, StationError, toHex, type ProtocolName } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import { parseJson, readText } from './decode.ts'

interface Encoded {
  readonly protocol: ProtocolName
  readonly hex: string
  readonly bytes: number
}

/** The inverse of decode. */
export const encode = defineCommand<Encoded>({
  name: 'encode',
  summary: 'Build a frame from a message in the form that decode prints',
  description: 'Checksums, lengths and the 33H of DL/T 645 are computed. Needs no engine.',
  examples: [
    ['station encode dlt645 message.json', 'hex of the frame'],
    ['station decode auto <hex> --output json | station encode dlt645 -', 'there and back'],
  ],
  configure: (command) => void command.argument('<protocol>', 'dlt698, gdw1376, dlt645 or dlms').argument('<message>', 'JSON file, or - for standard input'),
  async run(input, context) {
    const [word, file] = input.args
    if (word === undefined || file === undefined) throw new StationError('USAGE', 'a protocol and a message are missing')
    const protocol = parseProtocol(word)
    const text = file === '-' ? await input.readStdin() : await readText(file, context)
    const bytes = encodeAny(protocol, parseJson(text, file === '-' ? 'standard input' : file))
    return { result: { protocol, hex: toHex(bytes), bytes: bytes.length } }
  },
  view: (result) => result.hex,
})
