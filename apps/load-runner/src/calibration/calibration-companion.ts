// Holds a run against this machine's ceiling: near it a generator's own delays begin to show in what it measures.

import type { CalibrationFigures } from '../analysis/findings.js';
import type { Companion, CompanionResult } from '../companion.js';
import type { Measurement } from '../engine/run.js';
import type { RunRequest } from '../run-request.js';
import { calibrationFile, ceilingFor, readCalibration } from './calibration-file.js';

export class CalibrationCompanion implements Companion {
  constructor(private readonly file: string) {}

  finish({ plan, timeline }: Measurement): Promise<CompanionResult> {
    const calibration = readCalibration(this.file);
    const ceiling = calibration && ceilingFor(calibration, plan.workers);
    if (!calibration || !ceiling) return Promise.resolve({});
    const { ceilingPerSecond, cpuMicrosPerRequest } = ceiling;
    const measured = timeline.seconds.filter((second) => !second.warmup);
    const busiest = Math.max(0, ...measured.map((second) => second.requests));
    const figures: CalibrationFigures = {
      measuredAt: calibration.measuredAt,
      ceilingPerSecond,
      cpuMicrosPerRequest,
      share: busiest / ceilingPerSecond,
    };
    return Promise.resolve({ findings: { calibration: figures } });
  }
}

/** A flood is to reach the ceiling, and it is autocannon's, not ours. */
export const calibration = ({ profile }: RunRequest): Companion | undefined =>
  profile.model === 'flood' ? undefined : new CalibrationCompanion(calibrationFile());
