/** What is measured of sessions and of the keys of their tokens. */
import { Meters } from '@flowchart/platform';
import { Injectable } from '@nestjs/common';
import { Sessions } from './sessions.js';
import { TokenKeys } from './token-keys.js';

@Injectable()
export class SessionMeters {
  constructor(
    private readonly meters: Meters,
    sessions: Sessions,
    keys: TokenKeys,
  ) {
    this.counted('checks', 'Tokens by what their session was known from', 'source', sessions.checked);
    this.counted('changes', 'Sessions opened and closed here', 'change', sessions.changes);
    const remembered = 'Sessions in the memory of this process';
    meters.gauge({ name: 'sessions.remembered', description: remembered }, () => sessions.remembered);
    const untold = 'What Redis has yet to be told of sessions';
    meters.gauge({ name: 'sessions.unsaved', description: untold }, () => sessions.untold);
    const age = 'At least so old is the key that signs: since its file was written, or since we have it';
    meters.gauge(
      { name: 'token.key.age.seconds', description: age, baseUnit: 'seconds' },
      () => keys.ageSeconds,
    );
  }

  private counted(name: string, description: string, tag: string, counts: Record<string, number>): void {
    this.meters.countOf({ name: `sessions.${name}`, description, tags: [tag] }, () =>
      Object.entries(counts).map(([kind, value]) => ({ tags: { [tag]: kind }, value })),
    );
  }
}
