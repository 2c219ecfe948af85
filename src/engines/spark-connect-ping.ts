import { connect } from 'node:http2'

/*
  The smallest call of Spark Connect, without a client library: SparkConnectService/AnalyzePlan asking for the version.
    AnalyzePlanRequest   1 session_id (string)   2 user_context { 1 user_id }   10 spark_version {}
  A gRPC message is framed by one byte (0 = not compressed) and its length in four bytes, big endian.
*/

/** True when the server answered the call itself, not only the connection. */
export async function pingSparkConnect(host: string, port: number, options: { readonly sessionId: string; readonly timeoutMs: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connect(`http://${host}:${port}`)
    const end = (answer: boolean): void => {
      clearTimeout(timer)
      session.destroy()
      resolve(answer)
    }
    const timer = setTimeout(() => end(false), options.timeoutMs)
    session.once('error', () => end(false))
    const request = session.request({ ':method': 'POST', ':path': '/spark.connect.SparkConnectService/AnalyzePlan', 'content-type': 'application/grpc', te: 'trailers' })
    let status: string | undefined
    const note = (headers: Readonly<Record<string, unknown>>): void => {
      if (typeof headers['grpc-status'] === 'string') status = headers['grpc-status']
    }
    request.on('response', note)
    request.on('trailers', note)
    request.on('error', () => end(false))
    request.on('data', () => undefined)
    request.on('end', () => end(status === '0'))
    request.end(frame(versionRequest(options.sessionId)))
  })
}

function versionRequest(sessionId: string): Buffer {
  const user = field(1, Buffer.from('station'))
  return Buffer.concat([field(1, Buffer.from(sessionId)), field(2, user), field(10, Buffer.alloc(0))])
}

/** A length-delimited field; every content here is shorter than 128 bytes. */
function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content])
}

function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}
