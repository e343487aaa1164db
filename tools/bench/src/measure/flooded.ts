/** A flood as a sample: what one server did with its core, and whether it was the server that was measured. */
import { BenchError } from '../bench-error.js';
import type { FloodResult } from '../client/flood-messages.js';
import type { Metric } from '../report/report.js';
import type { Sample } from './rounds.js';

/** The group of the flood's meters that holds the server. */
export const SERVER = 'server';

export const floodMetrics: readonly Metric[] = [
  { key: 'requestsPerSecond', label: 'requests/s', digits: 0, compared: true },
  { key: 'cpuUsPerRequest', label: 'CPU µs', digits: 1, compared: true },
  { key: 'serverBusyPercent', label: 'server busy %', digits: 0, compared: false },
  { key: 'clientBusyPercent', label: 'client busy %', digits: 0, compared: false },
];

const US_IN_MS = 1000;
const MS_IN_S = 1000;

/** Refuses a measurement with a wrong answer in it: its figures would be those of another job. */
export function floodSample(name: string, result: FloodResult): Sample {
  const { correct, wrong, windowMs, cpuUs, clientCpuUs, firstTrouble } = result;
  if (wrong > 0)
    throw new BenchError(
      `${name}: ${wrong} of ${wrong + correct} answers are wrong, the first: ${firstTrouble}`,
    );
  if (correct === 0) throw new BenchError(`${name}: not one answer came`);
  const serverCpuUs = cpuUs[SERVER] ?? NaN;
  const percentOfCore = (us: number): number => (us / (windowMs * US_IN_MS)) * 100;
  return {
    requestsPerSecond: (correct / windowMs) * MS_IN_S,
    cpuUsPerRequest: serverCpuUs / correct,
    serverBusyPercent: percentOfCore(serverCpuUs),
    clientBusyPercent: percentOfCore(clientCpuUs),
  };
}
