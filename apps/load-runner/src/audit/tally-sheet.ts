// One question of the audit while it is being answered: how many were looked at, and which were wrong.

import type { AuditCheck } from '../analysis/findings.js';

const maxExamples = 5;

export class TallySheet {
  private violations = 0;
  private readonly examples: string[] = [];

  constructor(
    private readonly name: string,
    /** What there was to examine, in words: "12 acknowledged writes". */
    private readonly population: string,
  ) {}

  violation(example: string): void {
    this.violations++;
    if (this.examples.length < maxExamples) this.examples.push(example);
  }

  /** `expected`: there was something to examine. To have looked at none of it is no proof of anything, so it fails. */
  close(examined: number, expected: boolean): AuditCheck {
    const { name } = this;
    if (expected && examined === 0 && this.violations === 0)
      this.violation(`none of ${this.population} could be examined`);
    const note = expected
      ? `${examined} examined of ${this.population}`
      : `nothing to examine: ${this.population}`;
    return { name, examined, violations: this.violations, examples: this.examples, note };
  }
}
