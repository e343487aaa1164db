// @ts-check
// Three kinds of users side by side, 100, then 500, then 1000 of them.
//
//   k6 run k6-load-test.js
//   k6 run -e BASE_URL=http://localhost:9000 k6-load-test.js
//   k6 run --stage 1m:100,30s:1000,1m:100,30s:1000 k6-load-test.js     a spike; users choose a journey by weight

import {
  browse as browseCourses,
  degrees as compareDegrees,
  discover,
  student as study,
} from './journeys.js';
import { visit, weights } from './journeys.js';

/**
 * @param {keyof typeof weights} kind
 * @returns {import('k6/options').Scenario}
 */
function scenario(kind) {
  const share = weights[kind] / (weights.browse + weights.degrees + weights.student);
  const users = (/** @type {number} */ all) => Math.round(all * share);
  return {
    executor: 'ramping-vus',
    exec: kind,
    startVUs: 0,
    stages: [100, 500, 1000].flatMap((all) => [
      { duration: '30s', target: users(all) },
      { duration: '2m', target: users(all) },
    ]),
    gracefulRampDown: '10s',
    gracefulStop: '10s',
  };
}

/** @type {import('k6/options').Options} */
export const options = {
  scenarios: { browse: scenario('browse'), degrees: scenario('degrees'), student: scenario('student') },
  thresholds: {
    http_req_failed: ['rate<0.05'],
    http_req_duration: ['med<500', 'p(95)<2000', 'p(99)<5000'],
    'http_req_duration{name:login}': ['p(95)<3000'],
    checks: ['rate>0.95'],
  },
};

/** @typedef {import('./journeys.js').Catalogue} Catalogue */

export const setup = discover;
export const browse = (/** @type {Catalogue} */ catalogue) => browseCourses(catalogue);
export const degrees = (/** @type {Catalogue} */ catalogue) => compareDegrees(catalogue);
export const student = (/** @type {Catalogue} */ catalogue) => study(catalogue);

/** Where the command line says how many users there are, the scenarios do not count, and this is what they do. */
export default (/** @type {Catalogue} */ catalogue) => visit(catalogue);
