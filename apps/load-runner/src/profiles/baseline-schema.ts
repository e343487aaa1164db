// What a profile may say about earlier runs that its own are held against, in the words of `compare`.

import { resolve } from 'node:path';
import { z } from 'zod';

/** Figures of all requests together that may make the verdict; the mean says nothing that p50 and p99 do not. */
export const decidingFigures = ['p50', 'p95', 'p99', 'throughput', 'failures'] as const;
export type DecidingFigure = (typeof decidingFigures)[number];

const percentage = /^(\d+(?:\.\d+)?)%$/;
const percentOf = (text: string): number => Number(percentage.exec(text)?.[1] ?? NaN);
const percentageWanted = 'must be a percentage like 5%';
const pattern = z.string().min(1, 'must be a run folder, or a pattern of some');

export const baseline = z
  .strictObject({
    against: z
      .union(
        [pattern, z.array(pattern).min(1)],
        'must be a run folder or a pattern of some, or a list of them',
      )
      .describe(
        'Folders of earlier runs, or patterns like ../results/2026-11-*-load; seen from the profile’s file',
      ),
    minEffect: z
      .string(percentageWanted)
      .refine((text) => percentOf(text) > 0 && percentOf(text) <= 1000, percentageWanted)
      .optional()
      .describe('The smallest change that matters, like 5%, which it is unless told otherwise')
      .meta({ examples: ['5%', '10%'] }),
    minRuns: z
      .int()
      .min(2)
      .max(1000)
      .optional()
      .describe('Conclude nothing from fewer runs on a side; 5 unless told otherwise'),
    decide: z
      .array(z.enum(decidingFigures))
      .min(1)
      .optional()
      .describe('Figures of all requests that make the verdict; all of them unless told otherwise'),
  })
  .describe(
    'run --repeat N: hold the N fresh runs against earlier ones of the same load and end with 121 when they are worse',
  );

export interface Baseline {
  readonly against: readonly string[];
  /** A share: 0.05 for 5 %. */
  readonly minEffect: number | undefined;
  readonly minRuns: number | undefined;
  readonly decide: readonly DecidingFigure[] | undefined;
}

export const toBaseline = ({ against, minEffect, minRuns, decide }: z.output<typeof baseline>): Baseline => ({
  against: [against].flat(),
  minEffect: minEffect === undefined ? undefined : percentOf(minEffect) / 100,
  minRuns,
  decide,
});

/** A profile says where its runs are as seen from itself, wherever the command is given. */
export const seenFrom = (folder: string, { against, ...rest }: Baseline): Baseline => ({
  ...rest,
  against: against.map((one) => resolve(folder, one)),
});
