// @ts-check
// The journeys of the load-runner for k6: the same requests in the same order, with the same pauses, under the same names.

import { check, sleep } from 'k6';
import { Counter } from 'k6/metrics';
import http from 'k6/http';

/** @typedef {import('k6/http').RefinedResponse<'text'>} Answer */
/** @typedef {{ id: string, code: string, level: string, credits: number, terms: string[], free: boolean }} Course */
/**
 * @typedef {object} Catalogue
 * @property {Course[]} courses
 * @property {string[]} departments
 * @property {string[]} levels
 * @property {{ id: string, code: string }[]} degrees
 */
/** @typedef {{ term: string, courses: string[] }[]} Terms */

export const baseUrl = (__ENV.BASE_URL || 'http://127.0.0.1:9000').replace(/\/+$/, '');
/** Accounts student1..studentN exist; the smallest data set has as many. */
const students = Number(__ENV.STUDENTS || 10000);
/** Seeded demo accounts share it. */
const password = 'flowchart';

/** How often each journey is chosen, relative to the others. */
export const weights = { browse: 6, degrees: 2, student: 2 };

const discovery = { tags: { name: 'discovery' } };

/** Metrics of this test, as the load-runner counts them. */
const loginsRepeated = new Counter('logins_repeated');
const planConflicts = new Counter('plan_conflicts');

// What a virtual user remembers from one journey to the next: k6 loads this file once for each of them.
/** @type {Map<string, string>} */
const seen = new Map();
/** @type {{ username: string, token: string } | undefined} */
let session;

/**
 * Asks the system what it offers: no code and no id is written down here. For `setup`.
 * @returns {Catalogue}
 */
export function discover() {
  /** @type {any[]} */
  const items = [];
  let cursor = '';
  do {
    const { items: some, page } = json(http.get(`${baseUrl}/courses?limit=100${cursor}`, discovery));
    items.push(...some);
    cursor = page.next === null ? '' : `&cursor=${encodeURIComponent(page.next)}`;
  } while (cursor !== '');
  const degrees = json(http.get(`${baseUrl}/degrees?limit=100`, discovery)).items;
  if (items.length === 0 || degrees.length === 0) throw new Error(`${baseUrl} lists nothing: seed it first`);
  return {
    courses: items.map(({ id, code, level, credits, terms, prerequisites }) => ({
      ...{ id, code, level, credits, terms },
      free: prerequisites.length === 0,
    })),
    departments: distinct(items.map((course) => course.department)),
    levels: distinct(items.map((course) => course.level)),
    degrees: degrees.map((/** @type {any} */ { id, code }) => ({ id, code })),
  };
}

/**
 * Looking for courses: the list, a filter, the next page, a course by its code and by its id, what it requires.
 * @param {Catalogue} catalogue
 */
export function browse(catalogue) {
  const page = revisit('listCourses', '/courses');
  if (page.status === 200) expectThat(page, 'courses are listed', includes('"items":[{'));

  if (chance(0.5)) {
    const level = pick(catalogue.levels);
    filter('listCoursesByLevel', `/courses?level=${level}`, 'level', level);
  } else {
    const department = pick(catalogue.departments);
    const path = `/courses?department=${encodeURIComponent(department)}`;
    filter('listCoursesByDepartment', path, 'department', department);
  }
  if (chance(0.3)) turnThePage();
  openCourse(pick(catalogue.courses));
}

/**
 * @param {string} name
 * @param {string} path
 * @param {string} key
 * @param {string} value
 */
function filter(name, path, key, value) {
  const answer = revisit(name, path);
  if (answer.status !== 200) return;
  expectThat(answer, `only courses of the ${key} asked for`, (it) => {
    const items = json(it).items;
    return items.length > 0 && items.every((/** @type {any} */ course) => course[key] === value);
  });
}

function turnThePage() {
  const first = get('listCourses', '/courses');
  if (first.status !== 200) return;
  const { items, page } = json(first);
  if (page.next === null) return;
  const second = get('listCoursesNextPage', `/courses?cursor=${page.next}`);
  expectThat(
    second,
    'the next page goes on where the first ended',
    (it) => includes('"items":[{')(it) && !includes(`"code":"${items[0].code}"`)(it),
  );
}

/** @param {Course} course */
function openCourse({ id, code }) {
  const found = get('getCourseByCode', `/courses/code/${code}`);
  expectThat(found, 'the course of the code asked for', includes(`"code":"${code}"`));
  const same = get('getCourse', `/courses/${id}`);
  expectThat(same, 'the course of the id asked for', includes(`"code":"${code}"`, id));
  const dag = get('getPrerequisites', `/courses/${id}/prerequisites`);
  expectThat(dag, 'prerequisites of the course asked for', includes(`"code":"${code}"`, '"requires":['));
}

/**
 * Comparing degrees: the list, the Master of Computer Science or another, its requirements, constraints and flowchart.
 * @param {Catalogue} catalogue
 */
