import { describe, expect, it } from '@jest/globals';
import { SingleFlight } from './single-flight.js';

describe('SingleFlight', () => {
  it('does the work once for all who ask at the same time', async () => {
    const flights = new SingleFlight<number>();
    let runs = 0;
    const work = async () => ++runs;
    expect(await Promise.all([1, 2, 3].map(() => flights.do('key', work)))).toEqual([1, 1, 1]);
    expect(await flights.do('key', work)).toBe(2);
  });

  it('keeps keys apart', async () => {
    const flights = new SingleFlight<string>();
    const [a, b] = await Promise.all([flights.do('a', async () => 'a'), flights.do('b', async () => 'b')]);
    expect([a, b]).toEqual(['a', 'b']);
  });

  it('shares a failure and forgets it', async () => {
    const flights = new SingleFlight<string>();
    const fail = () => flights.do('key', () => Promise.reject(new Error('down')));
    await expect(Promise.all([fail(), fail()])).rejects.toThrow('down');
    await expect(flights.do('key', async () => 'up')).resolves.toBe('up');
  });
});
