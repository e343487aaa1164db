/** Brings committed events from the outbox to the stream that everybody reads. */
import type { DomainEvent } from '@flowchart/contracts';
import { EventPublisher } from '@flowchart/events';
import { Meters, requestContext } from '@flowchart/platform';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { DatabaseOptions } from './connect.js';
import { DATABASE_OPTIONS } from './database.tokens.js';
import { Outbox } from './outbox.js';
import { outboxTable } from './outbox-table.js';

const ROUND_MS = 1000;
const BATCH = 100;

/**
 * Publishes what the outbox holds, oldest first, at least once: a row goes only after its event was taken. While
 * Redis is away the rows wait.
 */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(OutboxRelay.name);
  private readonly table: string;
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;
  private again = false;
  private failing = false;
  private pending = 0;
  private published = 0;
  private failedRounds = 0;
  /** When the oldest event was made of those that the last round found and could not publish. */
  private oldestAtMs: number | undefined;

  constructor(
    @Inject(DATABASE_OPTIONS) { service }: DatabaseOptions,
    private readonly dataSource: DataSource,
    private readonly publisher: EventPublisher,
    outbox: Outbox,
    meters: Meters,
  ) {
    this.table = outboxTable(service);
    outbox.onFlush(() => this.relayNow());
    this.measure(meters);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.relayNow(), ROUND_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.round;
  }

  private measure(meters: Meters): void {
    meters.gauge(
      { name: 'outbox.pending', description: 'Events committed and not yet published', baseUnit: 'events' },
      () => this.pending,
    );
    meters.gauge(
      { name: 'outbox.lag.seconds', description: 'Age of the oldest of them', baseUnit: 'seconds' },
      () => (this.oldestAtMs === undefined ? 0 : Math.max(0, Date.now() - this.oldestAtMs) / 1000),
    );
    meters.countOf({ name: 'outbox.published', description: 'Events published', baseUnit: 'events' }, () => [
      { tags: {}, value: this.published },
    ]);
    meters.countOf({ name: 'outbox.failed.rounds', description: 'Rounds that could not publish' }, () => [
      { tags: {}, value: this.failedRounds },
    ]);
  }

  private relayNow(): void {
    if (this.round) {
      this.again = true;
      return;
    }
    // Whoever asked for it does not wait for it, and has sent only some of what it finds.
    this.round = requestContext
      .exit(() => this.relay())
      .finally(() => {
        this.round = undefined;
        if (!this.again) return;
        this.again = false;
        this.relayNow();
      });
  }

  private async relay(): Promise<void> {
    try {
      let sent: number;
      do sent = await this.dataSource.transaction((manager) => this.relayBatch(manager));
      while (sent === BATCH);
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn({ err: error }, 'events wait in the outbox');
      this.failing = true;
      this.failedRounds++;
      this.pending = await this.count().catch(() => this.pending);
    }
  }

  private async relayBatch(manager: EntityManager): Promise<number> {
    const rows: { position: string; event: DomainEvent }[] = await manager.query(
      `SELECT position, event FROM ${this.table} ORDER BY position LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
    );
    const [oldest] = rows;
    this.pending = rows.length;
    this.oldestAtMs = oldest && Date.parse(oldest.event.occurredAt);
    if (!oldest) return 0;
    await this.publisher.publish(rows.map(({ event }) => event));
    await manager.query(`DELETE FROM ${this.table} WHERE position = ANY($1::bigint[])`, [
      rows.map(({ position }) => position),
    ]);
    this.pending = 0;
    this.oldestAtMs = undefined;
    this.published += rows.length;
    return rows.length;
  }

  private async count(): Promise<number> {
    const [row]: { count: string }[] = await this.dataSource.query(`SELECT count(*) FROM ${this.table}`);
    return Number(row?.count ?? 0);
  }
}