export function degrees(catalogue) {
  const page = revisit('listDegrees', '/degrees');
  if (page.status === 200) expectThat(page, 'degrees are listed', includes('"items":[{'));

  const favourite = catalogue.degrees.find((degree) => degree.code === 'MSCS');
  const { id, code } = favourite && chance(0.5) ? favourite : pick(catalogue.degrees);
  const degree = revisit('getDegreeByCode', `/degrees/code/${code}`);
  if (degree.status === 200)
    expectThat(degree, 'the degree of the code asked for', includes(`"code":"${code}"`));

  const ofDegree = `"degreeId":"${id}"`;
  for (const [name, part, start] of [
    ['getRequirements', 'requirements', '"requirements":['],
    ['getConstraints', 'constraints', '"constraints":['],
    ['getFlowchart', 'flowchart', '"layers":[['],
  ]) {
    const answer = get(name, `/degrees/${id}/${part}`);
    expectThat(answer, `${part} of the degree asked for`, includes(ofDegree, start));
  }
}

/**
 * A student at work: log in, look at profile, transcript and audit, change the plan, now and then log out.
 * @param {Catalogue} catalogue
 */
export function student(catalogue) {
  if (!session && !logIn()) return;
  const me = whoAmI();
  const record = me && study(me);
  if (record && chance(0.4)) changePlan(catalogue, me, record);
  if (session && chance(0.1)) {
    const { token } = session;
    session = undefined;
    request('logout', 'POST', '/auth/logout', { token, expected: [204] });
  }
}

function whoAmI() {
  const status = ask('getAuthStatus', '/auth/status');
  if (!status) return undefined;
  expectThat(status, 'the session is live', (it) => json(it).authenticated === true);
  const profile = ask('getProfile', '/students/me');
  if (!profile) return undefined;
  const me = json(profile);
  expectThat(profile, 'the profile is the student’s own', () => me.username === session?.username);
  return me;
}

/** @param {any} me */
function study(me) {
  const transcript = ask('getTranscript', '/students/me/transcript');
  if (!transcript) return undefined;
  const record = json(transcript);
  expectThat(
    transcript,
    'the transcript has entries and credits',
    () => Array.isArray(record.entries) && record.creditsEarned >= 0,
  );
  const audit = ask('getAudit', '/students/me/audit');
  if (!audit) return undefined;
  expectThat(audit, 'the audit is of the student’s degree', includes(`"code":"${me.degreeCode}"`));
  return record;
}

/**
 * Saves a small valid change. A second tab of the same student may save in between: read again and try once more.
 * @param {Catalogue} catalogue
 * @param {any} me
 * @param {any} record
 */
function changePlan(catalogue, me, record) {
  for (let attempt = 0; attempt < 2; attempt++) {
    const answer = ask('getPlan', '/students/me/plan');
    if (!answer) return;
    const plan = json(answer);
    const etag = header(answer, 'etag');
    expectThat(
      answer,
      'the plan has an ETag and is the student’s own',
      () => etag !== undefined && plan.studentId === me.id,
    );
    if (etag === undefined || !session) return;

    const terms = nextPlan(catalogue, me, record, plan);
    const saved = request('savePlan', 'PUT', '/students/me/plan', {
      token: session.token,
      headers: { 'If-Match': etag },
      body: { terms },
      expected: [200, 412],
    });
    if (saved.status !== 412) {
      if (saved.status === 200)
        expectThat(saved, 'the plan is saved as a new version', (it) => isSaved(it, plan, terms));
      return;
    }
    planConflicts.add(1);
  }
}

/**
 * Takes out what an earlier visit put in, so that plans do not grow without end; else puts in a course that needs no other.
 * @param {Catalogue} catalogue
 * @param {any} me
 * @param {any} record
 * @param {any} plan
 * @returns {Terms}
 */
function nextPlan(catalogue, me, record, plan) {
  /** @type {Terms} */
  const terms = plan.terms.map((/** @type {any} */ { term, courses }) => ({ term, courses }));
  const last = terms[terms.length - 1];
  const isFree = (/** @type {string} */ code) =>
    catalogue.courses.some((course) => course.code === code && course.free);
  if (last && last.courses.length === 1 && isFree(last.courses[0])) return terms.slice(0, -1);
  const taken = new Set(record.entries.map((/** @type {any} */ entry) => entry.code));
  for (const { courses } of terms) for (const code of courses) taken.add(code);
  const candidates = catalogue.courses.filter(
    (course) =>
      course.free &&
      course.level === me.level &&
      course.credits <= 4 &&
      course.terms.includes('FALL') &&
      !taken.has(course.code),
  );
  if (candidates.length === 0) return terms;
  const years = [...record.entries, ...terms].map(({ term }) => Number(term.slice(0, 4)));
  const year = Math.max(new Date().getFullYear(), ...years) + 1;
  return [...terms, { term: `${year}-FALL`, courses: [pick(candidates).code] }];
}

