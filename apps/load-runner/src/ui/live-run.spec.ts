import { describe, expect, it } from '@jest/globals';
import { profile } from '../testing/generators.js';
import { LiveRun } from './live-run.js';

describe('a run of the live page', () => {
  it.each([
    ['says of a profile with a baseline that one run is not compared', true],
    ['says nothing of a baseline where there is none', false],
  ])('%s', async (_name, has) => {
    const baseline = { against: ['/a'], minEffect: undefined, minRuns: undefined, decide: undefined };
    const live = new LiveRun('/nowhere');
    live.start({
      profile: profile(has ? { baseline } : {}),
      ...{ baseUrl: 'http://127.0.0.1:1', seed: 1, workers: 1, tags: {} },
    });
    const notes = live.status().run?.notes;
    live.stop();
    await live.idle();
    const note = expect.stringContaining('baseline is not looked at here: one run is not enough to tell');
    expect(notes).toEqual(has ? [note] : []);
  });
});
