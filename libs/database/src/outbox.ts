import { randomUUID } from 'node:crypto';
import type { DomainEvent } from '@flowchart/contracts';
import { requestContext } from '@flowchart/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DatabaseOptions } from './connect.js';
import { DATABASE_OPTIONS } from './database.tokens.js';
import { outboxTable } from './outbox-table.js';

/** Transactional outbox: a fact and the change that it tells of are committed together or not at all. */
@Injectable()
export class Outbox {
  private readonly table: string;
  private wake: () => void = () => undefined;

  constructor(@Inject(DATABASE_OPTIONS) { service }: DatabaseOptions) {
    this.table = outboxTable(service);
  }

  /** Adds an event to the transaction of `manager`. Call `flush` once it is committed. */
  async add(
    manager: EntityManager,
    event: Omit<DomainEvent, 'id' | 'occurredAt' | 'traceparent'>,
  ): Promise<void> {
    const traceparent = requestContext.getStore()?.span?.traceparent;
    const whole: DomainEvent = {
      ...event,
      id: randomUUID(),
      occurredAt: new Date().toISOString(),
      ...(traceparent !== undefined && { traceparent }),
    };
    await manager.query(`INSERT INTO ${this.table} (event) VALUES ($1)`, [whole]);
  }

  /** Asks the relay to send now instead of at its next round. */
  flush(): void {
    this.wake();
  }

  onFlush(wake: () => void): void {
    this.wake = wake;
  }
}
