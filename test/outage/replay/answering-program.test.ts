import { describe, expect, test } from 'vitest'
import { createContext } from '../../../src/core/context.ts'
import { startAnsweringProgram } from '../../../src/outage/replay/answering-program.ts'

const context = createContext({ env: { PATH: process.env['PATH'] } })
const requests = [
  { callId: 'a', deviceId: 'M1', askedAtMs: 1_772_640_000_000 },
  { callId: 'b', deviceId: 'M2', askedAtMs: 1_772_640_000_000 },
]
const start = (command: string) => startAnsweringProgram(command, { context, zone: 'Asia/Shanghai' })

describe('a program that answers calls', () => {
  test('gets one line per call and may answer in any order', async () => {
    const program = start(`read one; read two; echo '{"callId":"b","kind":"PING_OK","delayMs":2000}'; echo '{"callId":"a","kind":null,"delayMs":0}'; cat >/dev/null`)
    const answers = await program.ask(requests)
    expect(answers.map(({ callId, kind }) => `${callId} ${kind}`).sort()).toEqual(['a null', 'b PING_OK'])
    await program.close()
  })

  test('sees the instant with its offset', async () => {
    const program = start(`read line; case "$line" in *'"askedAt":"2026-03-05T00:00:00.000+08:00"'*) echo '{"callId":"a","kind":"PING_FAIL","delayMs":1}';; *) exit 7;; esac; cat >/dev/null`)
    expect((await program.ask(requests.slice(0, 1)))[0]?.kind).toBe('PING_FAIL')
    await program.close()
  })

  test.each([
    ['ends early', 'exit 3', /ended early with exit 3/],
    ['prints no JSON', 'echo nonsense; cat >/dev/null', /printed no answer/],
    ['answers a call that is not open', `read line; echo '{"callId":"z","kind":"PING_OK","delayMs":1}'; cat >/dev/null`, /not open/],
    ['gives no delay', `read line; echo '{"callId":"a","kind":"PING_OK"}'; cat >/dev/null`, /printed no answer/],
  ])('that %s fails the replay', async (_, command, message) => {
    const program = start(command)
    await expect(program.ask(requests.slice(0, 1))).rejects.toThrow(message)
    await program.close()
  })
})
