// Keeps what `calibrate` found, for each machine and version of Node.js, where every later run of this workspace looks.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { describeMachine } from '../analysis/machine.js';
import type { Machine } from '../analysis/record.js';
import { infraFolder } from '../config.js';

const ceiling = z.object({
  workers: z.int().min(1),
  /** The most that was offered and started while the generator kept up, requests per second. */
  ceilingPerSecond: z.number().positive(),
  /** CPU of the generator's threads at that rate. */
  cpuMicrosPerRequest: z.number().positive(),
});
export type Ceiling = z.output<typeof ceiling>;

const calibration = z.object({
  measuredAt: z.string(),
  machine: z.record(z.string(), z.union([z.string(), z.number()])),
  ceilings: z.array(ceiling).min(1),
});
export type Calibration = z.output<typeof calibration>;

const content = z.record(z.string(), calibration);

export const calibrationFile = (): string => join(infraFolder(), 'calibration.json');

/** Another processor, another number of cores or another Node.js has another ceiling; memory and kernel hardly change it. */
export function machineKey({ cpu, cores, node }: Machine = describeMachine()): string {
  return createHash('sha256').update(`${cpu}\n${cores}\n${node}`).digest('hex').slice(0, 16);
}

/** Undefined when this machine was never calibrated, or the file is not one that `calibrate` wrote. */
export const readCalibration = (file: string): Calibration | undefined => readAll(file)[machineKey()];

export function writeCalibration(file: string, ceilings: readonly Ceiling[]): void {
  const machine = { ...describeMachine() };
  const entry: Calibration = { measuredAt: new Date().toISOString(), machine, ceilings: [...ceilings] };
  mkdirSync(dirname(file), { recursive: true });
  const all = { ...readAll(file), [machineKey()]: entry };
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
}

function readAll(file: string): z.output<typeof content> {
  try {
    return content.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Absent or unreadable: it can be measured again at any time.
    return {};
  }
}

/** For so many workers: measured as such, else that of fewer, which is then too low rather than too high. */
export function ceilingFor({ ceilings }: Calibration, workers: number): Ceiling | undefined {
  const fitting = ceilings.filter((one) => one.workers <= workers);
  return fitting.sort((a, b) => b.workers - a.workers)[0];
}
