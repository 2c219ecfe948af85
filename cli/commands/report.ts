import { writeFile, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { readOutageReport, renderReport, StationError } from '../../src/index.ts'
import { defineCommand } from '../command.ts'

export const report = defineCommand<{ readonly file: string; readonly sizeBytes: number; readonly sections: readonly string[] }>({
  name: 'report',
  summary: 'Write a self-contained HTML report of a replayed period',
  description: 'One file, no script, nothing loaded from anywhere.',
  examples: [['station report --out out/report.html --events events.ndjson --outages outages.ndjson --grid grid --truth truth.ndjson', 'outages, scored against the truth']],
  configure: (command) =>
    void command
      .requiredOption('--out <file>', 'the HTML file')
      .requiredOption('--events <file>', 'events.ndjson')
      .requiredOption('--outages <file>', 'outages.ndjson with every version')
      .option('--grid <dir>', 'grid archive, for the score')
      .option('--truth <file>', 'truth.ndjson, for the score')
      .option('--title <text>', 'title of the page', 'Cloud Master Station'),
  async run(input, context) {
    const { profile } = input.config()
    const options = input.options as { out: string; events: string; outages: string; grid?: string; truth?: string; title: string }
    if ((options.grid === undefined) !== (options.truth === undefined)) throw new StationError('USAGE', '--grid and --truth belong together', { hint: 'A score needs both.' })
    const file = (name: string): string => path.resolve(context.cwd, name)
    const outages = await readOutageReport({
      events: file(options.events),
      outages: file(options.outages),
      ...(options.grid === undefined || options.truth === undefined ? {} : { grid: file(options.grid), truth: file(options.truth) }),
      zone: profile.zone,
      signal: context.signal,
    })
    const page = renderReport({ title: options.title, outages, capacity: null, generatedAtMs: context.clock.now(), zone: profile.zone, version: context.version })
    const out = file(options.out)
    await mkdir(path.dirname(out), { recursive: true })
    await writeFile(out, page.text)
    return { result: { file: out, sizeBytes: Buffer.byteLength(page.text), sections: page.sections } }
  },
  view: (result) => `report: ${result.file} (${(result.sizeBytes / 1_024).toFixed(0)} KiB: ${result.sections.join(', ')})`,
})
