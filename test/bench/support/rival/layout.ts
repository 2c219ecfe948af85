import { rm } from 'node:fs/promises'
import path from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import type { SparkSession } from '../../../../src/gateways/spark/spark-session.ts'

/*
  DuckDB's best layout for the job, in a file of its own: a point is a column (96 small integers a row: sums and maxima over a day are vectorised, no list is
  unpacked), the few gateway rows lie point by point, all ids are small integers. Making it is not part of the measured time.
*/

export const columns: readonly string[] = Array.from({ length: 96 }, (_, k) => `v${String(k).padStart(2, '0')}`)

/** Both cores, like the job it is compared with; 6 GB of memory, which it never needed here. */
export async function usingDuckDb<T>(file: string, body: (run: (sql: string) => Promise<unknown>, connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(file, { threads: '2', memory_limit: '6GB', preserve_insertion_order: 'false' })
  const connection = await instance.connect()
  try {
    return await body((sql) => connection.run(sql), connection)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** Copies the tables of a synthetic data set into DuckDB's layout. */
export async function makeRivalLayout(session: SparkSession, options: { readonly database: string; readonly directory: string; readonly firstDay: string; readonly signal: AbortSignal }): Promise<void> {
  const { database, directory, firstDay, signal } = options
  const staging = path.join(directory, 'staging')
  const write = async (name: string, sql: string): Promise<void> => void (await session.execute(`INSERT OVERWRITE DIRECTORY '${path.join(staging, name)}' USING parquet ${sql}`, { signal }))
  const raw = (scale: number, type: string): string => `transform(curve.fn.values(points, kind), v -> CAST(round(v * ${scale}) AS ${type}))`
  await rm(directory, { recursive: true, force: true })
  const userRows = `FROM ${database}.curve_day WHERE NOT endswith(meter_id, 'G')`
  await write('power', `SELECT area_id, meter_id, date, kind, valid_points, ${raw(1_000, 'INT')} AS v ${userRows} AND kind IN ('P', 'Q')`)
  await write('voltage', `SELECT area_id, meter_id, date, kind, valid_points, transform(curve.fn.values(points, kind), v -> CAST(round(coalesce(v, 0) * 100) AS SMALLINT)) AS v ${userRows} AND kind IN ('UA', 'UB', 'UC')`)
  await write('gateway', `SELECT area_id, date, kind, ${raw(10_000, 'INT')} AS v FROM ${database}.curve_day WHERE endswith(meter_id, 'G')`)
  for (const table of ['grid_area', 'grid_user', 'grid_meter', 'grid_rated', 'grid_membership', 'grid_application', 'register_day']) await write(table, `SELECT * FROM ${database}.${table}`)
  const day = (date: string): string => `(${date} - DATE '${firstDay}')::SMALLINT`
  const parquet = (name: string): string => `read_parquet('${path.join(staging, name)}/*.parquet')`
  const minutes = (time: string): string => `(epoch(${time}) / 60 - epoch(TIMESTAMP '${firstDay}') / 60)::BIGINT`
  const wide = columns.map((name, k) => `v[${k + 1}] AS ${name}`).join(', ')
  await usingDuckDb(path.join(directory, 'rival.duckdb'), async (run) => {
    await run(`CREATE TABLE area AS SELECT (row_number() OVER (ORDER BY area_id))::INTEGER AS area, area_id, rated_kva::DOUBLE AS rated_kva, connection FROM ${parquet('grid_area')}`)
    await run(`CREATE TABLE customer AS SELECT (row_number() OVER (ORDER BY user_id))::INTEGER AS customer, user_id, contract_kva::DOUBLE AS contract_kva FROM ${parquet('grid_user')}`)
    await run(`CREATE TABLE meter AS SELECT (row_number() OVER (ORDER BY meter_id))::INTEGER AS meter, meter_id, role, customer, area, wiring = '3P4W' AS three_phase, ct::DOUBLE AS ct, ${minutes('"from"')} AS from_minute, ${minutes('"to"')} AS to_minute
      FROM ${parquet('grid_meter')} LEFT JOIN customer USING (user_id) JOIN area USING (area_id)`)
    await run(`CREATE TABLE membership AS SELECT customer, area, ${day('"from"')} AS from_day, ${day('"to"')} AS to_day FROM ${parquet('grid_membership')} JOIN customer ON user_id = id JOIN area ON area_id = value`)
    await run(`CREATE TABLE rated AS SELECT area, value::DOUBLE AS kva, ${day('"from"')} AS from_day, ${day('"to"')} AS to_day FROM ${parquet('grid_rated')} JOIN area ON area_id = id`)
    await run(`CREATE TABLE application AS SELECT area, kva::DOUBLE AS kva, category, phases, status FROM ${parquet('grid_application')} JOIN area USING (area_id)`)
    await run(`CREATE TABLE register AS SELECT area, ${day('date')} AS day, ef FROM ${parquet('register_day')} JOIN meter USING (meter_id)`)
    for (const [name, kind] of [['active', 'P'], ['reactive', 'Q']]) await run(`CREATE TABLE ${name} AS SELECT meter, ${day('date')} AS day, valid_points::SMALLINT AS valid, ${wide} FROM ${parquet('power')} JOIN meter USING (meter_id) WHERE kind = '${kind}' ORDER BY meter, day`)
    await run(`CREATE TABLE voltage AS SELECT meter, ${day('date')} AS day, kind[2] AS phase, ${wide} FROM ${parquet('voltage')} JOIN meter USING (meter_id) ORDER BY meter, phase, day`)
    const kinds = ['P', 'Q', 'IA', 'IB', 'IC', 'UA', 'UB', 'UC']
    await run(`CREATE TABLE gateway AS SELECT area, day, unnest(range(96))::SMALLINT AS k, ${kinds.map((kind) => `unnest(coalesce(${kind}, list_resize([]::INTEGER[], 96))) AS ${kind.toLowerCase()}`).join(', ')} FROM (
      SELECT area, ${day('date')} AS day, ${kinds.map((kind) => `any_value(v) FILTER (kind = '${kind}') AS ${kind}`).join(', ')} FROM ${parquet('gateway')} JOIN area USING (area_id) GROUP BY ALL) ORDER BY area, day, k`)
    await run('CHECKPOINT')
  })
  await rm(staging, { recursive: true, force: true })
}
