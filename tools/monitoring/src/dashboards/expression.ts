/** Puts values in the place of Grafana's variables, by Grafana's own rules. */
import { USUAL_SCRAPE_SECONDS, type Dashboard } from './dashboard.js';

export interface Substitution {
  /** Distance of the points that are asked for. */
  readonly stepSeconds: number;
  readonly scrapeSeconds: number;
  readonly service?: string;
}

/**
 * What Grafana puts for `$__rate_interval`: the greater of step + scrape interval and four scrape intervals, so that
 * every window holds at least two samples (Grafana, "Prometheus template variables").
 */
export const rateWindowSeconds = ({ stepSeconds, scrapeSeconds }: Substitution): number =>
  Math.max(stepSeconds + scrapeSeconds, 4 * scrapeSeconds);

export const scrapeSecondsOf = ({ scrapeSeconds = USUAL_SCRAPE_SECONDS }: Dashboard): number => scrapeSeconds;

/** Throws where a variable is left: Prometheus would call it a syntax error, which says nothing of the cause. */
export function substitute(expr: string, substitution: Substitution): string {
  const values: Readonly<Record<string, string | undefined>> = {
    __rate_interval: `${Math.ceil(rateWindowSeconds(substitution))}s`,
    service: substitution.service,
  };
  return expr.replaceAll(/\$(\w+)/g, (variable, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${variable} has no value in: ${expr}`);
    return value;
  });
}

/** `{{label}}` by the series' own labels, as Grafana writes a legend. */
export const legendOf = (legend: string, labels: Readonly<Record<string, string>>): string =>
  legend.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '');
