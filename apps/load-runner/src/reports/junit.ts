// junit.xml: each threshold as a test case, so that any CI shows which one failed.

import { describeThreshold, thresholdName } from '../analysis/verdict.js';
import type { Report } from './run.js';

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export const junit: Report = ({ record }) => {
  const suite = `load-runner.${record.profile.name}`;
  const seconds = (record.durationMs / 1000).toFixed(3);
  const cases = [
    ...record.thresholds.map((threshold) => ({
      name: thresholdName(threshold),
      failure: threshold.ok ? undefined : describeThreshold(threshold),
    })),
    {
      name: 'the generator kept up',
      failure: record.generator.valid ? undefined : record.generator.explanation,
    },
  ];
  const failures = cases.filter((one) => one.failure !== undefined).length;
  const lines = cases.map(({ name, failure }) =>
    failure === undefined
      ? `    <testcase classname="${suite}" name="${escape(name)}" time="0"/>`
      : `    <testcase classname="${suite}" name="${escape(name)}" time="0"><failure message="${escape(failure)}"/></testcase>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${cases.length}" failures="${failures}" time="${seconds}">`,
    `  <testsuite name="${suite}" tests="${cases.length}" failures="${failures}" time="${seconds}" timestamp="${record.startedAt}">`,
    ...lines,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
};
