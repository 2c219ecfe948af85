/** Where the engines of a profile answer, whoever owns them. Nothing above this room asks whether they are local. */
export const engineNames = ['kafka', 'flink', 'spark'] as const
export type EngineName = (typeof engineNames)[number]

export interface KafkaAddress {
  readonly brokers: readonly string[]
}

export interface FlinkAddress {
  readonly gatewayUrl: string
  readonly jobManagerUrl: string
  /** Folder that the cluster reads function jars from. */
  readonly jarDirectory: string
  readonly savepointDirectory: string
}

export interface SparkAddress {
  readonly connect: { readonly host: string; readonly port: number } | null
  readonly thrift: { readonly host: string; readonly port: number } | null
  /** Base address of the Spark UI, from which the Thrift transport takes its progress; absent when it is not known. */
  readonly uiUrl?: string
}

export interface EngineAddresses {
  readonly kafka: KafkaAddress
  readonly flink: FlinkAddress
  readonly spark: SparkAddress
}
