import { expect, it } from 'vitest'
import { converse, essence } from '../../fakes/flink-conversation.ts'
import { scriptConversation, startFlinkFake } from '../../fakes/flink-gateway.ts'
import { recorded } from '../../fakes/flink-server.ts'

it('the fake answers the recorded conversation as the real gateway and JobManager did', async () => {
  const fake = await startFlinkFake()
  scriptConversation(fake)
  const said = await converse(fake.gatewayUrl, fake.jobManagerUrl)
  expect(Object.keys(said).length).toBeGreaterThan(60)
  for (const [name, exchange] of Object.entries(said)) expect({ name, ...(essence(name, exchange) as object) }).toEqual({ name, ...(essence(name, recorded(name)) as object) })
  await fake.stop()
})
