// What each part of the system used while it was measured, and what a request of the load cost it.

import type { LoadSecond } from './bottlenecks.js';
import type { PartFigures, SystemSecond } from './findings.js';

/**
 * Service demand by the utilisation law, D = U/X: busy seconds of a part's processors for each request of the whole
 * system that was answered meanwhile (Denning & Buzen, The Operational Analysis of Queueing Network Models, 1978).
 */
const demandMs = (busySeconds: number, requests: number): number =>
  requests === 0 ? 0 : (busySeconds * 1000) / requests;

/** Of all parts whose CPU is known, the dearest first. `load` holds the measured seconds alone. */
export function partFigures(
  system: readonly SystemSecond[],
  load: readonly Pick<LoadSecond, 'second' | 'requests'>[],
): PartFigures[] {
  const requests = new Map(load.map((second) => [second.second, second.requests]));
  const measured = system.filter(({ second }) => requests.has(second));
  return partsOf(measured)
    .map((name) => {
      const seconds = measured.filter(({ values }) => values[`${name}.cpu`] !== undefined);
      const cpu = seconds.map(({ values }) => values[`${name}.cpu`] ?? 0);
      const total = cpu.reduce((sum, value) => sum + value, 0);
      const served = seconds.reduce((sum, { second }) => sum + (requests.get(second) ?? 0), 0);
      return {
        name,
        cpuMean: round(total / cpu.length),
        cpuMax: round(Math.max(...cpu)),
        rssBytesMax: Math.max(0, ...measured.map(({ values }) => values[`${name}.rss`] ?? 0)),
        demandMs: round(demandMs(total, served)),
      };
    })
    .sort((a, b) => b.demandMs - a.demandMs);
}

function partsOf(system: readonly SystemSecond[]): string[] {
  const names = new Set(system.flatMap(({ values }) => Object.keys(values)));
  return [...names]
    .filter((name) => name.endsWith('.cpu') && name !== 'machine.cpu')
    .map((name) => name.slice(0, -'.cpu'.length));
}

const round = (value: number): number => Number(value.toFixed(4));
