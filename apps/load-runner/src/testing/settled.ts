// Drives connections in tests: sends a step, waits for what becomes of it.

import { performance } from 'node:perf_hooks';
import { LrConnection } from '../engine/connection.js';
import { Exchange } from '../engine/exchange.js';
import { endpoint } from '../users/endpoint.js';
import type { Step } from '../users/step.js';

export const step = (changes: Partial<Step> = {}): Step => ({
  endpoint: endpoint('listCourses'),
  path: '/courses',
  headers: '',
  alsoExpected: [],
  think: true,
  ...changes,
});

export class Caller {
  readonly connection: LrConnection;
  private resolve: (exchange: Exchange) => void = () => undefined;

  constructor(port: number, timeoutMs = 2000) {
    const target = { hostname: '127.0.0.1', port, authority: `127.0.0.1:${port}`, basePath: '' };
    this.connection = new LrConnection(target, timeoutMs, (exchange) => this.resolve(exchange));
  }

  ask(wanted: Step = step()): Promise<Exchange> {
    const exchange = new Exchange();
    exchange.begin(wanted, performance.now());
    const settled = new Promise<Exchange>((resolve) => (this.resolve = resolve));
    this.connection.send(exchange);
    return settled;
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
