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

/** While the run goes on its latest second, afterwards the whole of it. */
export function showTiles({ total, model }, { latest, dropped, over }) {
  const failed = total?.failed ?? 0;
  const requests = total?.requests ?? 0;
  const answered = over ? requests > 0 : latest.maxMs > 0;
  const time = (value) => (answered ? ms(value) : '–');
  const now = over && total ? atTheEnd(total) : latest;
  definitions(element('tiles'), [
    ...loadTiles(model, now, { dropped, over }),
    ['Failures', perSecond(now.failed), now.failed > 0 ? 'bad' : ''],
    ['Failed share', requests === 0 ? '–' : percent(failed / requests), failed > 0 ? 'bad' : 'good'],
    [over ? 'Median' : 'Median now', time(now.p50Ms)],
    [over ? 'p95' : 'p95 now', time(now.p95Ms)],
    [over ? 'p99' : 'p99 now', time(now.p99Ms)],
    ['All requests', count(requests)],
    ...(over ? [] : [['In flight', count(latest.inFlight)]]),
  ]);
}

const atTheEnd = ({ totalPerSecond, totalFailuresPerSecond, medianMs, p95Ms, p99Ms }) => ({
  ...{ requests: totalPerSecond, failed: totalFailuresPerSecond },
  ...{ p50Ms: medianMs, p95Ms, p99Ms },
});

function loadTiles(model, now, { dropped, over }) {
  const achieved = [model === 'open' ? 'Achieved' : 'Requests', perSecond(now.requests)];
  const lost = ['Dropped', count(dropped), dropped > 0 ? 'bad' : ''];
  if (over) return model === 'open' ? [achieved, lost] : [achieved];
  if (model !== 'open') return [[model === 'flood' ? 'Connections' : 'Users', count(now.users)], achieved];
  return [
    ['Offered', perSecond(now.offered)],
    achieved,
    lost,
    ['Queue', count(now.queued), now.queued > 0 ? 'warn' : ''],
  ];
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
  true: ['holds', '✓', 'good'],
  false: ['failing', '✗', 'bad'],
  null: ['no data yet', '·', 'none'],
};

const lampWordsAfter = { true: 'held', false: 'failed', null: 'no data' };

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
    write(state, over ? (lampWordsAfter[threshold.ok] ?? words) : words);
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

/** The latest first. */
export function showNotes(notes) {
  element('happened').hidden = notes.length === 0;
  const list = element('notes');
  [...notes].reverse().forEach((note, index) => {
    write(list.children[index] ?? list.appendChild(make('li', '')), note);
  });
  while (list.children.length > notes.length) list.lastChild.remove();
}
