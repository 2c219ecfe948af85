import { examine, StationError, type Finding } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import type { Terminal } from '../views/terminal.ts'

export const doctor = defineCommand<{ readonly profile: string; readonly findings: readonly Finding[] }>({
  name: 'doctor',
  summary: 'Tell what is wrong on this machine and what to do',
  description: 'Looks at Java, memory, disk, fixed ports, the tools that install engines, the engines or addresses of the profile, and the clock. Changes nothing. Exit code 3 when something is wrong.',
  examples: [
    ['station doctor', 'the default profile'],
    ['station doctor --profile production', 'are its clusters reachable?'],
  ],
  async run(input, context) {
    const { profile } = input.config()
    const findings = await examine(profile, context)
    const wrong = findings.filter(({ verdict }) => verdict === 'bad').length
    const result = { profile: profile.name, findings }
    if (wrong === 0) return { result }
    return { result, failure: new StationError('CHECK_FAILED', `${wrong} thing${wrong === 1 ? ' is' : 's are'} wrong on this machine`, { hint: 'Each line above says what to do.' }) }
  },
  view: ({ findings }, terminal) => findings.map((finding) => line(finding, terminal)).join('\n'),
})

function line({ check, verdict, message, hint }: Finding, { color }: Terminal): string {
  const mark = { ok: color.green('✓'), warn: color.yellow('!'), bad: color.red('✗') }[verdict]
  return `${mark} ${color.bold(check)}  ${message}${hint === null ? '' : `\n    ${hint}`}`
}
