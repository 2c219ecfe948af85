import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describeFrame, formatFieldTable, fromHex, parseProtocol, runVectors, StationError, type Context, type DecodeOptions, type FrameReport } from '../../src/index.ts'
import { defineCommand, type CommandInput, type CommandOutcome } from '../command.ts'

/** A field table for people, the message and its records for programs; with `--vectors` the bare lines of the contract. */
export const decode = defineCommand<FrameReport | string>({
  name: 'decode',
  summary: 'Decode a meter or terminal frame, or check a file of codec vectors',
  description: 'Protocols: dlt698, gdw1376, dlt645, dlms, auto. The frame is hex text; - reads it from standard input. Exit code 3 when the frame is refused or a vector is not met. Needs no engine.',
  examples: [
    ['station decode auto 68610100000000681104333334331416', 'which protocol it is and what it says'],
    ['station decode gdw1376 - --output json < frame.hex', 'the message as JSON'],
    ['station decode --vectors vectors/dlt645.json', 'one line of JSON for each vector'],
  ],
  configure: (command) =>
    void command
      .argument('[protocol]', 'protocol, or auto')
      .argument('[hex...]', 'the frame, or -')
      .option('--vectors <file>', 'file of codec vectors')
      .option('--protocol <name>', 'protocol of the vectors (default: by file name, else detected)')
      .option('--keys <file>', 'JSON file with the hex keys "encryption" and "authentication" of ciphered DLMS frames')
      .option('--edition <year>', 'DL/T 645: edition of the meter, 1997 or 2007'),
  async run(input, context) {
    const { vectors } = input.options
    return typeof vectors === 'string' ? checkVectors(vectors, input, context) : decodeFrame(input, context)
  },
  view: (result) => (typeof result === 'string' ? result : viewFrame(result)),
})

async function checkVectors(file: string, input: CommandInput, context: Context): Promise<CommandOutcome<string>> {
  if (input.args.length > 0) throw new StationError('USAGE', 'give either a frame or --vectors, not both')
  const named = input.options['protocol']
  const text = await readText(file, context)
  const results = runVectors({ fileName: file, text, ...(typeof named === 'string' ? { protocol: parseProtocol(named) } : {}) })
  const failed = results.filter(({ ok }) => !ok).length
  const lines = results.map((result) => JSON.stringify(result, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)))
  return {
    result: lines.length === 0 ? '' : `${lines.join('\n')}\n`,
    bare: true,
    ...(failed > 0 ? { failure: new StationError('VECTORS_DIFFER', `${failed} of ${results.length} vectors are not met`), warnings: [`${failed} of ${results.length} vectors are not met`] } : {}),
  }
}

async function decodeFrame(input: CommandInput, context: Context): Promise<CommandOutcome<FrameReport>> {
  const [protocol, ...words] = input.args
  if (protocol === undefined || words.length === 0) throw new StationError('USAGE', 'a protocol and a frame are missing', { hint: "Write 'station decode auto <hex>', or 'station decode --vectors <file>'." })
  const hex = words.length === 1 && words[0] === '-' ? await input.readStdin() : words.join('')
  const report = describeFrame(hex, protocol === 'auto' ? 'auto' : parseProtocol(protocol), await decodeOptions(input, context))
  if (report.failure === null) return { result: report }
  const { code, offset, reason } = report.failure
  return { result: report, failure: new StationError('CHECK_FAILED', `the frame is refused: ${reason}`, { where: { offset }, facts: { code, offset } }) }
}

async function decodeOptions(input: CommandInput, context: Context): Promise<DecodeOptions> {
  const { keys, edition } = input.options
  if (edition !== undefined && edition !== '1997' && edition !== '2007') throw new StationError('USAGE', 'the edition is 1997 or 2007')
  return {
    ...(edition === undefined ? {} : { edition: edition === '1997' ? 1997 : 2007 }),
    ...(typeof keys === 'string' ? { keys: await readKeys(keys, context) } : {}),
  }
}

/** Keys come from a file, never from an argument that others can see. */
async function readKeys(file: string, context: Context): Promise<NonNullable<DecodeOptions['keys']>> {
  const fields = parseJson(await readText(file, context), file) as Record<string, unknown> | null
  const key = (name: string): Uint8Array | null => {
    const text = fields?.[name]
    if (text === undefined) return null
    const bytes = typeof text === 'string' ? fromHex(text) : null
    if (bytes === null) throw new StationError('INPUT_INVALID', `key ${name} is not hex text`, { where: { file } })
    return bytes
  }
  const encryption = key('encryption')
  const authentication = key('authentication')
  return { ...(encryption === null ? {} : { encryption }), ...(authentication === null ? {} : { authentication }) }
}

export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new StationError('INPUT_INVALID', `${file} is not JSON`, { where: { file }, cause: error })
  }
}

export async function readText(file: string, context: Context): Promise<string> {
  try {
    return await readFile(path.resolve(context.cwd, file), { encoding: 'utf8', signal: context.signal })
  } catch (error) {
    if (context.signal.aborted) throw error
    throw new StationError('FILE_MISSING', `${file} cannot be read`, { where: { file }, cause: error })
  }
}

function viewFrame(report: FrameReport): string {
  if (report.failure !== null) return ''
  const records = report.records.map((record) => `  ${JSON.stringify(record)}`)
  return [`protocol: ${report.protocol ?? 'unknown'}`, '', formatFieldTable(report.fields), ...(records.length === 0 ? [] : ['', 'normal form:', ...records])].join('\n')
}
