// Reads the few samples we want from a page in Prometheus' text format, and skips the rest as cheaply as it can.

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const labelPattern = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Most of a page are buckets of histograms: those lines cost one look at their name. */
export function readSamples(page: string, wanted: ReadonlySet<string>): Sample[] {
  const samples: Sample[] = [];
  for (const line of page.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const end = line.search(/[{ ]/);
    const name = line.slice(0, end);
    if (!wanted.has(name)) continue;
    const labelled = line[end] === '{';
    const close = labelled ? line.lastIndexOf('}') : end;
    const value = Number(
      line
        .slice(close + 1)
        .trim()
        .split(' ')[0],
    );
    if (Number.isFinite(value))
      samples.push({ name, labels: labelled ? labels(line.slice(end, close)) : {}, value });
  }
  return samples;
}

const labels = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(labelPattern)].map(([, name = '', value = '']) => [name, value]));
