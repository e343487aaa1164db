/** What every bench is given, and gives. */
import type { Command } from 'commander';
import type { Pinning } from './measure/pinning.js';
import type { Report } from './report/report.js';

export interface BenchContext {
  readonly rounds: number;
  /** Length of one measurement. */
  readonly seconds: number;
  readonly seed: number;
  readonly pinning: Pinning;
  /** Ends the bench early. */
  readonly signal: AbortSignal;
  /** Whatever must be stopped or removed, however the bench ends. */
  readonly cleanUp: AsyncDisposableStack;
  /** Options of the bench's own, as commander read them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Says how far it is. */
  readonly say: (line: string) => void;
}

export interface Bench {
  readonly name: string;
  /** A line for the list. */
  readonly summary: string;
  /** What is compared with what, for its help. */
  readonly description: string;
  readonly defaultSeconds: number;
  /** Whether servers and client are kept on cores of their own; a bench of everything together leaves them alone. */
  readonly pinned: boolean;
  readonly addOptions?: (command: Command) => void;
  readonly run: (context: BenchContext) => Promise<Report>;
}
