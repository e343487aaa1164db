// A worker's memory of the current second: histograms per endpoint, counters, errors, checks, slowest requests. Recording costs well under a µs.

import { performance } from 'node:perf_hooks';
import { Ledger, type AcknowledgedPlan, type LedgerPage } from '../audit/ledger.js';
import type { Tally } from '../users/step.js';
import type { Exchange, Outcome } from './exchange.js';
import {
  noCounters,
  trendNames,
  type CheckDelta,
  type CounterName,
  type Delta,
  type EndpointDelta,
  type ErrorDelta,
} from './delta.js';
import { LatencyHistogram } from './latency-histogram.js';
import { SlowestRequests } from './slowest-requests.js';
import { isSampled, traceIdOf } from './trace-context.js';

/** Requests that were sent and never answered because the connection went away. */
const lostOutcomes: ReadonlySet<Outcome> = new Set<Outcome>(['reset', 'closed', 'truncated', 'malformed']);
/** A server that answers nonsense must not fill our memory with kinds of nonsense. */
const maxErrorKinds = 500;

class EndpointRecord {
  readonly ok = new LatencyHistogram();
  readonly unexpected = new LatencyHistogram();
  readonly responseOk = new LatencyHistogram();
  readonly responseUnexpected = new LatencyHistogram();
  requests = 0;
  failed = 0;
  lost = 0;
  timeouts = 0;
  refused = 0;
  bytesReceived = 0;
  bytesSent = 0;
  private readonly statuses = new Map<number, number>();

  answered(status: number): void {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
  }

  drain(endpoint: number): EndpointDelta {
    const { requests, failed, lost, timeouts, refused, bytesReceived, bytesSent } = this;
    this.requests = this.failed = this.lost = this.timeouts = this.refused = 0;
    this.bytesReceived = this.bytesSent = 0;
    const statuses = [...this.statuses].map(([status, count]) => ({ status, count }));
    this.statuses.clear();
    const counts = { requests, failed, lost, timeouts, refused, bytesReceived, bytesSent };
    return {
      endpoint,
      ...counts,
      statuses,
      ok: this.ok.drain(),
      unexpected: this.unexpected.drain(),
      responseOk: this.responseOk.drain(),
      responseUnexpected: this.responseUnexpected.drain(),
    };
  }
}

export class Recorder implements Tally {
  private readonly endpoints: (EndpointRecord | undefined)[] = [];
  private readonly trends = new Map(trendNames.map((name) => [name, new LatencyHistogram()]));
  private readonly blocked = this.trend('blocked');
  private readonly connecting = this.trend('connecting');
  private readonly sending = this.trend('sending');
  private readonly waiting = this.trend('waiting');
  private readonly receiving = this.trend('receiving');
  private readonly iteration = this.trend('iteration');
  private errors = new Map<string, { endpoint: number; reason: string; count: number }>();
  private checks = new Map<string, { name: string; passes: number; fails: number }>();
  private counters = noCounters();
  private readonly slowest = new SlowestRequests();

  private readonly ledger: Ledger;

  constructor(
    private readonly timeoutMs: number,
    seed: number,
  ) {
    this.ledger = new Ledger(seed);
  }

  /** Everything about one request that ended; the parts of its time only where they were measured. */
  settled(exchange: Exchange, measured: 'every part' | 'service time only' = 'every part'): void {
    const { outcome, step } = exchange;
    if (exchange.resent) this.counters.resent++;
    if (outcome === 'censored') {
      this.counters.censored++;
      return;
    }
    const record = (this.endpoints[step.endpoint.index] ??= new EndpointRecord());
    record.requests++;
    record.bytesReceived += exchange.bytesReceived;
    record.bytesSent += exchange.bytesSent;
    this.counters.busyMs += exchange.endedAt - exchange.wantedAt;
    if (outcome === 'answered') {
      if (measured === 'every part') this.timed(exchange);
      this.answered(record, exchange);
    } else this.failed(record, exchange);
    if (exchange.traceparent !== undefined) this.traced(exchange, exchange.traceparent);
  }

