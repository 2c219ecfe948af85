import net from 'node:net'

/** Unit tests open no socket beyond loopback: a connection attempt to another host fails the test that made it. */
const connect: (this: net.Socket, ...args: unknown[]) => net.Socket = Reflect.get(net.Socket.prototype, 'connect') as never

net.Socket.prototype.connect = function guarded(this: net.Socket, ...args: unknown[]): net.Socket {
  const first = Array.isArray(args[0]) ? (args[0] as unknown[])[0] : args[0]
  const host = typeof first === 'object' && first !== null && 'host' in first ? (first as { host?: unknown }).host : undefined
  if (typeof host === 'string' && !['127.0.0.1', '::1', 'localhost'].includes(host)) {
    throw new Error(`a unit test tried to reach ${host}`)
  }
  return connect.apply(this, args)
}
