// InfluxDB's line protocol, 1.x: `measurement,tag=value field=1,other=2 1700000000000`.

export interface Point {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Numbers only; a field that is not finite is left out, for InfluxDB knows no such number. */
  readonly fields: Readonly<Record<string, number>>;
  readonly epochMs: number;
}

/** A line break ends a point, and a backslash before a separator would take its escape away: neither can be written as it is. */
const plain = (text: string): string => text.replace(/[\r\n]+/g, ' ').replace(/\\+(?=[,= ]|$)/g, '');

const measurementName = (text: string): string => plain(text).replace(/[, ]/g, '\\$&');
/** Keys and values of tags, keys of fields. */
const key = (text: string): string => plain(text).replace(/[,= ]/g, '\\$&');

/** One line without its end, or undefined for a point without fields; tags sorted, as InfluxDB asks for. */
export function line({ measurement, tags, fields, epochMs }: Point): string | undefined {
  const written = Object.entries(fields)
    .filter(([, value]) => Number.isFinite(value))
    .map(([name, value]) => `${key(name)}=${value}`);
  if (written.length === 0) return undefined;
  const sorted = Object.entries(tags)
    // An empty tag is refused.
    .filter(([name, value]) => plain(name) !== '' && plain(value) !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `,${key(name)}=${key(value)}`);
  return `${measurementName(measurement)}${sorted.join('')} ${written.join(',')} ${Math.round(epochMs)}`;
}

export const lines = (points: readonly Point[]): string =>
  points
    .map(line)
    .filter((text) => text !== undefined)
    .join('\n');
