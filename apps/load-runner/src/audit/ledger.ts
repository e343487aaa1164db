// What the system has promised while the load ran: acknowledged plans, sessions that were ended. Bounded, whatever the load.

import { streamSeed } from '../users/random.js';

export interface PlannedTerm {
  readonly term: string;
  readonly courses: readonly string[];
}

/** A plan that the system said it has saved. */
export interface AcknowledgedPlan {
  readonly username: string;
  readonly version: number;
  readonly terms: readonly PlannedTerm[];
}

export interface KeptPlan extends AcknowledgedPlan {
  /** The same version was acknowledged twice with different courses: one of the two writes was lost. */
  readonly contradicted: boolean;
}

/** What a worker hands over when it is done. */
export interface LedgerPage {
  /** All of them, kept or not. */
  readonly writes: number;
  readonly logouts: number;
  /** For each student that is kept, the highest version that was acknowledged. */
  readonly plans: readonly KeptPlan[];
  /** Authorization values of the sessions that were ended last, the newest at the end. */
  readonly endedSessions: readonly string[];
}

export const emptyPage: LedgerPage = { writes: 0, logouts: 0, plans: [], endedSessions: [] };

/** Students whose plans one worker keeps: some 400 bytes each. */
const maxStudents = 2000;
/** A token lives for minutes only, and an expired one proves nothing: so the last ones are kept, not a sample of all. */
const maxEndedSessions = 500;

/**
 * Keeps the students whose names hash lowest. Which ones these are depends on the seed alone, not on who writes often or
 * in which worker: so every acknowledged write of a student that is kept is known, whoever got the answer.
 */
export class Ledger {
  private writes = 0;
  private logouts = 0;
  private plans = new Map<string, KeptPlan & { readonly rank: number }>();
  private readonly endedSessions: string[] = [];
  /** Who ranks above is not kept any more. */
  private highestRank = Infinity;

  constructor(
    private readonly seed: number,
    private readonly limit = maxStudents,
  ) {}

  acknowledged(plan: AcknowledgedPlan): void {
    this.writes++;
    const rank = rankOf(plan.username, this.seed);
    if (rank > this.highestRank) return;
    this.plans.set(plan.username, { ...later(this.plans.get(plan.username), plan), rank });
    // Twice the room, so that sorting is rare.
    if (this.plans.size >= 2 * this.limit) this.trim();
  }

  loggedOut(authorization: string): void {
    this.logouts++;
    this.endedSessions.push(authorization);
    if (this.endedSessions.length >= 2 * maxEndedSessions)
      this.endedSessions.splice(0, this.endedSessions.length - maxEndedSessions);
  }

  close(): LedgerPage {
    this.trim();
    const { writes, logouts, endedSessions } = this;
    const plans = [...this.plans.values()].map(({ username, version, terms, contradicted }) => ({
      ...{ username, version, terms, contradicted },
    }));
    return { writes, logouts, plans, endedSessions: endedSessions.slice(-maxEndedSessions) };
  }

  private trim(): void {
    if (this.plans.size <= this.limit) return;
    const kept = [...this.plans].sort(([, one], [, other]) => one.rank - other.rank).slice(0, this.limit);
    this.plans = new Map(kept);
    this.highestRank = kept.at(-1)?.[1].rank ?? Infinity;
  }
}

/** The pages of all workers as one: two sessions of a student may have written in two of them. */
export function mergePages(one: LedgerPage, other: LedgerPage): LedgerPage {
  const plans = new Map(one.plans.map((plan) => [plan.username, plan]));
  for (const plan of other.plans) {
    const merged = later(plans.get(plan.username), plan);
    plans.set(plan.username, { ...merged, contradicted: merged.contradicted || plan.contradicted });
  }
  return {
    writes: one.writes + other.writes,
    logouts: one.logouts + other.logouts,
    plans: [...plans.values()],
    endedSessions: [...one.endedSessions, ...other.endedSessions],
  };
}

function later(known: KeptPlan | undefined, plan: AcknowledgedPlan): KeptPlan {
  if (!known) return { ...plan, contradicted: false };
  const contradicted = known.contradicted || (known.version === plan.version && !sameTerms(known, plan));
  return { ...(plan.version > known.version ? plan : known), contradicted };
}

type Terms = Pick<AcknowledgedPlan, 'terms'>;

/** The same courses in the same terms, in whatever order. */
export const sameTerms = (one: Terms, other: Terms): boolean => spelled(one) === spelled(other);

const spelled = ({ terms }: Terms): string =>
  terms
    .map(({ term, courses }) => `${term}:${[...courses].sort().join()}`)
    .sort()
    .join(';');

function rankOf(username: string, seed: number): number {
  let hash = seed;
  for (let index = 0; index < username.length; index++)
    hash = streamSeed(hash, username.charCodeAt(index), index);
  return hash;
}
