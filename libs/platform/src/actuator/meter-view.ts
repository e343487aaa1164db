import { AppError, platformErrors } from '../errors/app-error.js';
import type { Measurement, Meters } from '../metrics/meters.js';

/** Names of the JVM's meters that the system's first version was watched by, and what answers for them here. */
const aliases: Readonly<Record<string, string>> = {
  'jvm.memory.used': 'nodejs.memory.used',
  'jvm.gc.pause': 'nodejs.gc.pause',
  'jvm.threads.live': 'nodejs.threads.live',
};

/** Spring Boot's answer to `/actuator/metrics/{name}`. */
export interface MeterView {
  readonly name: string;
  readonly description: string;
  readonly baseUnit: string | null;
  readonly measurements: { statistic: string; value: number }[];
  readonly availableTags: { tag: string; values: string[] }[];
}

export const meterNames = (meters: Meters): string[] => [...meters.names(), ...Object.keys(aliases)].sort();

/**
 * One meter, drilled down by `tag=key:value` filters: measurements of the series that match are added up (the
 * maximum of `MAX`). Fails with 404 where no such meter or no matching series exists, as Spring does.
 */
export async function meterView(
  meters: Meters,
  name: string,
  filters: readonly string[],
): Promise<MeterView> {
  const meter = meters.find(aliases[name] ?? name);
  if (!meter)
    throw new AppError(platformErrors.NOT_FOUND, `There is no meter ${name}. /actuator/metrics lists them.`);
  const wanted = filters.map(parseFilter);
  const measurements = (await meter.read()).filter(({ tags }) =>
    wanted.every(([tag, value]) => tags[tag] === value),
  );
  if (measurements.length === 0 && wanted.length > 0) {
    throw new AppError(platformErrors.NOT_FOUND, `No series of ${name} has ${filters.join(' and ')}.`);
  }
  const { description, baseUnit = null } = meter.definition;
  const taken = new Set(wanted.map(([tag]) => tag));
  return {
    name,
    description,
    baseUnit,
    measurements: addUp(measurements),
    availableTags: tagsOf(measurements, taken),
  };
}

function parseFilter(filter: string): [tag: string, value: string] {
  const colon = filter.indexOf(':');
  if (colon < 1)
    throw new AppError(platformErrors.INVALID_REQUEST, `tag must look like key:value, not ${filter}`);
  return [filter.slice(0, colon), filter.slice(colon + 1)];
}

function addUp(measurements: readonly Measurement[]): MeterView['measurements'] {
  const totals = new Map<string, number>();
  for (const { statistic, value } of measurements) {
    const soFar = totals.get(statistic) ?? 0;
    totals.set(statistic, statistic === 'MAX' ? Math.max(soFar, value) : soFar + value);
  }
  return [...totals].map(([statistic, value]) => ({ statistic, value }));
}

function tagsOf(
  measurements: readonly Measurement[],
  taken: ReadonlySet<string>,
): MeterView['availableTags'] {
  const values = new Map<string, Set<string>>();
  for (const { tags } of measurements) {
    for (const [tag, value] of Object.entries(tags)) {
      if (!taken.has(tag)) values.set(tag, (values.get(tag) ?? new Set()).add(value));
    }
  }
  return [...values].map(([tag, seen]) => ({ tag, values: [...seen].sort() }));
}
