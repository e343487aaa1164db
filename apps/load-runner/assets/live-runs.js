// What can be taken away: files of this run, and the runs before it.

import { bytes, count, element, link, make, outcomeWords } from './live-words.js';

const address = (id, file) => `/reports/${encodeURIComponent(id)}/${encodeURIComponent(file)}`;

/** Of a run under way, as far as it has come. */
const soFar = [
  ['Report as it stands', '/stats/report'],
  ['Requests (CSV)', '/stats/requests/csv'],
  ['History (CSV)', '/stats/requests_full_history/csv'],
  ['Failures (CSV)', '/stats/failures/csv'],
  ['Exceptions (CSV)', '/exceptions/csv'],
];

export function showDownloads() {
  element('downloads').replaceChildren(...soFar.map(([label, href]) => make('li', '', link(label, href))));
}

export function showVerdict(report) {
  const box = element('finished');
  box.hidden = !report;
  if (!report || box.dataset.run === report.id) return;
  box.dataset.run = report.id;
  box.className = `card verdict ${report.outcome}`;
  const reasons = report.reasons.map((reason) => make('li', '', reason));
  const open = link('Open the report', address(report.id, 'report.html'));
  open.className = 'button';
  open.id = 'open-report';
  box.replaceChildren(
    make('strong', '', outcomeWords[report.outcome] ?? report.outcome),
    make('ul', '', ...reasons),
    make('p', 'open', open),
  );
}

function runItem(run, isLatest) {
  const when = run.startedAt.slice(0, 19).replace('T', ' ');
  const head = make(
    'summary',
    '',
    make('span', `badge ${run.outcome}`, outcomeWords[run.outcome]?.split(':')[0] ?? run.outcome),
    make('b', '', run.profile),
    make('span', 'hint', `${when} UTC`),
    make('span', 'hint', `${count(run.requests)} requests`),
  );
  const files = run.files.map(({ name, bytes: size }) => {
    const page = name.endsWith('.html');
    const href = address(run.id, name) + (page ? '' : '?download=1');
    return make('li', '', link(name, href), make('small', '', ` ${bytes(size)}`));
  });
  const item = make('details', '', head, make('ul', 'downloads', ...files));
  item.open = isLatest;
  return make('li', '', item);
}

/** The run that has just ended comes first and open: its files are what is wanted now. */
export async function showRuns(finishedId) {
  const runs = await (await fetch('/runs')).json();
  element('earlier').hidden = runs.length === 0;
  element('earlier-title').textContent = finishedId ? 'This run and earlier ones' : 'Earlier runs';
  element('runs').replaceChildren(...runs.map((run) => runItem(run, run.id === finishedId)));
}
