// How the live page writes numbers and names states; every number has its unit.

export const { ms, count, clock } = charts;

export const percent = (share) => `${Number((share * 100).toFixed(share > 0 && share < 0.01 ? 2 : 1))} %`;

export const perSecond = (value) => `${value < 10 ? Number(value.toFixed(1)) : count(value)}/s`;

export const bytes = (value) =>
  value < 1000
    ? `${Math.round(value)} B`
    : value < 1e6
      ? `${Number((value / 1000).toFixed(1))} kB`
      : `${Number((value / 1e6).toFixed(1))} MB`;

export const stateWords = {
  ready: 'Ready',
  preparing: 'Waiting for the target',
  spawning: 'Ramping',
  running: 'Running',
  stopping: 'Stopping',
  stopped: 'Finished',
};

export const outcomeWords = {
  passed: 'Passed',
  failed: 'Failed',
  interrupted: 'Stopped early',
  invalid: 'Invalid: the generator was the bottleneck',
};

/** What the levels of a run are levels of. */
export const levelUnit = (model) =>
  model === 'open' ? 'requests/s' : model === 'flood' ? 'connections' : 'users';

const timeMetric = /^(http_req_(duration|blocked|connecting|sending|waiting|receiving)|iteration_duration)/;

/** A threshold's measured value with the unit of its metric. */
export function measured({ metric, condition, actual }) {
  if (actual === undefined) return '';
  if (/^\s*rate/.test(condition) && /^(checks|http_req_failed)/.test(metric)) return percent(actual);
  if (timeMetric.test(metric)) return ms(actual);
  if (metric.startsWith('data_')) return bytes(actual);
  return String(Number(actual.toPrecision(4)));
}

export const element = (id) => document.getElementById(id);

/** Writes only what changed: what somebody has selected or focused stays. */
export function write(target, text) {
  if (target.textContent !== String(text)) target.textContent = text;
}

/** An element with text or elements in it. Text only ever becomes text: no answer of a server becomes markup here. */
export function make(tag, className, ...contents) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...contents);
  return made;
}

export function link(label, href) {
  const made = make('a', '', label);
  made.href = href;
  return made;
}

/** A message box that is there only while it has something to say. */
export function say(id, text) {
  const box = element(id);
  write(box, text ?? '');
  box.hidden = !text;
}
