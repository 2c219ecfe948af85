import net from 'node:net'
import { expect, test } from 'vitest'
import { choosePorts, isListening, isPortFree } from '../../src/engines/ports.ts'

const request = { profileName: 'local', engine: 'kafka', fixed: {} }

async function withServer<T>(body: (port: number) => Promise<T>): Promise<T> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  try {
    return await body((server.address() as net.AddressInfo).port)
  } finally {
    server.close()
  }
}

test('every name gets a port of its own that is free', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `port${index}`)
  const ports = Object.values(await choosePorts({ ...request, names }))
  expect(new Set(ports).size).toBe(30)
  expect(await Promise.all(ports.map(isPortFree))).not.toContain(false)
})

test('a fixed port is taken as it is when it is free', async () => {
  const { only: free } = await choosePorts({ ...request, names: ['only'] })
  expect(await choosePorts({ ...request, names: ['kafka', 'other'], fixed: { kafka: free } })).toMatchObject({ kafka: free })
})

test('a fixed port in use is refused with its name and number', async () => {
  await withServer(async (port) => {
    expect(await isPortFree(port)).toBe(false)
    expect(await isListening('127.0.0.1', port, 1_000)).toBe(true)
    await expect(choosePorts({ ...request, names: ['kafka'], fixed: { kafka: port } })).rejects.toMatchObject({ code: 'PORT_TAKEN', facts: { port, name: 'kafka' } })
  })
})

test('a former port is kept when it is free and replaced when it is in use', async () => {
  const { only: free } = await choosePorts({ ...request, names: ['only'] })
  expect(await choosePorts({ ...request, names: ['kafka'], preferred: { kafka: free! } })).toEqual({ kafka: free })
  await withServer(async (port) => {
    expect((await choosePorts({ ...request, names: ['kafka'], preferred: { kafka: port } })).kafka).not.toBe(port)
  })
})

test('nobody listens on a free port', async () => {
  const { only: free } = await choosePorts({ ...request, names: ['only'] })
  expect(await isListening('127.0.0.1', free!, 1_000)).toBe(false)
})
