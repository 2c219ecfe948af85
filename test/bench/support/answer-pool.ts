/** Answers calls for pooled simulations: `npx tsx answer-pool.ts DIR…`, one folder per prefix of ids (`s1-`, `s2-`, …). */
import { createInterface } from 'node:readline'
import { formatCallAnswer, parseCallRequestLine } from '../../../src/records/call.ts'
import { readAnswerModel, type AnswerModel } from '../../../src/simulation/outage/answers.ts'

const models = new Map<string, AnswerModel>()
for (const directory of process.argv.slice(2)) models.set(`${directory.slice(directory.lastIndexOf('/') + 1)}-`, await readAnswerModel(directory))
for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  const request = parseCallRequestLine(line)
  if (!request.ok) throw new Error(request.problems.join('; '))
  const { deviceId } = request.value
  const model = models.get(deviceId.slice(0, deviceId.indexOf('-') + 1))
  if (model === undefined) throw new Error(`no simulation holds ${deviceId}`)
  process.stdout.write(`${formatCallAnswer(model.answer(request.value))}\n`)
}
