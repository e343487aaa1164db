/** Asks Prometheus for series over a stretch of time, at even steps. */

export interface Window {
  /** Of the epoch; both ends are asked for. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly stepSeconds: number;
}

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** One for each step; null where there is none, or none that can be drawn (NaN, infinite). */
  readonly values: readonly (number | null)[];
}

interface Answer {
  readonly status: 'success' | 'error';
  readonly error?: string;
  readonly data?: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly values: readonly (readonly [number, string])[];
    }[];
  };
}

const LIMIT_MS = 30_000;

export const timesOf = ({ fromSeconds, toSeconds, stepSeconds }: Window): number[] =>
  Array.from(
    { length: Math.floor((toSeconds - fromSeconds) / stepSeconds) + 1 },
    (_, index) => fromSeconds + index * stepSeconds,
  );

/** Rejects with Prometheus' own words where it does not take the expression. */
export async function queryRange(
  prometheusUrl: string,
  expr: string,
  window: Window,
): Promise<readonly Series[]> {
  const parameters = new URLSearchParams({
    query: expr,
    start: String(window.fromSeconds),
    end: String(window.toSeconds),
    step: String(window.stepSeconds),
  });
  const response = await fetch(new URL('/api/v1/query_range', prometheusUrl), {
    method: 'POST',
    body: parameters,
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  const text = await response.text();
  const answer = parsed(text);
  if (answer?.status !== 'success' || !answer.data)
    throw new Error(answer?.error ?? `${response.status} ${text.slice(0, 200)}`);
  const times = timesOf(window);
  return answer.data.result.map(({ metric, values }) => {
    const byIndex = new Map(
      values.map(([at, value]) => [
        Math.round((at - window.fromSeconds) / window.stepSeconds),
        Number(value),
      ]),
    );
    return { labels: metric, values: times.map((_, index) => drawable(byIndex.get(index))) };
  });
}

/** Whatever stands at that address may answer with a page of its own. */
function parsed(text: string): Answer | undefined {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return undefined;
  }
}

const drawable = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;
