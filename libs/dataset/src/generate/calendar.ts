// The day the dataset is made for. A constant and not the clock, so that the same bytes come out next year.
import { termIndex } from '@flowchart/contracts';

/** The last term that transcripts tell of. */
export const lastCompletedTerm = '2026-SUMMER';

/** The term that new students start in and that plans begin with. */
export const firstOpenTerm = '2026-FALL';

export const lastCompletedIndex = termIndex(lastCompletedTerm);
export const firstOpenIndex = termIndex(firstOpenTerm);
