/** What a dashboard is here: the one definition behind Grafana's files, the test of every expression and the snapshot page. */

export const serviceNames = ['edge-gateway', 'course-service', 'degree-service', 'student-service'] as const;

export type ServiceName = (typeof serviceNames)[number];

/** What values are, with its name in Grafana. */
export const units = {
  requestsPerSecond: 'reqps',
  perSecond: 'ops',
  seconds: 's',
  bytes: 'bytes',
  bytesPerSecond: 'binBps',
  /** 0 to 1, shown in percent. */
  share: 'percentunit',
  /** CPU time a second. */
  cores: 'none',
  count: 'short',
  /** A ratio that may be any number, as how many times too fast. */
  times: 'none',
} as const;

export type Unit = keyof typeof units;

export interface Query {
  /** PromQL; may hold `$service` and `$__rate_interval`. */
  readonly expr: string;
  /** What a line is called: text with `{{label}}` in it. */
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  /** What is shown, and what to make of it. */
  readonly description: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** Lines over time unless said otherwise; `figure` is the latest value alone. */
  readonly kind?: 'lines' | 'stacked' | 'figure';
  /** Alerts that look at the same. */
  readonly alerts?: readonly string[];
  /** Their chapter of docs/troubleshooting.md. */
  readonly runbook?: string;
  /** In a dashboard of `$service`: those that have what it shows. All, unless given. */
  readonly onlyOf?: readonly ServiceName[];
  /** Why there is nothing to see without a cluster, replicas or TLS; whoever has those has data. */
  readonly elsewhere?: string;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Marks stretches of time in every panel: where `expr` has a value other than 0. */
export interface Annotation {
  readonly name: string;
  readonly expr: string;
  /** Text with `{{label}}` in it. */
  readonly text: string;
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly Row[];
  /** It shows one service at a time: `$service`. */
  readonly perService?: boolean;
  readonly annotations?: readonly Annotation[];
  /** How fine its lines are, as a scrape interval; see `rateWindowSeconds`. */
  readonly scrapeSeconds?: number;
}

/** Scraped each second; rates over four such seconds would be all noise, so panels pretend to every five. */
export const USUAL_SCRAPE_SECONDS = 5;

/** Panels of a dashboard that have something to show for a service. */
export const panelsFor = ({ rows }: Dashboard, service: ServiceName): Panel[] =>
  rows.flatMap(({ panels }) => panels.filter(({ onlyOf }) => onlyOf?.includes(service) ?? true));

/** Quantile of a histogram over the rate window; `by` are labels to tell apart. */
export const quantile = (share: number, buckets: string, ...by: readonly string[]): string =>
  `histogram_quantile(${share}, sum by (${['le', ...by].join(', ')}) (rate(${buckets}[$__rate_interval])))`;

/** Sum of a counter's rate over the rate window; `by` are labels to tell apart. */
export const rate = (counter: string, ...by: readonly string[]): string =>
  `sum${by.length > 0 ? ` by (${by.join(', ')})` : ''} (rate(${counter}[$__rate_interval]))`;

/** Share of a whole that may have no part at all, as failures: those with a whole and without a part are 0. */
export const shareOf = (part: string, whole: string): string => `(${part} or 0 * ${whole}) / ${whole}`;
