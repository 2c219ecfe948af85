import { buildProgram } from './main.ts'
import { commands } from './commands/index.ts'

/** The page docs/commands.md: every command as its own help shows it, so that the page cannot say something else. */
export function commandReference(): string {
  const built = buildProgram('')
  const sections = commands.map((definition) => {
    const examples = definition.examples.map(([command, what]) => `# ${what}\n${command}`).join('\n\n')
    return `## station ${definition.name}\n\n${definition.summary}.${definition.description === undefined ? '' : ` ${definition.description}`}\n\n\`\`\`\n${built.helpOf(definition.name)}\n\`\`\`\n\n\`\`\`sh\n${examples}\n\`\`\`\n`
  })
  return `# Commands\n\nMade from the commands themselves by \`npm run docs\`; a test keeps it so. Options of every command: \`station --help\`. Exit codes: [errors.md](errors.md).\n\n${sections.join('\n')}`
}
