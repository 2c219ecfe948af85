import type { AnyCommand } from '../command.ts'
import { capacityArea, capacityFits } from './capacity.ts'
import { capacityReport } from './capacity-report.ts'
import { configShow } from './config-show.ts'
import { datasetGenerate } from './dataset-generate.ts'
import { datasetLoad } from './dataset-load.ts'
import { decode } from './decode.ts'
import { doctor } from './doctor.ts'
import { encode } from './encode.ts'
import { enginesDown } from './engines-down.ts'
import { enginesInstall } from './engines-install.ts'
import { enginesStatus } from './engines-status.ts'
import { enginesUp } from './engines-up.ts'
import { gridCheck } from './grid-check.ts'
import { gridImport } from './grid-import.ts'
import { outageReplay } from './outage-replay.ts'
import { outageScore } from './outage-score.ts'
import { simulateAnswer } from './simulate-answer.ts'
import { simulateOutage } from './simulate-outage.ts'
import { jobs, render } from './render.ts'
import { report } from './report.ts'
import { run } from './run.ts'
import { status } from './status.ts'
import { stop } from './stop.ts'
import { submit } from './submit.ts'
import { testCapacity } from './test-capacity.ts'

/** Every command of the tool, in the order of the help page. */
export const commands: readonly AnyCommand[] = [
  jobs,
  render,
  run,
  submit,
  status,
  stop,
  gridImport,
  gridCheck,
  outageReplay,
  outageScore,
  testCapacity,
  capacityArea,
  capacityFits,
  capacityReport,
  simulateOutage,
  simulateAnswer,
  decode,
  encode,
  enginesInstall,
  enginesUp,
  enginesStatus,
  enginesDown,
  doctor,
  datasetLoad,
  datasetGenerate,
  report,
  configShow,
]
