// The two forms: a new test, and the change of a running one. The server checks; what it refuses stands beside its field.

import { clock, element, levelUnit, say, write } from './live-words.js';

const form = element('form');
const editForm = element('edit-form');
let settings = { profiles: [], host: '' };

const chosen = () => settings.profiles.find(({ name }) => name === form.elements.profile.value);

/** A profile of users has no rate, an open one no users: what does not belong is neither shown nor sent. */
function fitTo(target, model) {
  for (const field of target.querySelectorAll('[data-for]')) {
    const fits = (field.dataset.for === 'rate') === (model === 'open');
    field.hidden = !fits;
    field.querySelector('input').disabled = !fits;
  }
}

function proposeProfile() {
  const profile = chosen();
  if (!profile) return;
  const { model, stages, description } = profile;
  fitTo(form, model);
  const seconds = stages.reduce((sum, stage) => sum + stage.rampMs + stage.holdMs, 0) / 1000;
  const peak = Math.max(...stages.map((stage) => stage.level));
  for (const name of ['user_count', 'rate']) form.elements[name].placeholder = peak;
  form.elements.run_time.placeholder = `${seconds}s`;
  write(element('spawn-unit'), model === 'open' ? 'requests/s each second' : `${levelUnit(model)}/s`);
  const shape =
    stages.length === 1
      ? ''
      : ` ${stages.length} stages, up to ${peak} ${levelUnit(model)}, ${clock(seconds)}.`;
  write(element('description'), `${description}${shape}`);
}

function complain(target, fields) {
  for (const input of target.querySelectorAll('input, select')) {
    const complaint = fields[input.name];
    const id = `${input.id}-complaint`;
    document.getElementById(id)?.remove();
    input.toggleAttribute('aria-invalid', Boolean(complaint));
    if (!complaint) {
      input.removeAttribute('aria-invalid');
      input.removeAttribute('aria-describedby');
      continue;
    }
    const note = Object.assign(document.createElement('p'), { id, className: 'complaint' });
    note.textContent = complaint;
    input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-describedby', id);
    input.after(note);
  }
  const first = target.querySelector('[aria-invalid]');
  first?.closest('details')?.setAttribute('open', '');
  first?.focus();
}

/** Asks the server to do something; true when it did. */
export async function send(path, target) {
  const body = target && new URLSearchParams(new FormData(target));
  try {
    const response = await fetch(path, { method: 'POST', body });
    const isJson = response.headers.get('content-type')?.includes('json');
    const answer = isJson ? await response.json() : { success: response.ok };
    const fields = answer.fields ?? {};
    if (target) complain(target, fields);
    say('problem', answer.success || Object.keys(fields).length > 0 ? '' : answer.message);
    return answer.success;
  } catch {
    say('problem', 'The load runner does not answer; is it still running?');
    return false;
  }
}

async function apply(event) {
  event.preventDefault();
  write(element('applied'), '');
  if (await send('/swarm', editForm)) write(element('applied'), 'Changed.');
}

/** The form of a running test follows the run, unless somebody is about to change it. */
export function followRun(run) {
  fitTo(editForm, run.model);
  const input = editForm.elements[run.model === 'open' ? 'rate' : 'user_count'];
  const phase = run.phases.find(({ toMs }) => run.elapsedMs < toMs);
  if (phase) input.placeholder = phase.level;
}

export async function prepareForms({ onStarted }) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (await send('/swarm', form)) onStarted();
  });
  editForm.addEventListener('submit', apply);
  form.elements.profile.addEventListener('change', proposeProfile);
  settings = await (await fetch('/settings')).json();
  for (const { name } of settings.profiles)
    form.elements.profile.add(new Option(name, name, name === 'smoke', name === 'smoke'));
  form.elements.host.value = settings.host;
  proposeProfile();
}
