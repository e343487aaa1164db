/** The last result of a bench as JSON, raw samples and all, to be committed beside the code it was measured on. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ratioOf, valuesOf } from '../measure/rounds.js';
import { spread } from '../measure/statistics.js';
import type { Machine, Revision } from './machine.js';
import type { Comparison, Report } from './report.js';
import { verdictsOf } from './verdicts.js';

export interface Circumstances {
  readonly bench: string;
  readonly startedAt: string;
  readonly machine: Machine;
  readonly pinning: string;
  readonly revision: Revision | null;
  readonly seed: number;
  readonly rounds: number;
  readonly seconds: number;
}

export async function writeResult(file: string, circumstances: Circumstances, report: Report): Promise<void> {
  const document = {
    ...circumstances,
    notes: report.notes,
    comparisons: report.comparisons.map((comparison) => ({
      title: comparison.title,
      reference: comparison.reference,
      targets: verdictsOf(comparison).map(({ target, ...verdict }) => ({ ...target, ...verdict })),
      figures: figuresOf(comparison),
      rounds: comparison.rounds,
    })),
  };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(document, rounded, 2)}\n`);
}

function figuresOf({ contestants, metrics, rounds, reference }: Comparison) {
  return contestants.map((contestant) => ({
    contestant,
    ...Object.fromEntries(
      metrics
        .filter(({ key }) => valuesOf(rounds, contestant, key).length > 0)
        .map(({ key, compared }) => [
          key,
          {
            ...spread(valuesOf(rounds, contestant, key)),
            ...(compared && { ratio: ratioOf(rounds, key, contestant, reference) }),
          },
        ]),
    ),
  }));
}

const SIGNIFICANT_DIGITS = 6;

const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value)
    ? Number(value.toPrecision(SIGNIFICANT_DIGITS))
    : value;
