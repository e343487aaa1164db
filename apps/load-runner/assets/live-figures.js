// What is going on right now: state, stages, tiles, lamps, and how the generator is doing.

import {
  bytes,
  clock,
  count,
  element,
  levelUnit,
  make,
  measured,
  ms,
  percent,
  perSecond,
  write,
} from './live-words.js';

/** Term and value; the elements stay, only their text changes. */
function definitions(list, facts) {
  facts.forEach(([name, value, tone = ''], index) => {
    const pair =
      list.children[index] ?? list.appendChild(make('div', 'tile', make('dt', ''), make('dd', '')));
    write(pair.firstChild, name);
    write(pair.lastChild, value);
    pair.lastChild.className = tone;
  });
  while (list.children.length > facts.length) list.lastChild.remove();
}

export function showTiles(run, latest, sums) {
  const { total, model } = run;
  const failed = total?.failed ?? 0;
  const requests = total?.requests ?? 0;
  const answered = latest.maxMs > 0;
  const time = (value) => (answered ? ms(value) : '–');
  const load =
    model === 'open'
      ? [
          ['Offered', perSecond(latest.offered ?? 0)],
          ['Achieved', perSecond(latest.requests)],
          ['Dropped', count(sums.dropped), sums.dropped > 0 ? 'bad' : ''],
          ['Queue', count(latest.queued ?? 0), latest.queued > 0 ? 'warn' : ''],
        ]
      : [
          [model === 'flood' ? 'Connections' : 'Users', count(latest.users)],
          ['Requests', perSecond(latest.requests)],
        ];
  definitions(element('tiles'), [
    ...load,
    ['Failures', perSecond(latest.failed), latest.failed > 0 ? 'bad' : ''],
    ['Failed in all', requests === 0 ? '–' : percent(failed / requests), failed > 0 ? 'bad' : 'good'],
    ['Median now', time(latest.p50Ms)],
    ['p95 now', time(latest.p95Ms)],
    ['p99 now', time(latest.p99Ms)],
    ['Requests in all', count(requests)],
    ['In flight', count(latest.inFlight)],
    ['Received', `${bytes(latest.bytesReceived)}/s`],
  ]);
}

export function showStages({ phases, elapsedMs, totalMs, model }, over) {
  const bar = element('stage-bar');
  const longestLevel = Math.max(1, ...phases.map(({ level }) => level));
  phases.forEach((phase, index) => {
    const item = bar.children[index] ?? bar.appendChild(make('li', '', make('i', ''), make('span', '')));
    const lengthMs = Math.max(1, phase.toMs - phase.fromMs);
    item.style.flexGrow = lengthMs;
    item.title = `${phase.level} ${levelUnit(model)}, ${clock(phase.fromMs / 1000)} to ${clock(phase.toMs / 1000)}`;
    item.style.setProperty('--height', `${Math.max(12, (phase.level / longestLevel) * 100)}%`);
    const done = Math.min(1, Math.max(0, (elapsedMs - phase.fromMs) / lengthMs));
    item.firstChild.style.width = `${done * 100}%`;
    write(item.lastChild, count(phase.level));
  });
  while (bar.children.length > phases.length) bar.lastChild.remove();
  const index = phases.findIndex(({ toMs }) => elapsedMs < toMs);
  write(element('stage-text'), stageWords({ phases, index, elapsedMs, totalMs, model }, over));
}

function stageWords({ phases, index, elapsedMs, totalMs, model }, over) {
  if (over) return `Ended after ${clock(elapsedMs / 1000)} of ${clock(totalMs / 1000)} planned.`;
  const phase = phases[index];
  if (!phase) return 'All stages are done: the last answers are awaited and the report is written.';
  const doing = elapsedMs < phase.steadyFromMs ? 'ramping to' : 'holding';
  const left = (untilMs) => clock((untilMs - elapsedMs) / 1000);
  return (
    `Stage ${index + 1} of ${phases.length}: ${doing} ${count(phase.level)} ${levelUnit(model)} · ` +
    `${left(phase.toMs)} left in the stage, ${left(totalMs)} in the run`
  );
}

const lampWords = {
  true: ['held', '✓', 'good'],
  false: ['failing', '✗', 'bad'],
  null: ['no data yet', '·', 'none'],
};

export function showThresholds(thresholds, over) {
  const list = element('lamps');
  thresholds.forEach((threshold, index) => {
    const item =
      list.children[index] ??
      list.appendChild(
        make('li', '', make('b', 'lamp'), make('code', ''), make('span', 'value'), make('small', '')),
      );
    const [words, sign, tone] = lampWords[threshold.ok];
    const [lamp, rule, value, state] = item.children;
    item.className = tone;
    write(lamp, sign);
    lamp.setAttribute('aria-hidden', 'true');
    const windowed = threshold.windowMs > 0 ? ` in each ${clock(threshold.windowMs / 1000)}` : '';
    write(rule, `${threshold.metric} ${threshold.condition}${windowed}`);
    write(value, measured(threshold));
    write(state, over && threshold.ok === false ? 'failed' : words);
  });
  while (list.children.length > thresholds.length) list.lastChild.remove();
  const failing = thresholds.filter(({ ok }) => ok === false).length;
  const summary = failing > 0 ? `${failing} of ${thresholds.length} failing` : `${thresholds.length} set`;
  write(element('thresholds-count'), thresholds.length === 0 ? 'none in this profile' : summary);
}

const levelWords = {
  good: ['keeps up', 'good'],
  near: ['near its limit', 'warn'],
  over: ['too slow', 'bad'],
};

export function showGenerator(generator) {
  if (!generator) return;
  const [words, tone] = levelWords[generator.level];
  const badge = element('generator-level');
  write(badge, words);
  badge.className = `badge ${tone}-badge`;
  write(element('generator-text'), generator.explanation);
  definitions(element('generator-facts'), [
    ['Event loop late', `${ms(generator.loopDelayMs)} (p99)`],
    ['Event loop busy', percent(generator.loopUtilization)],
    ['CPU', `${generator.cpu.toFixed(2)} of ${generator.cores} cores`],
    ['Workers', count(generator.workers)],
  ]);
}
