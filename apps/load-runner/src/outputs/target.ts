// Where the seconds of a run are sent while it goes on: read from `--out`, refused in words that say what would be right.

export type OutputTarget =
  | { readonly kind: 'influxdb'; readonly url: string }
  | { readonly kind: 'prometheus'; readonly port: number }
  | { readonly kind: 'prometheus-rw'; readonly url: string };

export const outputForms: Readonly<Record<OutputTarget['kind'], string>> = {
  influxdb: 'influxdb=http://127.0.0.1:8086/k6 (the database is the path; k6 when there is none)',
  prometheus: 'prometheus=PORT (serves /metrics there while the run goes on)',
  'prometheus-rw': 'prometheus-rw=http://127.0.0.1:9090/api/v1/write',
};

const isKind = (text: string): text is OutputTarget['kind'] => Object.hasOwn(outputForms, text);

/** The target, a complaint about it, or undefined when `kind` is none of these outputs. */
export function parseOutputTarget(kind: string, text: string): OutputTarget | string | undefined {
  if (!isKind(kind)) return undefined;
  const target = kind === 'prometheus' ? parsePort(text) : parseUrl(kind, text);
  return target ?? `It must be ${outputForms[kind]}.`;
}

function parsePort(text: string): OutputTarget | undefined {
  const port = /^\d+$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? { kind: 'prometheus', port } : undefined;
}

function parseUrl(kind: 'influxdb' | 'prometheus-rw', text: string): OutputTarget | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  const usable = kind === 'prometheus-rw' || (/^\/[^/]*$/.test(url.pathname) && url.search === '');
  return usable ? { kind, url: text } : undefined;
}
