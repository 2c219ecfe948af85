/** Where a Flink cluster answers. The SQL Gateway itself has no login: `authorization` serves proxies in front of it. */
export interface FlinkTarget {
  readonly gatewayUrl: string
  readonly jobManagerUrl: string
  /** Value of the Authorization header, asked for at every request so that tokens can be renewed. */
  readonly authorization?: () => string
  /** PEM texts. */
  readonly tls?: FlinkTls
}

export interface FlinkTls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}
