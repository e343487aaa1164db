// Sums what all workers report: histograms into histograms, counters into counters.

import { endpoints, type Endpoint } from '../users/endpoint.js';
import {
  noCounters,
  trendNames,
  type Counters,
  type Delta,
  type EndpointDelta,
  type TrendName,
} from './delta.js';
import { LatencyHistogram } from './latency-histogram.js';
import { SlowestRequests } from './slowest-requests.js';

type Sign = 1 | -1;

export class EndpointTotals {
  /** Service times: from the first byte sent. */
  readonly ok = new LatencyHistogram();
  readonly unexpected = new LatencyHistogram();
  /** Response times: from when the request was wanted. */
  readonly responseOk = new LatencyHistogram();
  readonly responseUnexpected = new LatencyHistogram();
  requests = 0;
  failed = 0;
  lost = 0;
  timeouts = 0;
  refused = 0;
  bytesReceived = 0;
  bytesSent = 0;
  /** Answers by status. */
  private readonly statuses = new Map<number, number>();

  constructor(readonly endpoint: Endpoint) {}

  merge(delta: EndpointDelta): void {
    this.count(delta, 1);
    if (delta.ok) this.ok.merge(delta.ok);
    if (delta.unexpected) this.unexpected.merge(delta.unexpected);
    if (delta.responseOk) this.responseOk.merge(delta.responseOk);
    if (delta.responseUnexpected) this.responseUnexpected.merge(delta.responseUnexpected);
  }

  /** Takes out again what was merged before. */
  remove(delta: EndpointDelta): void {
    this.count(delta, -1);
    if (delta.ok) this.ok.remove(delta.ok);
    if (delta.unexpected) this.unexpected.remove(delta.unexpected);
    if (delta.responseOk) this.responseOk.remove(delta.responseOk);
    if (delta.responseUnexpected) this.responseUnexpected.remove(delta.responseUnexpected);
  }

  private count(delta: EndpointDelta, sign: Sign): void {
    this.requests += sign * delta.requests;
    this.failed += sign * delta.failed;
    this.lost += sign * delta.lost;
    this.timeouts += sign * delta.timeouts;
    this.refused += sign * delta.refused;
    this.bytesReceived += sign * delta.bytesReceived;
    this.bytesSent += sign * delta.bytesSent;
    for (const { status, count } of delta.statuses)
      this.statuses.set(status, this.answers(status) + sign * count);
  }

  /** Requests that ended with this status; 0, as in k6: without an answer. */
  withStatus(status: number): number {
    if (status !== 0) return this.answers(status);
    return [...this.statuses.values()].reduce((left, count) => left - count, this.requests);
  }

  private answers(status: number): number {
    return this.statuses.get(status) ?? 0;
  }

  /** Service times of everything that has one: answers of any status, and time-outs. */
  get all(): LatencyHistogram {
    return added([this.ok, this.unexpected]);
  }

  /** Response times of the same. */
  get responses(): LatencyHistogram {
    return added([this.responseOk, this.responseUnexpected]);
  }
}

function added(histograms: readonly LatencyHistogram[]): LatencyHistogram {
  const all = new LatencyHistogram();
  for (const one of histograms) all.add(one);
  return all;
}

function chosen(ok: LatencyHistogram, unexpected: LatencyHistogram, only?: 'ok' | 'unexpected') {
  if (only === 'ok') return [ok];
  return only === 'unexpected' ? [unexpected] : [ok, unexpected];
}

export interface ErrorTotal {
  readonly endpoint: Endpoint;
  readonly reason: string;
  count: number;
  /** Seconds of the run. */
  readonly firstSecond: number;
  lastSecond: number;
}

export interface CheckTotal {
  readonly name: string;
  passes: number;
  fails: number;
}