  /** Whoever never sent a byte left no trace; a time-out counts with its full length, as it does in the histograms. */
  private traced(exchange: Exchange, traceparent: string): void {
    const { outcome, step, status, wantedAt, startedAt, sentAt, endedAt } = exchange;
    const timedOut = outcome === 'timeout';
    const responseMs = timedOut ? startedAt - wantedAt + this.timeoutMs : endedAt - wantedAt;
    if (!this.slowest.admits(responseMs) || (sentAt === 0 && !timedOut)) return;
    this.slowest.add({
      traceId: traceIdOf(traceparent),
      sampled: isSampled(traceparent),
      endpoint: step.endpoint.index,
      path: step.path,
      ...{ status, outcome, responseMs },
      serviceMs: timedOut ? this.timeoutMs : endedAt - sentAt,
      wantedAtEpochMs: performance.timeOrigin + wantedAt,
    });
  }

  private timed({ wantedAt, sentAt, flushedAt, firstByteAt, endedAt, connectingMs }: Exchange): void {
    this.blocked.record((sentAt - wantedAt) * 1000);
    this.connecting.record(connectingMs * 1000);
    this.sending.record((flushedAt - sentAt) * 1000);
    this.waiting.record((firstByteAt - flushedAt) * 1000);
    this.receiving.record((endedAt - firstByteAt) * 1000);
  }

  private answered(record: EndpointRecord, exchange: Exchange): void {
    const { wantedAt, sentAt, endedAt } = exchange;
    const durationUs = (endedAt - sentAt) * 1000;
    const responseUs = (endedAt - wantedAt) * 1000;
    record.answered(exchange.status);
    if (exchange.expected) {
      record.ok.record(durationUs);
      record.responseOk.record(responseUs);
    } else {
      record.unexpected.record(durationUs);
      record.responseUnexpected.record(responseUs);
      record.failed++;
      this.error(exchange.step.endpoint.index, `status ${exchange.status}`);
    }
  }

  private failed(record: EndpointRecord, exchange: Exchange): void {
    const { outcome, wantedAt, startedAt } = exchange;
    record.failed++;
    if (outcome === 'timeout') {
      record.timeouts++;
      // A request that never came back took at least this long: leaving it out would make the slowest invisible.
      record.unexpected.record(this.timeoutMs * 1000);
      record.responseUnexpected.record((startedAt - wantedAt + this.timeoutMs) * 1000);
    } else if (lostOutcomes.has(outcome)) {
      record.lost++;
    } else {
      record.refused++;
    }
    this.error(exchange.step.endpoint.index, outcome);
  }

  iterated(durationMs: number): void {
    this.counters.iterations++;
    this.iteration.record(durationMs * 1000);
  }

  error(endpoint: number, reason: string): void {
    const known = this.errors.size < maxErrorKinds ? reason : 'other';
    const key = `${endpoint} ${known}`;
    const entry = this.errors.get(key);
    if (entry) entry.count++;
    else this.errors.set(key, { endpoint, reason: known, count: 1 });
  }

  check(name: string, passed: boolean): void {
    let entry = this.checks.get(name);
    if (!entry) this.checks.set(name, (entry = { name, passes: 0, fails: 0 }));
    if (passed) entry.passes++;
    else entry.fails++;
  }

  count(name: CounterName, amount = 1): void {
    this.counters[name] += amount;
  }

  acknowledged(plan: AcknowledgedPlan): void {
    this.ledger.acknowledged(plan);
  }

  loggedOut(authorization: string): void {
    this.ledger.loggedOut(authorization);
  }

  /** What has been promised from the start. */
  promises(): LedgerPage {
    return this.ledger.close();
  }

  /** Hands over the second and starts an empty one. */
  drain(): Pick<Delta, 'endpoints' | 'trends' | 'errors' | 'checks' | 'counters' | 'slowest'> {
    const slowest = this.slowest.drain();
    const delta = {
      endpoints: this.endpoints.flatMap((record, index) =>
        record && record.requests > 0 ? [record.drain(index)] : [],
      ),
      trends: Object.fromEntries([...this.trends].map(([name, histogram]) => [name, histogram.drain()])),
      errors: [...this.errors.values()] satisfies ErrorDelta[],
      checks: [...this.checks.values()] satisfies CheckDelta[],
      counters: this.counters,
      ...(slowest.length > 0 && { slowest }),
    };
    this.errors = new Map();
    this.checks = new Map();
    this.counters = noCounters();
    return delta;
  }

  private trend(name: (typeof trendNames)[number]): LatencyHistogram {
    const histogram = this.trends.get(name);
    if (!histogram) throw new Error(`no trend ${name}`);
    return histogram;
  }
}
