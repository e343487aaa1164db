/** What a panel would show: its lines, or why there are none. */
import { isNativeError } from 'node:util/types';
import type { Dashboard, Panel, ServiceName } from '../dashboards/dashboard.js';
import { legendOf, scrapeSecondsOf, substitute } from '../dashboards/expression.js';
import { queryRange, type Series, type Window } from './prometheus-api.js';

export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

export interface PanelData {
  readonly panel: Panel;
  /** Lines with a value at least; a series of nothing but gaps is none. */
  readonly lines: readonly Line[];
  /** Of each query: how many lines it has. */
  readonly linesByQuery: readonly number[];
  /** What Prometheus said of queries that failed. */
  readonly failures: readonly string[];
}

export interface PanelSource {
  readonly prometheusUrl: string;
  readonly dashboard: Dashboard;
  readonly window: Window;
  /** Of a dashboard that is for one. */
  readonly service?: ServiceName;
}

/** Never rejects: a failed query is told in the place of its lines. */
export async function readPanel(source: PanelSource, panel: Panel): Promise<PanelData> {
  const { prometheusUrl, dashboard, window, service } = source;
  const scrapeSeconds = scrapeSecondsOf(dashboard);
  const answers = await Promise.allSettled(
    panel.queries.map(async ({ expr, legend }) => {
      const wanted = substitute(expr, {
        stepSeconds: window.stepSeconds,
        scrapeSeconds,
        ...(service && { service }),
      });
      const series = await queryRange(prometheusUrl, wanted, window);
      return series.filter(hasValue).map((one) => ({
        label: legendOf(legend, one.labels),
        values: one.values,
      }));
    }),
  );
  const linesOfQuery = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  return {
    panel,
    lines: linesOfQuery.flat(),
    linesByQuery: linesOfQuery.map(({ length }) => length),
    failures: answers.flatMap((answer) => (answer.status === 'rejected' ? [words(answer.reason)] : [])),
  };
}

const hasValue = ({ values }: Series): boolean => values.some((value) => value !== null);

/** What `fetch` says is that it failed; why is the cause. */
const words = (error: unknown): string => {
  if (!isNativeError(error)) return String(error);
  return isNativeError(error.cause) ? `${error.message}: ${error.cause.message}` : error.message;
};
