import type { CaseInput } from '../../src/capacity/cases/form.ts'
import type { SparkSession, SparkValue } from '../../src/gateways/spark/spark-session.ts'

/*
  What the tables of a data set say about each of its areas, read back as the input of a worked case: so that the second calculator can be asked about exactly
  the rows that the job read.
*/

export async function readStoredAreas(session: SparkSession, options: { readonly database: string; readonly from: string; readonly to: string; readonly signal: AbortSignal }): Promise<readonly CaseInput[]> {
  const { database, from, to, signal } = options
  const read = async (sql: string): Promise<readonly (readonly SparkValue[])[]> => (await session.execute(sql, { signal })).rows
  const areas = new Map<string, CaseInput>()
  for (const [areaId, rated, connection] of await read(`SELECT area_id, CAST(rated_kva AS DOUBLE), connection FROM ${database}.grid_area`)) {
    areas.set(areaId as string, {
      window: { from, to },
      area: { areaId: areaId as string, rated: [{ from: undefined, to: undefined, kva: rated as number }], connection: connection as 'Yyn0' | 'Dyn11' },
      meters: [], users: [], curves: [], registers: [], applications: [],
    })
  }
  const areaOfMeter = new Map<string, CaseInput>()
  const contracts = new Map((await read(`SELECT user_id, CAST(contract_kva AS DOUBLE) FROM ${database}.grid_user`)).map(([userId, kva]) => [userId as string, kva as number | null]))
  for (const [meterId, mpId, role, userId, areaId, wiring, phase, ct, pt] of await read(`SELECT meter_id, mp_id, role, user_id, area_id, wiring, phase, CAST(ct AS DOUBLE), CAST(pt AS DOUBLE) FROM ${database}.grid_meter ORDER BY listed, meter_id`)) {
    const area = areas.get(areaId as string)!
    areaOfMeter.set(meterId as string, area)
    area.meters.push({ meterId: meterId as string, mpId: mpId as string, role: role as 'USER', userId: userId as string | null, wiring: wiring as '1P', phase: phase as 'A' | null, ct: ct as number, pt: pt as number })
    if (role === 'USER' && !area.users.some((user) => user.userId === userId)) area.users.push({ userId: userId as string, contractKva: contracts.get(userId as string) ?? null })
  }
  // histories would have to be read too: the sets that this is used for have none
  for (const table of ['grid_rated', 'grid_membership', 'grid_contract']) {
    const [[count] = []] = await read(`SELECT count(*) FROM ${database}.${table}`)
    if (Number(count) > 0) throw new Error(`${table} holds histories, which are not read here`)
  }
  for (const [meterId, date, kind, values] of await read(`SELECT meter_id, date, kind, curve.fn.values(points, kind) FROM ${database}.curve_day WHERE date BETWEEN DATE '${from}' AND DATE '${to}'`)) {
    areaOfMeter.get(meterId as string)?.curves.push({ meterId: meterId as string, date: date as string, kind: kind as 'P', rle: (values as readonly (number | null)[]).map((value) => [1, value]) })
  }
  for (const [meterId, date, ef] of await read(`SELECT meter_id, date, ef FROM ${database}.register_day`)) areaOfMeter.get(meterId as string)?.registers.push({ meterId: meterId as string, date: date as string, ef: ef === null ? null : Number(ef) / 100 })
  for (const [areaId, kva, category, phases, status] of await read(`SELECT area_id, CAST(kva AS DOUBLE), category, phases, status FROM ${database}.grid_application`)) {
    areas.get(areaId as string)?.applications.push({ kva: kva as number, category: category as string, phases: phases as string, status: status as string })
  }
  return [...areas.values()]
}
