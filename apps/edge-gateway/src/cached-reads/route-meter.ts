import type { HttpSeries, TimerSeries } from '@flowchart/platform';

/**
 * `http.server.requests` of one route, for answers that never reach Fastify, where the platform measures. The series are
 * looked up once and kept: finding one costs more than recording in it.
 */
export class RouteMeter {
  private readonly series = { GET: new Map<number, TimerSeries>(), HEAD: new Map<number, TimerSeries>() };

  constructor(
    private readonly seriesOf: HttpSeries,
    readonly uri: string,
  ) {}

  record(method: 'GET' | 'HEAD', status: number, seconds: number, traceId?: string): void {
    const known = this.series[method].get(status);
    if (known) return known.record(seconds, traceId);
    const series = this.seriesOf(method, this.uri, status);
    this.series[method].set(status, series);
    series.record(seconds, traceId);
  }
}
