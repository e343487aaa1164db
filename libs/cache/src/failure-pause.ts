import { ReplyError } from 'ioredis';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/**
 * Leaves a Redis that does not answer alone for a while, so that not every look-up pays its time-out.
 *
 * The first failure costs a tenth of a second, since one late answer says little; each trial that fails, too, doubles
 * the pause. A trial is one command: whoever comes meanwhile goes on without Redis.
 */
export class FailurePause {
  private failures = 0;
  private pausedUntilMs = 0;
  private trying = false;

  get active(): boolean {
    return this.failures > 0 && (this.trying || Date.now() < this.pausedUntilMs);
  }

  /** What `command` gives; undefined when it fails, or at once while the pause lasts. */
  async attempt<T>(command: () => Promise<T>): Promise<T | undefined> {
    return this.active ? undefined : this.run(command);
  }

  /** The same for what has to be tried even during a pause. Its outcome counts like any other. */
  async run<T>(command: () => Promise<T>): Promise<T | undefined> {
    const failuresBefore = this.failures;
    const isTrial = failuresBefore > 0;
    if (isTrial) this.trying = true;
    try {
      const answer = await command();
      this.end();
      return answer;
    } catch (error) {
      // A refusal is an answer, too. And of many commands that were under way together, one failure counts.
      if (!(error instanceof ReplyError) && this.failures === failuresBefore) this.pause();
      return undefined;
    } finally {
      if (isTrial) this.trying = false;
    }
  }

  /** Redis is known to be there again. */
  end(): void {
    this.failures = 0;
  }

  private pause(): void {
    this.pausedUntilMs = Date.now() + Math.min(FIRST_PAUSE_MS * 2 ** this.failures, LONGEST_PAUSE_MS);
    this.failures++;
  }
}
