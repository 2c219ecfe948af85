import type { EngineName } from './addresses.ts'
import type { EngineDefinition } from './definition.ts'
import { flinkEngine } from './flink.ts'
import { kafkaEngine } from './kafka.ts'
import { sparkEngine } from './spark.ts'

/** Every engine this tool can own. Adding one: a description in `infra/engines`, a file here, a line in this table. */
export const engineDefinitions: Readonly<Record<EngineName, EngineDefinition>> = { kafka: kafkaEngine, flink: flinkEngine, spark: sparkEngine }