/**
 * @param {Answer} answer
 * @param {any} before
 * @param {Terms} terms
 */
function isSaved(answer, before, terms) {
  const after = json(answer);
  const codes = (/** @type {Terms} */ some) => some.map(({ courses }) => courses.join()).join();
  return (
    after.version > before.version &&
    (header(answer, 'etag') ?? '').includes(String(after.version)) &&
    codes(after.terms) === codes(terms)
  );
}

/** One journey, chosen by weight: what a user does who is of no kind. */
export function visit(/** @type {Catalogue} */ catalogue) {
  const all = weights.browse + weights.degrees + weights.student;
  const at = Math.random() * all;
  if (at < weights.browse) browse(catalogue);
  else if (at < weights.browse + weights.degrees) degrees(catalogue);
  else student(catalogue);
}

/** @param {string} [before] the same student again, if it has to be */
function logIn(before) {
  const username = before ?? `student${Math.floor(Math.random() * students) + 1}`;
  const answer = request('login', 'POST', '/auth/login', { body: { username, password } });
  if (answer.status !== 200) return false;
  const token = json(answer).accessToken;
  expectThat(answer, 'login gives a token', () => typeof token === 'string' && token.length > 0);
  if (token) session = { username, token };
  return session !== undefined;
}

/**
 * A read under the session's token. A dead session is noticed by its 401, and the same student logs in again, once.
 * @param {string} name
 * @param {string} path
 */
function ask(name, path) {
  /** @type {string | undefined} */
  let username;
  for (let attempt = 0; attempt < 2; attempt++) {
    if (!session && !logIn(username)) return undefined;
    const answer = request(name, 'GET', path, { token: session?.token });
    if (answer.status === 200) return answer;
    if (answer.status !== 401) return undefined;
    username = session?.username;
    session = undefined;
    loginsRepeated.add(1);
  }
  return undefined;
}

/**
 * @param {string} name
 * @param {string} path
 */
const get = (name, path) => request(name, 'GET', path);

/**
 * As a browser asks for a page it may still have: with the ETag of the last time, when there was one.
 * @param {string} name
 * @param {string} path
 */
function revisit(name, path) {
  const etag = seen.get(path);
  /** @type {Record<string, string>} */
  const headers = etag === undefined ? {} : { 'If-None-Match': etag };
  const answer = request(name, 'GET', path, { headers, expected: etag === undefined ? [200] : [200, 304] });
  const fresh = answer.status === 200 ? header(answer, 'etag') : undefined;
  if (fresh !== undefined) {
    // A browser's cache keeps more; these are all that recur.
    if (!seen.has(path) && seen.size >= 8) seen.clear();
    seen.set(path, fresh);
  }
  return answer;
}

/**
 * Thinks, then asks. What is not expected counts as failed.
 * @param {string} name
 * @param {'GET' | 'POST' | 'PUT'} method
 * @param {string} path
 * @param {{ token?: string, headers?: Record<string, string>, body?: object, expected?: number[] }} [options]
 * @returns {Answer}
 */
function request(name, method, path, { token, headers = {}, body, expected = [200] } = {}) {
  sleep(thinkSeconds());
  const answer = http.request(method, `${baseUrl}${path}`, body === undefined ? null : JSON.stringify(body), {
    headers: {
      Accept: 'application/json',
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    responseCallback: http.expectedStatuses(...expected),
    responseType: 'text',
    tags: { name },
    timeout: '10s',
  });
  check(answer, { 'status is as expected': (it) => expected.includes(it.status) });
  return answer;
}

/** Log-normal with a median of 600 ms and a p95 of 1500 ms: Box-Muller makes a normal number of two uniform ones. */
function thinkSeconds() {
  const normal = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  return 0.6 * Math.exp((Math.log(1500 / 600) / 1.6448536269514722) * normal);
}

/**
 * @param {Answer} answer
 * @param {string} name
 * @param {(answer: Answer) => boolean} holds
 */
function expectThat(answer, name, holds) {
  check(answer, { [name]: holds });
}

/** @returns {(answer: Answer) => boolean} */
const includes =
  (/** @type {string[]} */ ...texts) =>
  (answer) =>
    texts.every((text) => (answer.body ?? '').includes(text));

/** @returns {any} */
const json = (/** @type {{ json(): unknown }} */ answer) => answer.json();

/**
 * k6 writes header names as Go does (`Etag`); HTTP does not care.
 * @param {Answer} answer
 * @param {string} name
 * @returns {string | undefined}
 */
function header(answer, name) {
  const key = Object.keys(answer.headers).find((one) => one.toLowerCase() === name);
  return key === undefined ? undefined : answer.headers[key];
}

/**
 * @template T
 * @param {T[]} items
 */
const pick = (items) => items[Math.floor(Math.random() * items.length)];

const chance = (/** @type {number} */ probability) => Math.random() < probability;

/** @param {string[]} values */
const distinct = (values) => [...new Set(values)].sort();