export class Totals {
  readonly endpoints = new Map<number, EndpointTotals>();
  readonly trends = Object.fromEntries(trendNames.map((name) => [name, new LatencyHistogram()])) as Record<
    TrendName,
    LatencyHistogram
  >;
  readonly counters: Counters = noCounters();
  readonly slowest = new SlowestRequests();
  private readonly errorsByKey = new Map<string, ErrorTotal>();
  private readonly checksByName = new Map<string, CheckTotal>();

  merge(delta: Delta): void {
    for (const part of delta.endpoints) this.endpointTotals(part.endpoint).merge(part);
    for (const name of trendNames) {
      const trend = delta.trends[name];
      if (trend) this.trends[name].merge(trend);
    }
    this.count(delta, 1);
    for (const { endpoint, reason, count } of delta.errors)
      this.addError(endpoint, reason, count, delta.second);
    for (const request of delta.slowest ?? []) this.slowest.add(request);
  }

  /** Takes out again what was merged before, so that a window can slide; errors by reason and the slowest requests stay, as no window asks for them. */
  remove(delta: Delta): void {
    for (const part of delta.endpoints) this.endpointTotals(part.endpoint).remove(part);
    for (const name of trendNames) {
      const trend = delta.trends[name];
      if (trend) this.trends[name].remove(trend);
    }
    this.count(delta, -1);
  }

  private count(delta: Delta, sign: Sign): void {
    for (const [name, amount] of Object.entries(delta.counters))
      this.counters[name as keyof Counters] += sign * amount;
    for (const { name, passes, fails } of delta.checks) {
      const check = this.checksByName.get(name) ?? { name, passes: 0, fails: 0 };
      check.passes += sign * passes;
      check.fails += sign * fails;
      this.checksByName.set(name, check);
    }
  }

  get errors(): ErrorTotal[] {
    return [...this.errorsByKey.values()].sort((a, b) => b.count - a.count);
  }

  get checks(): CheckTotal[] {
    return [...this.checksByName.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  /** In the order of the table of endpoints. */
  get byEndpoint(): EndpointTotals[] {
    return [...this.endpoints.values()].sort((a, b) => a.endpoint.index - b.endpoint.index);
  }

  sum(
    field: 'requests' | 'failed' | 'lost' | 'timeouts' | 'refused' | 'bytesReceived' | 'bytesSent',
  ): number {
    return this.byEndpoint.reduce((total, one) => total + one[field], 0);
  }

  /** Service times of all endpoints together; or only those of expected, or of unexpected, answers. */
  durations(only?: 'ok' | 'unexpected'): LatencyHistogram {
    return this.durationsOf(this.byEndpoint, only);
  }

  durationsOf(some: readonly EndpointTotals[], only?: 'ok' | 'unexpected'): LatencyHistogram {
    return added(some.flatMap(({ ok, unexpected }) => chosen(ok, unexpected, only)));
  }

  /** Response times, likewise. */
  responses(only?: 'ok' | 'unexpected'): LatencyHistogram {
    return this.responsesOf(this.byEndpoint, only);
  }

  responsesOf(some: readonly EndpointTotals[], only?: 'ok' | 'unexpected'): LatencyHistogram {
    return added(
      some.flatMap(({ responseOk, responseUnexpected }) => chosen(responseOk, responseUnexpected, only)),
    );
  }

  private endpointTotals(index: number): EndpointTotals {
    let totals = this.endpoints.get(index);
    if (!totals) {
      const found = endpoints[index];
      if (!found) throw new Error(`a worker reports on endpoint ${index}, which does not exist`);
      this.endpoints.set(index, (totals = new EndpointTotals(found)));
    }
    return totals;
  }

  private addError(endpoint: number, reason: string, count: number, second: number): void {
    const key = `${endpoint} ${reason}`;
    const known = this.errorsByKey.get(key);
    if (known) {
      known.count += count;
      known.lastSecond = Math.max(known.lastSecond, second);
      return;
    }
    const totals = this.endpointTotals(endpoint);
    this.errorsByKey.set(key, {
      endpoint: totals.endpoint,
      reason,
      count,
      firstSecond: second,
      lastSecond: second,
    });
  }
}
