import { describe, expect, it } from '@jest/globals';
import { median, spread } from './statistics.js';

describe('median', () => {
  it('is the middle value, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('is the mean of the middle two of an even number', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('of nothing is not a number', () => {
    expect(median([])).toBeNaN();
  });

  it('is not moved by one wild value', () => {
    expect(spread([1, 1.1, 0.9, 1, 80])).toEqual({ median: 1, min: 0.9, max: 80 });
  });
});
