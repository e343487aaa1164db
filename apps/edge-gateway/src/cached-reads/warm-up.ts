import { setTimeout as sleep } from 'node:timers/promises';
import type { Gets, TwoLevelCache } from '@flowchart/cache';
import { type EdgeRoute, edgeRoutes, pageSchema } from '@flowchart/contracts';
import { Meters, newRequestId } from '@flowchart/platform';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { z } from 'zod';
import { EDGE_CONFIG, type EdgeConfig } from '../config.js';
import { type Addresser, addresserOf } from '../routing/address.js';
import { ANSWER_CACHE } from './answer-cache.js';
import { Origin } from './origin.js';
import type { StoredAnswer } from './stored-answer.js';

/** Between two answers a list rests for so long, and for as long as the last one took: whoever is busy is left alone. */
const REST_MS = 2;
const PAGE_SIZE = 100;
/** Of one list. Beyond that a catalogue is larger than what is asked for in a minute. */
const MAX_ITEMS = 1000;
/** A service that is away is asked again after 2 s, 4 s, … a minute and a half: long enough for it to start, too. */
const ATTEMPTS = 7;
const FIRST_RETRY_MS = 2000;

const listed = z.object({ items: z.array(z.object({ id: z.string(), code: z.string() })), page: pageSchema });
type Item = z.infer<typeof listed>['items'][number];

/** What is looked up for an item of a list, by the parameters of its path. */
interface View {
  readonly route: EdgeRoute;
  readonly addressOf: Addresser;
}

/**
 * Fetches what has an address of its own, each course and degree from all sides, before anybody asks an edge that has just
 * started for it. It does so as a request would, one answer after the other: what another edge has fetched it takes from
 * Redis.
 */
@Injectable()
export class WarmUp implements OnModuleDestroy {
  private readonly logger = new Logger('WarmUp');
  private readonly enabled: boolean;
  /** Look-ups of its own: the hit ratio is about what users ask for. */
  private readonly gets: Gets = { L1: { hit: 0, stale: 0, miss: 0 }, L2: { hit: 0, miss: 0 } };
  private stopped = false;

  constructor(
    @Inject(EDGE_CONFIG) { warmUp }: EdgeConfig,
    @Inject(ANSWER_CACHE) private readonly cache: TwoLevelCache<StoredAnswer>,
    private readonly origin: Origin,
    meters: Meters,
  ) {
    this.enabled = warmUp;
    const description = 'Answers that were fetched before anybody asked, by where they were';
    meters.countOf({ name: 'cache.warm.up', description, tags: ['source'] }, () => [
      { tags: { source: 'L2' }, value: this.gets.L2.hit },
      { tags: { source: 'MISS' }, value: this.gets.L2.miss },
    ]);
  }

  /** Returns at once. */
  readonly start = (): void => {
    if (!this.enabled) return;
    for (const route of edgeRoutes) if (isList(route)) void this.persist(route);
  };

  onModuleDestroy(): void {
    this.stopped = true;
  }

  /** Nobody waits for this, so a failure is nobody's: whoever asks meanwhile is told by the request itself. */
  private async persist(list: EdgeRoute): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS && !this.stopped; attempt++) {
      try {
        return await this.walk(list);
      } catch (error) {
        this.logger.debug({ err: error, list: list.path }, 'warming up was interrupted');
        await sleep(FIRST_RETRY_MS * 2 ** attempt, undefined, { ref: false });
      }
    }
  }

  private async walk(list: EdgeRoute): Promise<void> {
    const startedAtMs = performance.now();
    const views = viewsOf(list);
    const items = await this.itemsOf(list);
    for (const item of inOwnOrder(items)) {
      for (const view of views) {
        if (this.stopped) return;
        await this.have(view, item);
      }
    }
    const answers = items.length * views.length;
    const seconds = Number(((performance.now() - startedAtMs) / 1000).toFixed(1));
    this.logger.log({ list: list.path, answers, seconds }, 'warmed up');
  }

  private async have({ route, addressOf }: View, item: Item): Promise<void> {
    const startedAtMs = performance.now();
    const address = addressOf({ url: '', params: item, query: {} });
    if (this.cache.fresh(address, this.gets)) return;
    await this.cache.find(address, this.gets, () => this.origin.fetch(route, address, newRequestId()));
    await sleep(REST_MS + performance.now() - startedAtMs, undefined, { ref: false });
  }

  /** Pages of this size are nobody else's, so they are not stored. */
  private async itemsOf(list: EdgeRoute): Promise<Item[]> {
    const addressOf = addresserOf(list);
    const items: Item[] = [];
    for (let cursor: string | null | undefined; cursor !== null && items.length < MAX_ITEMS;) {
      const query = { limit: String(PAGE_SIZE), ...(cursor !== undefined && { cursor }) };
      const address = addressOf({ url: '', params: {}, query });
      const { value } = await this.origin.fetch(list, address, newRequestId());
      const page = listed.parse(JSON.parse(value.body.toString('utf8')));
      items.push(...page.items);
      cursor = page.page.next;
    }
    return items;
  }
}

const isStored = ({ freshSeconds }: EdgeRoute): boolean => freshSeconds !== undefined;
const isList = (route: EdgeRoute): boolean => isStored(route) && route.query !== undefined;

const viewsOf = ({ owner }: EdgeRoute): View[] =>
  edgeRoutes
    .filter((route) => route.owner === owner && isStored(route) && route.params !== undefined)
    .map((route) => ({ route, addressOf: addresserOf(route) }));

/** Each edge begins somewhere else: those that start together meet what the others have fetched. */
function inOwnOrder(items: readonly Item[]): Item[] {
  const first = Math.floor(Math.random() * items.length);
  return [...items.slice(first), ...items.slice(0, first)];
}
