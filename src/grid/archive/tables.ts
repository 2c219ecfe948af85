/** The files of a grid archive: their columns in the order in which we write them. Further columns of a foreign archive are ignored. */
export interface TableForm {
  readonly file: string
  readonly columns: readonly string[]
  /** Columns that an archive may lack. */
  readonly optional: readonly string[]
  /** Whether the file may be absent altogether (same as only its header). */
  readonly mayLack: boolean
}

const table = (file: string, columns: string, more: { optional?: string; mayLack?: boolean } = {}): TableForm => ({
  file,
  columns: columns.split(' '),
  optional: more.optional?.split(' ') ?? [],
  mayLack: more.mayLack ?? false,
})

export const gridTables = {
  feeder: table('feeder.csv', 'feeder_id substation_id org_id'),
  branch: table('branch.csv', 'branch_id feeder_id'),
  area: table('area.csv', 'area_id feeder_id branch_id org_id rated_kva connection public terminal_id'),
  line: table('line.csv', 'line_id area_id'),
  box: table('box.csv', 'box_id area_id line_id'),
  terminal: table('terminal.csv', 'terminal_id address area_id protocol'),
  user: table('user.csv', 'user_id category contract_kva priority second_area_id', { optional: 'priority second_area_id' }),
  meter: table('meter.csv', 'meter_id address mp_id role user_id area_id box_id phase wiring ct pt online from to'),
  rated: table('rated.csv', 'id value from to', { mayLack: true }),
  membership: table('membership.csv', 'id value from to', { mayLack: true }),
  contract: table('contract.csv', 'id value from to', { mayLack: true }),
  application: table('application.csv', 'application_id area_id kva category phases status', { mayLack: true }),
  planned: table('planned.csv', 'order_id node_id start_at end_at', { mayLack: true }),
  controlled: table('controlled.csv', 'meter_id start_at end_at', { mayLack: true }),
} as const satisfies Record<string, TableForm>

export type GridTable = keyof typeof gridTables
export const gridTableNames = Object.keys(gridTables) as readonly GridTable[]
