/** Trouble that is the user's to mend: its message is all that is shown. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
}
