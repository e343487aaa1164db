// Prometheus's text format, 0.0.4.

import type { Family, Labels } from './series.js';

export const contentType = 'text/plain; version=0.0.4; charset=utf-8';

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '"': '\\"' };
const escape = (text: string): string => text.replace(/[\\\n"]/g, (character) => escapes[character] ?? '');

/** A tag's key may hold what a label's name may not; two underscores at its start are Prometheus's own, as in `__name__`. */
const labelName = (key: string): string => key.replace(/\W/g, '_').replace(/^__+/, '_');

export const asLabels = (tags: Labels): Labels =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [labelName(key), value]));

/** `always` are labels of every sample; a sample's own win. */
export function exposition(families: readonly Family[], always: Labels): string {
  return families
    .map(({ name, type, help, samples }) =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        ...samples.map((sample) => {
          const labels = Object.entries({ ...always, ...sample.labels });
          const written = labels.map(([key, value]) => `${key}="${escape(value)}"`).join(',');
          return `${sample.name}{${written}} ${sample.value}`;
        }),
      ].join('\n'),
    )
    .join('\n')
    .concat('\n');
}
