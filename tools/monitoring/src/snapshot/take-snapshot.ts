/** All dashboards at one moment: what each panel shows, read from Prometheus by the queries that Grafana uses. */
import { dashboards } from '../dashboards/all.js';
import { panelsFor, serviceNames, type Dashboard, type ServiceName } from '../dashboards/dashboard.js';
import { legendOf, scrapeSecondsOf } from '../dashboards/expression.js';
import { readPanel, type PanelData, type PanelSource } from './panel-data.js';
import { queryRange, timesOf, type Series, type Window } from './prometheus-api.js';

/** More points than a panel has pixels help nobody. */
const MOST_POINTS = 300;

export interface SnapshotOptions {
  readonly prometheusUrl: string;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** A stretch of time that is marked in every panel of a section. */
export interface Mark {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly text: string;
}

/** A dashboard, or one of a service. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Seconds of the epoch. */
  readonly times: readonly number[];
  readonly marks: readonly Mark[];
  readonly rows: readonly { readonly title: string; readonly panels: readonly PanelData[] }[];
}

export interface Snapshot {
  readonly options: SnapshotOptions;
  readonly sections: readonly Section[];
}

export async function takeSnapshot(options: SnapshotOptions): Promise<Snapshot> {
  const sections: Section[] = [];
  for (const dashboard of dashboards) {
    const wanted = dashboard.perService ? serviceNames : [undefined];
    for (const service of wanted) sections.push(await readSection(options, dashboard, service));
  }
  return { options, sections };
}

async function readSection(
  options: SnapshotOptions,
  dashboard: Dashboard,
  service: ServiceName | undefined,
): Promise<Section> {
  const window = windowOf(options, scrapeSecondsOf(dashboard));
  const { prometheusUrl } = options;
  const source: PanelSource = { prometheusUrl, dashboard, window, ...(service && { service }) };
  const shown = new Set(
    service ? panelsFor(dashboard, service) : dashboard.rows.flatMap(({ panels }) => panels),
  );
  const rows: Section['rows'][number][] = [];
  for (const { title, panels } of dashboard.rows) {
    const data = await Promise.all(
      panels.filter((panel) => shown.has(panel)).map((panel) => readPanel(source, panel)),
    );
    if (data.length > 0) rows.push({ title, panels: data });
  }
  return {
    id: service ? `${dashboard.uid}-${service}` : dashboard.uid,
    title: service ? `${dashboard.title}: ${service}` : dashboard.title,
    description: dashboard.description,
    times: timesOf(window),
    marks: await readMarks(source),
    rows,
  };
}

/** Steps as Grafana takes them: no finer than the scrape interval, and on round times, so that they stay where they are. */
export function windowOf({ fromSeconds, toSeconds }: SnapshotOptions, scrapeSeconds: number): Window {
  const stepSeconds = Math.max(scrapeSeconds, Math.ceil((toSeconds - fromSeconds) / MOST_POINTS));
  const round = (seconds: number) => Math.floor(seconds / stepSeconds) * stepSeconds;
  return { fromSeconds: round(fromSeconds), toSeconds: round(toSeconds), stepSeconds };
}

async function readMarks({ prometheusUrl, dashboard, window }: PanelSource): Promise<Mark[]> {
  const marks: Mark[] = [];
  for (const { expr, text } of dashboard.annotations ?? []) {
    // A Prometheus that cannot be asked is told in every panel already.
    const series = await queryRange(prometheusUrl, expr, window).catch((): Series[] => []);
    for (const { labels, values } of series) marks.push(...stretches(values, window, legendOf(text, labels)));
  }
  return marks.sort((a, b) => a.fromSeconds - b.fromSeconds);
}

/** Neighbouring steps with a value are one stretch. */
function stretches(values: readonly (number | null)[], window: Window, text: string): Mark[] {
  const { fromSeconds, stepSeconds } = window;
  const marks: Mark[] = [];
  let since: number | undefined;
  for (const [index, value] of [...values, null].entries()) {
    const at = fromSeconds + index * stepSeconds;
    if (value !== null) since ??= at;
    else if (since !== undefined) {
      marks.push({ fromSeconds: since, toSeconds: at - stepSeconds, text });
      since = undefined;
    }
  }
  return marks;
}
