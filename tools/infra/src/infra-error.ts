/** The errors of the infrastructure that speak to its user. */
import { constants } from 'node:os';

/** Trouble the user can do something about: commands print its message alone, without a stack. */
export class InfraError extends Error {
  override readonly name: string = 'InfraError';
  /** What a command that fails by it ends with. */
  readonly exitCode: number = 1;
}

/** Somebody told us to stop; the exit code is what a shell makes of the signal. */
export class StoppedError extends InfraError {
  override readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`Stopped by ${signal}.`);
    this.exitCode = codeOfSignal(signal);
  }
}

export const codeOfSignal = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];
