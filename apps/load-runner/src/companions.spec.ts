import { describe, expect, it } from '@jest/globals';
import { Companions } from './companions.js';

describe('what goes along with a run', () => {
  it('is closed to the last, although one could not be, and the trouble is told', async () => {
    const closed: string[] = [];
    const one = (name: string, trouble?: Error) => ({
      close: async () => {
        closed.push(name);
        if (trouble) throw trouble;
      },
    });
    const companions = new Companions([
      one('sessions'),
      one('chaos', new Error('the stack is gone')),
      {},
      one('outputs'),
    ]);
    await expect(companions.close()).rejects.toThrow('the stack is gone');
    expect(closed).toEqual(['sessions', 'chaos', 'outputs']);
  });
});
