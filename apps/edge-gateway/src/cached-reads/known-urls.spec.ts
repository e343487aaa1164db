import { describe, expect, it } from '@jest/globals';
import { type KnownUrl, KnownUrls, REMEMBERED_URLS } from './known-urls.js';

const known = { address: '/courses?limit=20' } as KnownUrl;

describe('the URLs that are known', () => {
  it('keep what is asked for again and again through a scan of spellings, in bounded room', () => {
    const urls = new KnownUrls();
    const hot = Array.from({ length: 300 }, (_, index) => `/courses/code/CS${index}`);
    for (const url of hot) urls.remember(url, known);
    for (let scanned = 0; scanned < 100_000; scanned++) {
      urls.remember(`/courses?limit=20&q=${scanned}`, known);
      expect(urls.get(hot[scanned % hot.length] as string)).toBe(known);
    }
    expect(urls.size).toBeLessThanOrEqual(2 * REMEMBERED_URLS);
  });

  it('do not include long ones, so that the room is bounded in bytes', () => {
    const urls = new KnownUrls();
    urls.remember(`/courses?q=${'a'.repeat(300)}`, known);
    expect(urls.size).toBe(0);
  });
});
