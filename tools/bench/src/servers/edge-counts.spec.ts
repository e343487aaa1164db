import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { countsBetween, hitPercent, readEdgeCounts } from './edge-counts.js';

const metrics = `# HELP cache_gets_total Look-ups
# TYPE cache_gets_total counter
cache_gets_total{result="hit",level="L1"} 90
cache_gets_total{result="miss",level="L1"} 9
cache_gets_total{result="stale",level="L1"} 1
cache_gets_total{result="hit",level="L2"} 4
cache_gets_total{result="miss",level="L2"} 5
http_server_requests_seconds_count{method="GET",uri="/courses",status="200",outcome="SUCCESS"} 100
http_server_requests_seconds_count{method="POST",uri="/auth/login",status="200",outcome="SUCCESS"} 7
http_server_requests_seconds_count{method="GET",uri="/actuator/health",status="200",outcome="SUCCESS"} 1000
`;

describe('readEdgeCounts', () => {
  let server: Server;
  afterEach(() => void server.close());

  it('tells requests of users, logins, and reads that neither level could answer', async () => {
    server = createServer((_, response) => response.setHeader('connection', 'close').end(metrics));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const counts = await readEdgeCounts(port, AbortSignal.timeout(5000));
    expect(counts).toEqual({ requests: 107, logins: 7, reads: 100, misses: 5 });
    expect(hitPercent(counts)).toBeCloseTo(95);
  });
});

describe('countsBetween', () => {
  it('is what came between two readings', () => {
    const before = { requests: 10, logins: 1, reads: 5, misses: 5 };
    const after = { requests: 30, logins: 1, reads: 25, misses: 6 };
    expect(countsBetween(before, after)).toEqual({ requests: 20, logins: 0, reads: 20, misses: 1 });
  });
});
