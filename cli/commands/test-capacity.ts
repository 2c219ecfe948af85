import { StationError, testCasesFile, type CasesReport } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import { table } from '../views/terminal.ts'

/** The last line is the count, whatever came before. */
export const testCapacity = defineCommand<CasesReport>({
  name: 'test capacity',
  summary: 'Run worked cases through the real SQL and compare every figure',
  description: 'Loads all cases of a file as one data set, computes them in one run and prints each difference. Exit 0 when all agree, 3 when not, 2 when the file is not of the form of docs/cases.md.',
  examples: [['station test capacity --cases test/fixtures/indicators/cases.json', 'the cases that come with the project']],
  configure: (command) => void command.requiredOption('--cases <file>', 'file of worked cases'),
  async run(input, context) {
    const { profile } = input.config()
    const report = await testCasesFile(String(input.options['cases']), { profile, keep: context.env['KEEP'] === '1' }, context)
    const warnings = report.roundedPoints === 0 ? [] : [`${report.roundedPoints} values have more than four decimals and were rounded`]
    if (report.failed === 0) return { result: report, warnings }
    return { result: report, warnings, failure: new StationError('CASES_DIFFER', `${report.failed} of ${report.cases} cases do not agree`) }
  },
  view(report, terminal) {
    const rows = report.differences.map(({ caseId, figure, expected, actual }) => [caseId, figure, JSON.stringify(expected), JSON.stringify(actual)])
    const count = `${report.cases - report.failed} of ${report.cases} cases agree`
    return rows.length === 0 ? count : `${table(['case', 'figure', 'expected', 'actual'], rows, terminal)}\n${count}`
  },
})
