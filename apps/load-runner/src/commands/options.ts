// Reads options: each either becomes a value with a unit in its name or is refused in words that say what it should be.

import { InvalidArgumentError } from 'commander';
import { decidingFigures, type DecidingFigure } from '../profiles/baseline-schema.js';
import { parseDurationMs } from '../profiles/duration.js';
import { outputForms, parseOutputTarget, type OutputTarget } from '../outputs/target.js';
import type { ExtraOutput } from '../reports/run-folder.js';

export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (!(value >= from && value <= to))
      throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
    return value;
  };
}

export function positiveNumber(to: number): (text: string) => number {
  return (text) => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
    if (!(value > 0 && value <= to))
      throw new InvalidArgumentError(`It must be a number above 0, up to ${to}.`);
    return value;
  };
}

export function fraction(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(value <= 1)) throw new InvalidArgumentError('It must be a share from 0 to 1, like 0.01.');
  return value;
}

export function durationMs(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined || ms < 1000)
    throw new InvalidArgumentError('It must be at least 1s, written like 30s, 5m or 1m30s.');
  return ms;
}

const outputKinds = ['json', 'csv', 'ndjson'] as const;
const fileForms = outputKinds.map((kind) => `${kind}=${kind === 'csv' ? 'PREFIX' : 'FILE'}`);

/** A copy of the report, or a system that is told each second. */
export type Out = ExtraOutput | OutputTarget;

/** `json=results.json` or `influxdb=http://127.0.0.1:8086/k6`; may be given several times. */
export function out(text: string, before: readonly Out[] = []): Out[] {
  const [kind = '', ...rest] = text.split('=');
  const path = rest.join('=');
  const target = parseOutputTarget(kind, path);
  if (typeof target === 'string') throw new InvalidArgumentError(target);
  if (target) return [...before, target];
  const known = outputKinds.find((one) => one === kind);
  if (!known || path === '') {
    throw new InvalidArgumentError(
      `It must be one of:\n  ${[...fileForms, ...Object.values(outputForms)].join('\n  ')}`,
    );
  }
  return [...before, { kind: known, path }];
}

/** `2/3`: the third of three parts, counted from 0. */
export function shard(text: string): { index: number; of: number } {
  const [, index = '', of = ''] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const parsed = { index: Number(index), of: Number(of) };
  if (of === '' || parsed.index >= parsed.of)
    throw new InvalidArgumentError('It must be i/N: part i of N, counted from 0, like 0/3.');
  return parsed;
}

/** Milliseconds since 1970, `2026-11-25T14:00:00Z`. */
export function startTime(text: string): number {
  const epochMs = /^\d{13}$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isFinite(epochMs))
    throw new InvalidArgumentError(
      'It must be milliseconds since 1970, or a time like 2026-11-25T14:00:00Z.',
    );
  return epochMs;
}

/** `key=value`; may be given several times. */
export function tag(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const match = /^([A-Za-z_][\w.-]*)=(.*)$/.exec(text);
  if (!match) throw new InvalidArgumentError('It must be key=value, and the key begin with a letter.');
  const [, key = '', value = ''] = match;
  return { ...before, [key]: value };
}

/** `p50,p95`: figures that make the verdict of a comparison. */
export function figures(text: string): DecidingFigure[] {
  return text.split(',').map((name) => {
    const known = decidingFigures.find((one) => one === name.trim());
    if (!known) throw new InvalidArgumentError(`It must be some of ${decidingFigures.join(',')}.`);
    return known;
  });
}

export const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];
