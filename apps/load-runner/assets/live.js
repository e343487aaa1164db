// The live page: sends the form, and shows each second as the server tells it.
'use strict';

(() => {
  const element = (id) => document.getElementById(id);
  const form = element('form');
  const columns = ['second', 'users', 'requests', 'failed', 'p50Ms', 'p95Ms', 'p99Ms', 'loopDelayP99Ms'];
  const empty = () => Object.fromEntries(columns.map((name) => [name, []]));

  let data = empty();
  let drawn;
  let settings;

  const ms = (value) =>
    value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${value.toFixed(value < 10 ? 2 : 0)} ms`;
  const count = (value) => Math.round(value).toLocaleString('en');
  const clock = (milliseconds) => {
    const seconds = Math.round(milliseconds / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  };
  const text = (id, value) => (element(id).textContent = value);

  /** Text only ever becomes text: nothing a server answered can become markup here. */
  const row = (cells) => {
    const tr = document.createElement('tr');
    for (const { value, className = '', small } of cells) {
      const td = document.createElement('td');
      td.className = className;
      td.append(value);
      if (small) {
        const note = document.createElement('small');
        note.textContent = small;
        td.append(document.createElement('br'), note);
      }
      tr.append(td);
    }
    return tr;
  };

  const stageSeconds = (stages) => stages.reduce((sum, stage) => sum + stage.rampMs + stage.holdMs, 0) / 1000;

  function proposeProfile() {
    const chosen = settings.profiles.find((profile) => profile.name === form.elements.profile.value);
    if (!chosen) return;
    text('description', chosen.description);
    form.elements.user_count.placeholder = Math.max(...chosen.stages.map((stage) => stage.level));
    form.elements.run_time.placeholder = `${stageSeconds(chosen.stages)}s`;
  }

  async function loadSettings() {
    settings = await (await fetch('/settings')).json();
    for (const { name } of settings.profiles)
      form.elements.profile.add(new Option(name, name, name === 'smoke', name === 'smoke'));
    form.elements.host.value = settings.host;
    proposeProfile();
  }

  async function send(path, body) {
    const response = await fetch(path, { method: 'POST', body });
    const answer = await response.json();
    text('problem', answer.success ? '' : answer.message);
  }

  function showState(status) {
    const busy = status.state !== 'ready' && status.state !== 'stopped';
    const badge = element('state');
    badge.textContent = status.state;
    badge.className = `badge ${status.state}`;
    element('start').disabled = busy;
    element('stop').disabled = !busy || status.state === 'stopping';
    if (status.problem) text('problem', status.problem);
    if (status.profile) text('subtitle', `${status.profile} against ${status.target}`);
    element('live').hidden = data.second.length === 0;
    showFinished(status.report);
  }

  function showFinished(report) {
    const box = element('finished');
    box.hidden = !report;
    if (!report) return;
    box.className = `card verdict ${report.outcome}`;
    const outcome = document.createElement('strong');
    outcome.textContent = report.outcome[0].toUpperCase() + report.outcome.slice(1);
    const reasons = document.createElement('ul');
    for (const reason of report.reasons) {
      const item = document.createElement('li');
      item.textContent = reason;
      reasons.append(item);
    }
    const links = document.createElement('p');
    for (const [label, file] of [
      ['Open the report', 'report.html'],
      ['run.json', 'run.json'],
      ['CSV', 'locust_stats.csv'],
      ['time series', 'timeseries.ndjson'],
    ]) {
      const link = document.createElement('a');
      link.href = `/reports/${encodeURIComponent(report.id)}/${file}`;
      link.textContent = label;
      links.append(link, ' · ');
    }
    links.lastChild.remove();
    box.replaceChildren(outcome, reasons, links);
  }

  function showFigures(status, latest) {
    text('time', `${clock(status.elapsedMs)} / ${clock(status.totalMs)}`);
    text('users', count(latest.users));
    text('rps', count(latest.requests));
    text('p50', ms(latest.p50Ms));
    text('p95', ms(latest.p95Ms));
    text('loop', ms(latest.loopDelayP99Ms));
    const requests = status.endpoints.reduce((sum, one) => sum + one.requests, 0);
    const failed = status.endpoints.reduce((sum, one) => sum + one.failed, 0);
    text('failed', requests === 0 ? '0 %' : `${((failed / requests) * 100).toFixed(2)} %`);
    element('failed').className = failed > 0 ? 'bad' : 'good';
    element('endpoints').replaceChildren(
      ...status.endpoints.map((one) =>
        row([
          { value: one.name, small: `${one.method} ${one.path}` },
          { value: count(one.requests) },
          { value: count(one.requestsPerSecond) },
          { value: count(one.failed), className: one.failed > 0 ? 'bad' : '' },
          { value: ms(one.medianMs) },
          { value: ms(one.p95Ms) },
          { value: ms(one.p99Ms) },
          { value: ms(one.maxMs) },
        ]),
      ),
    );
    element('failures').hidden = status.errors.length === 0;
    element('errors').replaceChildren(
      ...status.errors.map((one) =>
        row([
          { value: `${one.method} ${one.path}` },
          { value: one.reason, className: 'text wrap' },
          { value: count(one.count) },
        ]),
      ),
    );
  }

  function take({ status, from, seconds }) {
    if (from === 0) data = empty();
    for (const second of seconds) {
      // A second without an answer is a gap in the latencies, not a zero.
      const answered = second.maxMs > 0;
      for (const name of columns) data[name].push(answered || !/^p\d/.test(name) ? second[name] : null);
    }
    showState(status);
    const latest = seconds.at(-1);
    if (latest) showFigures(status, latest);
    if (data.second.length === 0) return;
    if (drawn) drawn.update(data);
    else drawn = charts.drawAll(data, 0);
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send('/swarm', new URLSearchParams(new FormData(form)));
  });
  form.elements.profile.addEventListener('change', proposeProfile);
  element('stop').addEventListener('click', () => void send('/stop'));
  void loadSettings();
  const events = new EventSource('/events');
  events.onmessage = (event) => take(JSON.parse(event.data));
  events.onerror = () => text('problem', 'The load runner does not answer any more; is it still running?');
  events.onopen = () => text('problem', '');
})();
