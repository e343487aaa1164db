/** The stretch of time that a snapshot is of, as a person says it. */
import { InfraError } from '@flowchart/infra';

const SECONDS_OF: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const USUAL = '5m';

export interface StretchOptions {
  readonly last?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface Stretch {
  /** Of the epoch. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** Refuses what is no time, and what ends before it begins. */
export function readStretch({ last, from, to }: StretchOptions, nowSeconds: number): Stretch {
  if (last !== undefined && from !== undefined) throw new InfraError('--last and --from exclude each other');
  const toSeconds = to === undefined ? nowSeconds : pointOf('--to', to, nowSeconds);
  const fromSeconds =
    from === undefined ? toSeconds - ageOf('--last', last ?? USUAL) : pointOf('--from', from, nowSeconds);
  if (fromSeconds >= toSeconds) throw new InfraError('the stretch of time ends before it begins');
  return { fromSeconds, toSeconds };
}

function pointOf(option: string, text: string, nowSeconds: number): number {
  if (/^\d+[smhd]$/.test(text)) return nowSeconds - ageOf(option, text);
  const seconds = Date.parse(text) / 1000;
  if (Number.isNaN(seconds))
    throw new InfraError(`${option} must be a time like 2026-03-01T10:00:00Z or 15m, not "${text}"`);
  return seconds;
}

function ageOf(option: string, text: string): number {
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (SECONDS_OF[unit] ?? NaN);
  if (!(seconds > 0)) throw new InfraError(`${option} must be a time like 90s, 5m, 2h or 1d, not "${text}"`);
  return seconds;
}
