import type { Meters, Timer, TimerSeries } from '@flowchart/platform';

/**
 * `http.server.requests` of one route, for answers that never reach Fastify, where the platform measures. The series are
 * looked up once and kept: finding one costs more than recording in it.
 */
export class RouteMeter {
  private readonly series = { GET: new Map<number, TimerSeries>(), HEAD: new Map<number, TimerSeries>() };

  constructor(
    private readonly timer: Timer,
    private readonly uri: string,
  ) {}

  record(method: 'GET' | 'HEAD', status: number, seconds: number): void {
    const known = this.series[method].get(status);
    if (known) return known.record(seconds);
    const outcome = status < 300 ? 'SUCCESS' : status < 400 ? 'REDIRECTION' : 'CLIENT_ERROR';
    const series = this.timer.for({ method, uri: this.uri, status: String(status), outcome });
    this.series[method].set(status, series);
    series.record(seconds);
  }
}

/** The timer that the platform records requests in; there once the service is made. */
export function requestTimer({ registry }: Meters): Timer {
  const timer = registry.getSingleMetric('http_server_requests_seconds');
  if (!timer) throw new Error('the platform does not measure http.server.requests');
  return timer as unknown as Timer;
}
