import path from 'node:path'
import { createInterface } from 'node:readline'
import { formatCallAnswer, parseCallRequestLine, readAnswerModel, StationError } from '../../src/index.ts'
import { defineCommand } from '../command.ts'

/** An answering program for `station outage replay --calls`: a line in, a line out, at once, until its input ends. */
export const simulateAnswer = defineCommand<string>({
  name: 'simulate answer',
  summary: 'Answer calls as the devices of a simulation would',
  description: 'Reads {"callId","deviceId","askedAt"} lines from standard input and answers each with {"callId","kind","delayMs"}.',
  examples: [['station outage replay --grid out/sim --events out/sim/events.ndjson --out out/outages.ndjson --calls "station simulate answer --dir out/sim"', 'replay with answered calls']],
  configure: (command) => void command.requiredOption('--dir <dir>', 'folder that station simulate outage wrote'),
  async run({ options }, context) {
    const model = await readAnswerModel(path.resolve(context.cwd, String(options['dir'])), { signal: context.signal })
    let line = 0
    for await (const text of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
      line++
      if (text === '') continue
      const request = parseCallRequestLine(text)
      if (!request.ok) throw new StationError('INPUT_INVALID', `request ${line} is not of its form: ${request.problems.join('; ')}`, { where: { file: 'standard input', line } })
      process.stdout.write(`${formatCallAnswer(model.answer(request.value))}\n`)
    }
    return { result: '' }
  },
  view: (result) => result,
  bare: true,
})
