import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deadlineHeader, edgeName, identityHeader } from '@flowchart/contracts';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AssertionSigner } from '../auth/assertion.js';
import { derivedKeys } from '../auth/identity-keys.js';
import { createService } from '../bootstrap/service.js';
import { Meters } from '../metrics/meters.js';
import { timeLeftMs } from './deadline.js';
import { ServiceClient } from './service-client.js';

const TIMEOUT_MS = 2000;
const identityKeys = derivedKeys(['secret']);
const toService = new AssertionSigner({ name: edgeName, identityKeys }, 'waiter');
let client: ServiceClient;

@Controller()
class Waiter {
  @Get('left')
  left() {
    return { ms: timeLeftMs() };
  }

  @Post('left')
  leftAfterBody(@Body() body: unknown) {
    return { body, ms: timeLeftMs() };
  }

  @Get('neighbour')
  async neighbour() {
    return JSON.parse((await client.call('/')).body.toString('utf8')) as unknown;
  }

  @Get('hanging-neighbour')
  async hanging() {
    await client.call('/never');
  }
}

@Module({ controllers: [Waiter] })
class WaiterModule {}

describe('a deadline', () => {
  let neighbour: Server;
  let asked: number;
  let app: NestFastifyApplication;
  let base: string;

  beforeAll(async () => {
    neighbour = createServer(({ url, headers }, response) => {
      asked++;
      if (url === '/') response.end(JSON.stringify({ told: Number(headers[deadlineHeader]) }));
    });
    await new Promise<void>((listening) => neighbour.listen(0, '127.0.0.1', listening));
    client = new ServiceClient({
      name: 'neighbour',
      baseUrl: `http://127.0.0.1:${(neighbour.address() as AddressInfo).port}`,
      timeoutMs: TIMEOUT_MS,
      signer: new AssertionSigner({ name: 'waiter', identityKeys }, 'neighbour'),
      meters: new Meters(),
    });
    app = await createService(WaiterModule, {
      name: 'waiter',
      version: '1',
      revision: 'abc',
      port: 0,
      host: '127.0.0.1',
      portVariable: 'PORT',
      logLevel: 'silent',
      shutdownDelayMs: 0,
      identityKeys,
    });
    await app.listen(0, '127.0.0.1');
    base = await app.getUrl();
  });
  afterAll(async () => {
    await app.close();
    await client.close();
    neighbour.closeAllConnections();
    neighbour.close();
  });
  beforeEach(() => {
    asked = 0;
  });

  const ask = (path: string, deadline?: string, init: RequestInit = {}) =>
    fetch(`${base}${path}`, {
      ...init,
      headers: {
        ...(init.headers as Record<string, string>),
        [identityHeader]: toService.sign(),
        ...(deadline !== undefined && { [deadlineHeader]: deadline }),
      },
    });
  const json = async (answer: Promise<Response>) => (await (await answer).json()) as Record<string, number>;

  it('is known to whatever works for the request, with a body and without', async () => {
    const body = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' };
    for (const init of [{}, body]) {
      const { ms } = await json(ask('/left', '1500', init));
      expect(ms).toBeGreaterThan(0);
      expect(ms).toBeLessThanOrEqual(1500);
    }
  });

  it.each([undefined, 'soon', '-5', '1e3'])(
    'is there only where the caller tells one, and not as %p',
    async (told) => {
      // Infinity is null in JSON.
      expect(await json(ask('/left', told))).toEqual({ ms: null });
    },
  );

  it('is a minute at most', async () => {
    expect((await json(ask('/left', '999999999')))['ms']).toBeLessThanOrEqual(60_000);
  });

  it('that is over is told at once', async () => {
    const answer = await ask('/neighbour', '0');
    expect([answer.status, asked]).toEqual([504, 0]);
  });

  it('is handed on to the next service, if it is earlier than the call would end anyway', async () => {
    const { told } = await json(ask('/neighbour', '700'));
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThanOrEqual(700);
    expect((await json(ask('/neighbour', '9000')))['told']).toBeLessThanOrEqual(TIMEOUT_MS);
    expect((await json(ask('/neighbour')))['told']).toBe(TIMEOUT_MS);
  });

  it('ends a call to a service that hangs', async () => {
    const startedMs = performance.now();
    const answer = await ask('/hanging-neighbour', '200');
    expect(answer.status).toBe(503);
    expect(performance.now() - startedMs).toBeLessThan(TIMEOUT_MS);
  });
});
