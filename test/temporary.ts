import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** All temporary files of a run lie in one folder, which goes with the run: tests only make, nobody has to clean up. */
export default function oneTemporaryFolder(): () => void { // eslint-disable-line no-restricted-syntax -- vitest calls the default export
  const folder = mkdtempSync(path.join(os.tmpdir(), 'station-test-'))
  process.env['TMPDIR'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
