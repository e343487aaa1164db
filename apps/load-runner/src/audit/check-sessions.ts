// Sessions that were ended stay ended: their tokens open nothing any more.

import type { AuditCheck } from '../analysis/findings.js';
import { reasonOf, type AuditedEdge } from './edge.js';
import type { LedgerPage } from './ledger.js';
import { TallySheet } from './tally-sheet.js';

const maxSessions = 100;

export async function checkSessions(edge: AuditedEdge, ledger: LedgerPage): Promise<AuditCheck> {
  const { logouts, endedSessions } = ledger;
  const population = logouts === 0 ? 'nobody logged out' : `${logouts} sessions that were ended`;
  const sheet = new TallySheet('dead sessions', population);
  const examined = await edge.each(spread(endedSessions, maxSessions), async (line) => {
    const headers = { authorization: line.trim().replace(/^authorization: /i, '') };
    try {
      const me = await edge.ask('/students/me', { headers });
      if (me.status !== 401) sheet.violation(`GET /students/me answered ${me.status} to an ended session`);
      const status = (await edge.json('/auth/status', { headers })) as { authenticated?: unknown };
      if (status.authenticated !== false)
        sheet.violation('GET /auth/status takes an ended session for a live one');
    } catch (error) {
      sheet.violation(`an ended session could not be asked for: ${reasonOf(error)}`);
    }
  });
  return sheet.close(examined, logouts > 0);
}

/** Some of all, evenly: sessions ended before a fault and those ended after it. */
function spread<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)] as T);
}
