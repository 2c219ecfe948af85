// Writes docs/commands.md from the commands themselves.
import { writeFileSync } from 'node:fs'
import { commandReference } from '../cli/reference.ts'

writeFileSync(new URL('commands.md', import.meta.url), commandReference())
