/** Two edges behind a balancer are replaced one after the other, as a new release does it. */
import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { login } from './edge-client.js';
import { startTestStack, type TestStack } from './test-stack.js';

const CLIENTS = 16;
/** As long as balancers need to notice; every client asks several times meanwhile. */
const SHUTDOWN_DELAY_MS = 1000;
/** An edge that still waits for somebody is given up after so long. */
const STUCK_MS = 10_000;

describe('a rolling restart', () => {
  let own: TestStack;

  beforeAll(async () => {
    const env = { SHUTDOWN_DELAY_MS: String(SHUTDOWN_DELAY_MS), RATE_LIMIT_USER_PER_SECOND: '0' };
    own = await startTestStack({ edges: 2, env });
  }, 120_000);
  afterAll(() => own?.stop(), 60_000);

  it('fails no request, from memory or behind it', async () => {
    const { accessToken } = await login('student1', 'flowchart', own.edges[0]);
    const headers = { authorization: `Bearer ${accessToken}` };
    let over = false;
    const traffic = Promise.all(
      Array.from({ length: CLIENTS }, async (_, index) => {
        const client = new BalancedClient(own.edges, headers);
        for (let turn = 0; !over; turn++) {
          for (const path of ['/courses', '/students/me', `/courses?q=client${index}+turn${turn}`]) {
            await client.get(path);
          }
        }
        return client.close();
      }),
    );
    const tookMs: number[] = [];
    for (const name of ['edge-gateway', 'edge-gateway-2']) {
      await sleep(500);
      const beganAtMs = performance.now();
      await own.stack.restart(name);
      tookMs.push(performance.now() - beganAtMs);
    }
    await sleep(500);
    over = true;
    const told = (await traffic).flat();
    expect(new Set(told)).toEqual(new Set([200]));
    expect(told.length).toBeGreaterThan(20 * CLIENTS);
    expect(Math.max(...tookMs)).toBeLessThan(STUCK_MS);
  }, 120_000);
});

/** Keeps one connection, and opens the next one elsewhere when it is told `Connection: close`. */
class BalancedClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private readonly told: (number | string)[] = [];
  private edge = 0;

  constructor(
    private readonly edges: readonly string[],
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  async get(path: string): Promise<void> {
    try {
      const answer = await this.ask(path);
      for await (const _ of answer);
      this.told.push(answer.statusCode ?? 0);
      if (answer.headers.connection === 'close') this.edge = (this.edge + 1) % this.edges.length;
    } catch (error) {
      this.told.push(String(error));
    }
  }

  /** What each request was answered: a status, or why there was no answer. */
  close(): readonly (number | string)[] {
    this.agent.destroy();
    return this.told;
  }

  private ask(path: string): Promise<IncomingMessage> {
    const { agent, headers } = this;
    return new Promise((resolve, reject) => {
      get(`${this.edges[this.edge]}${path}`, { agent, headers }, resolve).on('error', reject);
    });
  }
}
