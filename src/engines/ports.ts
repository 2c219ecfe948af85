import { randomInt } from 'node:crypto'
import net from 'node:net'
import { StationError } from '../core/errors.ts'

/** Below the range from which systems take ports of outgoing connections, so that none is lost between choosing and listening. */
const firstPort = 20_000
const lastPort = 29_999

export interface PortRequest {
  readonly names: readonly string[]
  /** Ports that the profile fixes. */
  readonly fixed: Readonly<Record<string, number | undefined>>
  /** Ports of the last start: kept when they are still free, so that clients find a restarted engine. */
  readonly preferred?: Readonly<Record<string, number>>
  readonly profileName: string
  readonly engine: string
}

/** A port on 127.0.0.1 for every name. Throws PORT_TAKEN when a fixed one is in use. */
export async function choosePorts(request: PortRequest): Promise<Readonly<Record<string, number>>> {
  const chosen: Record<string, number> = {}
  const taken = new Set(Object.values(request.fixed))
  for (const name of request.names) {
    const fixed = request.fixed[name]
    if (fixed === undefined) {
      const preferred = request.preferred?.[name]
      chosen[name] = preferred !== undefined && !taken.has(preferred) && (await isPortFree(preferred)) ? preferred : await findFreePort(taken)
      taken.add(chosen[name])
    } else if (await isPortFree(fixed)) {
      chosen[name] = fixed
    } else {
      throw new StationError('PORT_TAKEN', `port ${fixed} (${name}) of profile '${request.profileName}' is taken`, {
        hint: `Stop the program that listens on it (ss -ltnp 'sport = :${fixed}' shows it), choose another port, or remove ports.${name} from station.yaml to use any free one.`,
        facts: { engine: request.engine, port: fixed, name },
      })
    }
  }
  return chosen
}

async function findFreePort(taken: ReadonlySet<number | undefined>): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(firstPort, lastPort + 1)
    if (!taken.has(port) && (await isPortFree(port))) return port
  }
  throw new StationError('PORT_TAKEN', `no free port between ${firstPort} and ${lastPort}`, { hint: 'Stop programs that listen there, or fix ports in station.yaml.' })
}

export async function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** Whether something accepts connections there. */
export async function isListening(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port })
    const end = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(timeoutMs, () => end(false))
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}
