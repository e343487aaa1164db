// Puts the system's series into charts: one for each kind of figure, a line for each part that has it.

import type { SystemSecond } from '../../analysis/findings.js';

export interface SystemChart {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
}

/** In the order in which they are read: who is busy, who waits, who grows. Adding a chart is adding a line. */
const kinds: readonly { title: string; unit: string; series: RegExp }[] = [
  { title: 'CPU of each part, cores', unit: 'cores', series: /^(?!machine)[\w-]+\.cpu$/ },
  { title: 'CPU of the machine', unit: 'share', series: /^machine\.cpu$/ },
  { title: 'Event loop of each service, delay p99', unit: 'ms', series: /\.loop_delay$/ },
  { title: 'Database pools: in use and waited for', unit: 'count', series: /\.pool_(active|pending)$/ },
  {
    title: 'Postgres connections',
    unit: 'count',
    series: /^postgres\.(connections|active|waiting|idle_in_transaction)$/,
  },
  { title: 'Memory of each part', unit: 'bytes', series: /\.rss$/ },
  { title: 'Heap of each service', unit: 'bytes', series: /\.heap$/ },
  { title: 'Redis: commands', unit: 'perSecond', series: /^redis\.ops$/ },
  { title: 'Hit ratios', unit: 'share', series: /hit_ratio$/ },
  { title: 'Disk', unit: 'bytesPerSecond', series: /^machine\.disk_(read|write)$/ },
  { title: 'Network', unit: 'bytesPerSecond', series: /^machine\.net_(in|out)$/ },
];

export function groupSystem(seconds: readonly SystemSecond[]): SystemChart[] {
  const names = [...new Set(seconds.flatMap(({ values }) => Object.keys(values)))].sort();
  return kinds.flatMap(({ title, unit, series }) => {
    const own = names.filter((name) => series.test(name));
    if (own.length === 0) return [];
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
        unit,
        series: own.map((name) => ({
          label: label(name),
          values: seconds.map(({ values }) => values[name] ?? null),
        })),
      },
    ];
  });
}
