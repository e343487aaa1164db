// The live page: shows each second as the server tells it, and steers the run.

import { followRun, prepareForms, send } from './live-form.js';
import { showGenerator, showNotes, showStages, showThresholds, showTiles } from './live-figures.js';
import { showDownloads, showRuns, showVerdict } from './live-runs.js';
import { showEndpoints, showFailures } from './live-tables.js';
import { clock, count, element, say, stateWords, write } from './live-words.js';

/** What the charts draw of a second. */
const columns = [
  ...['second', 'users', 'inFlight', 'requests', 'failed', 'p50Ms', 'p95Ms', 'p99Ms'],
  ...['offered', 'started', 'dropped', 'queued', 'responseP95Ms', 'loopDelayP99Ms'],
];
const empty = () => Object.fromEntries(columns.map((name) => [name, []]));

charts.kinds.throughput = {
  title: 'Requests and failures per second',
  series: [
    { key: 'requests', label: 'requests/s', colour: '--series-1', scale: 'y', value: count },
    { key: 'failed', label: 'failures/s', colour: '--series-bad', scale: 'y', value: count },
  ],
  axes: { y: 'requests/s' },
  format: count,
};
charts.kinds.users = {
  title: 'Users',
  series: [
    { key: 'users', label: 'users', colour: '--series-1', area: true, scale: 'y', value: count },
    { key: 'inFlight', label: 'requests in flight', colour: '--series-3', scale: 'y', value: count },
  ],
  axes: { y: 'users' },
  format: count,
};

/** What a series of `users` counts in each model. */
const levelHolders = { closed: 'users', open: 'connections', flood: 'connections' };

const loadTitles = {
  closed: 'Users and requests in flight',
  open: 'Connections in use',
  flood: 'Connections and requests in flight',
};

let data = empty();
let dropped = 0;
let latest;
let drawn;
/** What the charts were drawn for; another kind of run needs others. */
let drawnFor;
let status = { state: 'ready', run: null, report: null, notice: null, problem: null };
/** Somebody asked for a new test while the figures of the last one are still there. */
let composing = false;

function add(second) {
  // A second without an answer is a gap in the latencies, not a zero.
  const answered = second.maxMs > 0;
  for (const name of columns) {
    const isTime = /^(p\d|response)/.test(name);
    data[name].push(answered || !isTime ? second[name] : null);
  }
  dropped += second.dropped;
  latest = second;
}

function draw(run) {
  for (const card of document.querySelectorAll('[data-model]'))
    card.hidden = card.dataset.model !== run.model;
  const wanted = `${run.model} ${run.warmupMs}`;
  if (drawn && drawnFor === wanted) return drawn.update(data);
  drawn?.destroy();
  charts.kinds.users.series[0].label = levelHolders[run.model];
  drawn = charts.drawAll(data, run.warmupMs / 1000);
  drawn.update(data);
  drawnFor = wanted;
}

const isOver = ({ state }) => state === 'ready' || state === 'stopped';

/** Which parts of the page make sense now. */
function arrange() {
  const { state, run, report } = status;
  const over = isOver(status);
  const hasFigures = data.second.length > 0;
  element('setup').hidden = !over || (hasFigures && !composing);
  element('edit').hidden = !run?.editable || (state !== 'running' && state !== 'spawning');
  element('figures').hidden = !hasFigures;
  element('stop').hidden = over;
  // Not `disabled`: who pressed it with the keyboard would lose the place.
  element('stop').setAttribute('aria-disabled', String(state === 'stopping'));
  element('reset').hidden = over || !hasFigures;
  element('new').hidden = !over || !hasFigures || composing;
  showVerdict(over && !composing ? report : null);
  const badge = element('state');
  write(badge, stateWords[state]);
  badge.className = `badge ${state}`;
  write(element('subject'), run && !composing ? `${run.profile} → ${run.target} · seed ${run.seed}` : '');
  const passed = run && hasFigures ? `${clock(run.elapsedMs / 1000)} / ${clock(run.totalMs / 1000)}` : '';
  write(element('clock'), composing ? '' : passed);
  document.title = `${over ? '' : `${stateWords[state]} · `}Load runner · Degree Flowchart`;
}

/** Said aloud once for each change of state, not for each second. */
function announce(before) {
  if (before === status.state) return;
  const { run, report } = status;
  const planned = run ? `: ${run.profile} against ${run.target}` : '';
  const verdict = report ? `: ${report.outcome}. ${report.reasons.join(' ')}` : '';
  write(
    element('announcement'),
    `${stateWords[status.state]}${status.state === 'stopped' ? verdict : planned}`,
  );
}

/** Who started or stopped the run with the keyboard goes on where it makes sense, not at the top of the page. */
function keepFocus(focused) {
  if (!focused || focused === document.body || focused.offsetParent !== null) return;
  const next = isOver(status)
    ? (document.getElementById('open-report') ?? element(composing ? 'profile' : 'new'))
    : element('stop');
  next.focus();
}

function showRun() {
  const { run } = status;
  if (!run) return;
  const over = isOver(status);
  if (latest) showTiles(run, { latest, dropped, over });
  showStages(run, over);
  showThresholds(run.thresholds, over);
  showGenerator(run.generator);
  showNotes(run.notes);
  showEndpoints(run.endpoints, run.total);
  showFailures(run.errors);
  followRun(run);
  write(element('chart-users'), loadTitles[run.model]);
}

function take(event) {
  const before = status.state;
  const focused = document.activeElement;
  status = event.status;
  if (!isOver(status)) composing = false;
  if (event.from === 0) {
    data = empty();
    dropped = 0;
    latest = undefined;
  }
  for (const second of event.seconds) add(second);
  say('notice', status.notice);
  if (status.problem || !isOver(status)) say('problem', status.problem);
  arrange();
  showRun();
  if (data.second.length > 0) draw(status.run);
  announce(before);
  keepFocus(focused);
  if (before !== status.state && isOver(status)) void showRuns(status.report?.id);
}

function listen() {
  const events = new EventSource('/events');
  events.onmessage = (event) => take(JSON.parse(event.data));
  events.onerror = () =>
    say('lost', 'The connection to the load runner is lost; trying again. Figures stand still until then.');
  events.onopen = () => say('lost', '');
}

element('stop').addEventListener('click', () => {
  if (status.state !== 'stopping') void send('/stop');
});
element('reset').addEventListener('click', () => void send('/stats/reset'));
element('new').addEventListener('click', () => {
  composing = true;
  arrange();
  element('profile').focus();
  scrollTo({ top: 0 });
});
showDownloads();
await prepareForms({ onStarted: () => (composing = false) });
void showRuns();
listen();
