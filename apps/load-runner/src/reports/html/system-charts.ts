// Puts the system's series into charts: one for each kind of figure, a line for each part that has it.

import type { SystemSecond } from '../../analysis/findings.js';
import { describeSeries, type Unit } from '../../collectors/catalogue.js';

export interface SystemChart {
  readonly title: string;
  /** Of all its lines. */
  readonly unit: Unit;
  readonly series: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
}

/** In the order in which they are read: who is busy, who waits, who grows. Adding a chart is adding a line. */
const kinds: readonly { title: string; series: RegExp }[] = [
  { title: 'CPU of each part, cores', series: /^(?!machine)[\w-]+\.cpu$/ },
  { title: 'CPU of the machine', series: /^machine\.cpu$/ },
  { title: 'Event loop of each service, delay p99', series: /\.loop_delay$/ },
  { title: 'Database pools: in use and waited for', series: /\.pool_(active|pending)$/ },
  {
    title: 'Postgres connections',
    series: /^postgres\.(connections|active|waiting|idle_in_transaction)$/,
  },
  { title: 'Memory of each part', series: /\.rss$/ },
  { title: 'Heap of each service', series: /\.heap$/ },
  { title: 'Redis: commands', series: /^redis\.ops$/ },
  { title: 'Hit ratios', series: /hit_ratio$/ },
  { title: 'Disk', series: /^machine\.disk_(read|write)$/ },
  { title: 'Network', series: /^machine\.net_(in|out)$/ },
];

export function groupSystem(seconds: readonly SystemSecond[]): SystemChart[] {
  const names = [...new Set(seconds.flatMap(({ values }) => Object.keys(values)))].sort();
  return kinds.flatMap(({ title, series }) => {
    const own = names.filter((name) => series.test(name));
    const [first] = own;
    if (first === undefined) return [];
    // Where all lines are of one part, its name would only repeat the title.
    const parts = new Set(own.map((name) => name.split('.')[0]));
    const label = (name: string): string => {
      const [part = '', figure = ''] = name.split('.');
      const sameFigure = own.every((other) => other.endsWith(`.${figure}`));
      if (sameFigure) return part;
      return parts.size === 1 ? figure.replaceAll('_', ' ') : `${part} ${figure.replaceAll('_', ' ')}`;
    };
    return [
      {
        title,
        unit: describeSeries(first)?.unit ?? 'count',
        series: own.map((name) => ({
          label: label(name),
          values: seconds.map(({ values }) => values[name] ?? null),
        })),
      },
    ];
  });
}
