import type { Gets } from '@flowchart/cache';
import { RecentMap } from '@flowchart/kernel';
import type { RouteMeter } from './route-meter.js';

/** What a URL asks for: it was valid when it was first seen, and stays so. */
export interface KnownUrl {
  readonly address: string;
  readonly meter: RouteMeter;
  readonly gets: Gets;
}

/** About what is asked for in a minute, and a few megabytes. */
export const REMEMBERED_URLS = 5000;
const REMEMBERED_LENGTH = 256;

/**
 * URLs as clients spell them, so that a spelling is taken apart once. A question that is one of any number gets in only
 * when its answer was here already, so a scan of many questions leaves no trace. One answer has any number of spellings,
 * though: they are bounded, and what is asked for once among 5000 others stays.
 */
export class KnownUrls {
  private readonly urls = new RecentMap<string, KnownUrl>(REMEMBERED_URLS);

  get size(): number {
    return this.urls.size;
  }

  get(url: string): KnownUrl | undefined {
    return this.urls.get(url);
  }

  remember(url: string, known: KnownUrl): void {
    if (url.length <= REMEMBERED_LENGTH) this.urls.set(url, known);
  }
}
