/* The public list, by hand: what the command line and other programs may use. One block per room. */

// core
export { codes, exitCodes, type Code, type ExitCode } from './core/codes.ts'
export { asStationError, isStationError, problemsError, StationError, type Problem, type Where } from './core/errors.ts'
export { createContext, findPackageRoot, readVersion, systemClock, type Clock, type Context } from './core/context.ts'
export { logLevels, silentLog, type Log, type LogFields, type LogLevel } from './core/log.ts'
export { silentProgress, withStep, type Progress, type ProgressStep } from './core/progress.ts'
export { resolveConfig, type Profile, type ResolvedConfig } from './core/config.ts'
export { nearest } from './core/nearest.ts'
export { addDays, dateOf, formatInstant, isDate, parseDurationMs, parseInstant } from './core/time.ts'

// records
export { createEventFormatter, formatEventValue, parseEventLine, type DevicePlace, type EventKind, type EventRecord, type ValidEvent } from './records/event.ts'
export { compareOutages, createOutageFormatter, parseOutageLine, parseOutageValue, type OutageRecord, type OutageState } from './records/outage.ts'
export { createTruthFormatter, parseTruthLine, type TruthRecord } from './records/truth.ts'
export { createCallRequestFormatter, formatCallAnswer, parseCallAnswerLine, parseCallRequestLine, type CallAnswer, type CallRequest } from './records/call.ts'
export { levels, type Level, type MeterPhase, type OutagePhase } from './records/levels.ts'

// grid
export { createPlaceLookup, type GridArchive, type PlaceLookup } from './grid/archive/archive.ts'
export { readGridArchive } from './grid/archive/read-archive.ts'
export { writeGridArchive, type GridRows } from './grid/archive/write-archive.ts'
export { buildTopologyRecords } from './grid/topology.ts'
export { gridSummary, type GridSummary } from './grid/summary.ts'
export { gridSources, importGrid, type GridSource } from './grid/import/import-grid.ts'

// sql
export { plainSql, type RenderedSql, type SqlFile } from './sql/source-map.ts'
export { renderTemplate, type RenderOptions } from './sql/render.ts'
export { splitStatements, type SqlStatement } from './sql/split.ts'
export { excerpt } from './sql/positions.ts'

// gateways: flink
export { usingFlinkSession, type FlinkSession, type StatementOptions, type StatementResult } from './gateways/flink/session.ts'
export { createJobManagerClient, type JobManagerClient } from './gateways/flink/job-manager.ts'
export type { FlinkColumn, FlinkRow } from './gateways/flink/result.ts'
export type { FlinkTarget } from './gateways/flink/target.ts'
export type { FlinkValue } from './gateways/flink/values.ts'

// gateways: spark
export { usingSparkSession } from './gateways/spark/using-spark-session.ts'
export { sparkTransports, type SparkColumn, type SparkMap, type SparkPage, type SparkProgress, type SparkResult, type SparkRow, type SparkSession, type SparkStatementOptions, type SparkStruct, type SparkTarget, type SparkTransport, type SparkValue } from './gateways/spark/spark-session.ts'

// jobs
export { listJobs, loadJob, type JobSpec } from './jobs/spec.ts'
export { renderJob, type RenderedJob } from './jobs/render.ts'
export { shownValues } from './jobs/sources.ts'
export { runJob, type RunJobOptions } from './jobs/run-job.ts'
export type { BatchRunReport } from './jobs/run-batch.ts'
export { jobStatus, stopJob, submitJob, type JobStatus } from './jobs/job-commands.ts'
export type { StopReport, SubmitReport } from './jobs/streaming-job.ts'

// outage
export { readEventFile } from './outage/event-file.ts'
export { replayOutages, type ReplayOptions, type ReplayReport } from './outage/replay/replay.ts'
export { scoreOutageFiles } from './outage/score/score-files.ts'
export { scoreOutages, type OutageScore } from './outage/score/score.ts'
export type { EventScore } from './outage/score/event-accuracy.ts'

// engines
export { engineNames, type EngineAddresses, type EngineName } from './engines/addresses.ts'
export { installEngines, localEngineNames, startEngines, stopEngines, usingEngines } from './engines/engines.ts'
export { examine } from './engines/doctor/doctor.ts'
export type { Finding } from './engines/doctor/finding.ts'
export { engineStatus, type EngineCondition, type EngineStatus } from './engines/status.ts'

// simulation
export { noiseLevels, parseMix, type NoiseLevel } from './simulation/outage/parameters.ts'
export { simulateOutages, type SimulateOptions, type SimulationSummary } from './simulation/outage/simulate.ts'
export { readAnswerModel, type AnswerModel } from './simulation/outage/answers.ts'

// reports
export { readCapacityReport } from './reports/read-capacity.ts'
export { readOutageReport } from './reports/read-outages.ts'
export { renderReport, type ReportContent } from './reports/report.ts'
export { summarizeReport, type AreaSummary, type OutageSummary, type ReportSummary } from './reports/summary.ts'

// capacity
export { testCasesFile } from './capacity/cases/test-file.ts'
export type { CasesReport } from './capacity/cases/run.ts'
export { indicators, indicatorIds, type Figure, type FigureKind, type FigureValue, type Indicator, type IndicatorId } from './capacity/indicators.ts'
export { readAreaIndicators, type AreaResult } from './capacity/read-results.ts'

// protocols
export { failureCodes, protocolNames, type Codec, type Decoded, type DecodeFailure, type DecodeOptions, type ExplainedField, type FailureCode, type NormalCurve, type NormalEvent, type NormalLink, type NormalReading, type NormalRecord, type ProtocolName } from './protocols/codec.ts'
export { describeFrame, encodeAny, parseProtocol, type FrameReport } from './protocols/describe.ts'
export { formatFieldTable } from './protocols/explain-table.ts'
export { fromHex, toHex } from './protocols/hex.ts'
export { codecOf, decodeAny, detectProtocol } from './protocols/registry.ts'
export { createStreamDecoder, type StreamCounts, type StreamDecoder, type StreamFrame, type StreamOptions } from './protocols/stream.ts'
export { runVectors, type VectorFile, type VectorResult } from './protocols/vectors.ts'
export { assembleDlt645, followRequest } from './protocols/dlt645/follow.ts'
export type { Dlt645Message } from './protocols/dlt645/message.ts'
export { answerLink, answerReport } from './protocols/dlt698/build.ts'
export type { Dlt698Message } from './protocols/dlt698/message.ts'
export type { DlmsMessage } from './protocols/dlms/message.ts'
export { followAnswer } from './protocols/gdw1376/answer.ts'
export { terminalOf, type Gdw1376Message, type Gdw1376Unit } from './protocols/gdw1376/message.ts'

// capacity: data
export { loadDataset, type DatasetReport } from './capacity/data/load-dataset.ts'
export { generateDatasetOn } from './capacity/data/generate-command.ts'
export type { GeneratedDataset } from './capacity/data/generate.ts'
export { answerConnection, describeArea, type AreaView } from './capacity/area-answers.ts'
export { answerRequest, requestCategories, requestPhases, type ConnectionRequest, type FitAnswer, type RequestCategory, type RequestPhases } from './capacity/fits.ts'
