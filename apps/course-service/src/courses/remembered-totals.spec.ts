import { describe, expect, it } from '@jest/globals';
import { RememberedTotals } from './remembered-totals.js';

describe('RememberedTotals', () => {
  it('keeps a total for each filter, whatever the page', () => {
    const totals = new RememberedTotals();
    totals.set({ limit: 20, q: 'a' }, { catalogue: '1', courses: 7 });
    expect(totals.get({ limit: 5, cursor: 'x', q: 'a' })).toEqual({ catalogue: '1', courses: 7 });
    expect(totals.get({ limit: 20, department: 'a' })).toBeUndefined();
  });

  it('forgets the oldest of very many', () => {
    const totals = new RememberedTotals();
    for (let n = 0; n <= 1000; n++) totals.set({ limit: 20, q: `word${n}` }, { catalogue: '1', courses: n });
    expect(totals.get({ limit: 20, q: 'word0' })).toBeUndefined();
    expect(totals.get({ limit: 20, q: 'word1000' })?.courses).toBe(1000);
  });
});
