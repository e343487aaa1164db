/** What the edge has counted, read from its metrics: the only part of a bench that knows their names. */
import { BenchError } from '../bench-error.js';

export interface EdgeCounts {
  /** Answers to users, the actuator's left out. */
  readonly requests: number;
  readonly logins: number;
  /** Reads of cacheable routes, and those of them that waited for a service. */
  readonly reads: number;
  readonly misses: number;
}

interface Series {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

export async function readEdgeCounts(port: number, signal: AbortSignal): Promise<EdgeCounts> {
  const answer = await fetch(`http://127.0.0.1:${port}/actuator/prometheus`, { signal });
  if (!answer.ok) throw new BenchError(`the edge answers ${answer.status} for its metrics`);
  const series = seriesOf(await answer.text());
  const sum = (name: string, wanted: (labels: Series['labels']) => boolean) =>
    series
      .filter((one) => one.name === name && wanted(one.labels))
      .reduce((total, { value }) => total + value, 0);
  const gets = (level: string, result?: string) =>
    sum(
      'cache_gets_total',
      (labels) => labels.get('level') === level && (result === undefined || labels.get('result') === result),
    );
  const answered = (wanted: (uri: string) => boolean) =>
    sum('http_server_requests_seconds_count', (labels) => wanted(labels.get('uri') ?? ''));
  return {
    requests: answered((uri) => !uri.startsWith('/actuator')),
    logins: answered((uri) => uri === '/auth/login'),
    reads: gets('L1'),
    // What was not in memory and not in Redis either.
    misses: Math.max(0, gets('L1', 'miss') - gets('L2', 'hit')),
  };
}

export const countsBetween = (before: EdgeCounts, after: EdgeCounts): EdgeCounts => ({
  requests: after.requests - before.requests,
  logins: after.logins - before.logins,
  reads: after.reads - before.reads,
  misses: after.misses - before.misses,
});

/** In percent; NaN when nothing was read. */
export const hitPercent = ({ reads, misses }: EdgeCounts): number => (1 - misses / reads) * 100;

/** The text format of Prometheus. */
function seriesOf(text: string): Series[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    return [
      {
        name,
        value: Number(value),
        labels: new Map(pairs.map(([, label, given]) => [label as string, given as string])),
      },
    ];
  });
}
