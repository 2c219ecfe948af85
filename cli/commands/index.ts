import type { AnyCommand } from '../command.ts'
import { configShow } from './config-show.ts'
import { jobs, render } from './render.ts'

/** Every command of the tool, in the order of the help page. */
export const commands: readonly AnyCommand[] = [
  jobs,
  render,
  configShow,
]
