import { describe, expect, it } from '@jest/globals';
import { TruthServer } from '../testing/truth-server.js';
import { UnreachableError, waitUntilReady } from './readiness.js';

describe('waiting for the target', () => {
  it('ends when it says that it is ready', async () => {
    const paths: string[] = [];
    const server = await new TruthServer((request, answer) => {
      paths.push(request.path);
      answer('{}', { status: request.index === 0 ? 503 : 200 });
    }).listen();
    const reasons: string[] = [];
    await waitUntilReady(server.url, { waitMs: 5000, onWaiting: (reason) => reasons.push(reason) });
    await server.kill();
    expect(paths).toEqual(['/actuator/health/readiness', '/actuator/health/readiness']);
    expect(reasons).toEqual(['it answered 503']);
  });

  it('ends with what to do when nobody answers in time', async () => {
    const server = await new TruthServer().listen();
    await server.kill();
    const waiting = waitUntilReady(server.url, { waitMs: 30 });
    await expect(waiting).rejects.toThrow(UnreachableError);
    await expect(waiting).rejects.toThrow(
      /was not ready within 0\.03 s .*ECONNREFUSED\)\.\nStart the stack with/,
    );
  });

  it('can be given up', async () => {
    const server = await new TruthServer().listen();
    await server.kill();
    await expect(waitUntilReady(server.url, { signal: AbortSignal.timeout(20) })).rejects.toThrow(/abort/i);
  });
});
