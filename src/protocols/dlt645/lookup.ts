import { ItemTable, type FoundItem } from './data-item.ts'
import { items1997 } from './items-1997.ts'
import { energyItems } from './items-energy.ts'
import { eventItems } from './items-events.ts'
import { freezeItems } from './items-freeze.ts'
import { parameterItems } from './items-parameters.ts'
import { variableItems } from './items-variables.ts'
import { loadItems } from './load-records.ts'

const table2007 = new ItemTable([...energyItems, ...variableItems, ...eventItems, ...parameterItems, ...freezeItems, ...loadItems])
const table1997 = new ItemTable(items1997)

/** All rows, for tests and documentation. */
export const dataItems = { 2007: [...energyItems, ...variableItems, ...eventItems, ...parameterItems, ...freezeItems, ...loadItems], 1997: items1997 } as const

/** Row of a data identifier as the standard prints it: eight hex digits (2007) or four (1997). Null when no table has it. */
export function findDataItem(di: string): FoundItem | null {
  return di.length === 4 ? table1997.find(di) : table2007.find(di)
}
