// What goes along with a run found out, as tables of text: terminal and pull request show the same.

import type { RunRecord } from '../analysis/record.js';
import { formatDuration } from '../profiles/duration.js';
import { formatBytes, formatCount, formatMs, formatPercent } from './format.js';

export interface TextTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Only what there is; the order is the report's. */
export const findingsTables = (record: RunRecord): TextTable[] =>
  [knee, faults, sessions, bottlenecks, leaks, audit].flatMap((table) => {
    const made = table(record);
    return made && made.rows.length > 0 ? [made] : [];
  });

type CreateTable = (record: RunRecord) => TextTable | undefined;

const knee: CreateTable = ({ knee: found }) =>
  found && {
    title: `Knee: ${found.explanation}`,
    head: ['offered', 'achieved', 'p95', 'failed', 'verdict'],
    rows: found.steps.map((step) => [
      `${formatCount(step.offeredPerSecond)}/s`,
      `${formatCount(step.achievedPerSecond, 1)}/s`,
      formatMs(step.p95Ms),
      formatPercent(step.failedShare),
      step.sustainable ? 'sustainable' : step.reason,
    ]),
  };

const faults: CreateTable = ({ faults: all }) =>
  all && {
    title: 'Faults',
    head: ['fault', 'at', 'errors', 'answers lost', 'p95', 'recovered', 'verdict'],
    rows: all.map((fault) => [
      `${fault.action} ${fault.part}`,
      formatDuration(fault.atSecond * 1000),
      formatCount(Object.values(fault.errors).reduce((sum, count) => sum + count, 0)),
      formatCount(fault.goodputLost),
      formatMs(fault.p95Ms),
      fault.recoverySeconds === null ? 'never' : `${fault.recoverySeconds} s`,
      fault.verdict,
    ]),
  };

const sessions: CreateTable = ({ sessions: found }) =>
  found && {
    title: 'Sessions',
    head: ['wanted', 'live before', 'live after', 'used', 'in Redis', 'generator'],
    rows: [
      [
        formatCount(found.wanted),
        formatCount(found.liveBefore),
        formatCount(found.liveAfter),
        formatCount(found.used),
        `${formatBytes(found.redisBytes)}, ${formatCount(found.redisBytesPerSession)} B each`,
        formatBytes(found.generatorBytes),
      ],
    ],
  };

/** More than these do not limit anything. */
const shownBottlenecks = 5;

const bottlenecks: CreateTable = ({ system }) =>
  system && {
    title: 'What saturated first',
    head: ['resource', 'busy', 'saturated at', 'signs'],
    rows: system.bottlenecks
      .slice(0, shownBottlenecks)
      .map(({ resource, utilisation, saturatedAtSecond, signs }) => [
        resource,
        formatPercent(utilisation),
        saturatedAtSecond === null ? 'never' : formatDuration(saturatedAtSecond * 1000),
        signs[0] ?? '',
      ]),
  };

const leaks: CreateTable = ({ leaks: all }) =>
  all && {
    title: 'Growth',
    head: ['series', 'an hour', '95 % interval', 'verdict'],
    rows: all.map(({ part, metric, growthPerHour, low, high, leaking }) => [
      `${part} ${metric}`,
      formatPercent(growthPerHour),
      `${formatPercent(low)} to ${formatPercent(high)}`,
      leaking ? 'leaks' : 'does not leak',
    ]),
  };

const audit: CreateTable = ({ audit: all }) =>
  all && {
    title: 'Audit after the run',
    head: ['promise', 'examined', 'broken', 'for example'],
    rows: all.map(({ name, examined, violations, examples }) => [
      name,
      formatCount(examined),
      formatCount(violations),
      examples[0] ?? '',
    ]),
  };
