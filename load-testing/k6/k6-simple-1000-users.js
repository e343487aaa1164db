// @ts-check
// So many users, who all choose a journey by weight.
//
//   k6 run k6-simple-1000-users.js                                                1000 users for five minutes
//   k6 run --vus 10 --duration 1m -e TARGET=smoke k6-simple-1000-users.js         not one error, p95 < 500 ms
//   k6 run --vus 100 --duration 5m -e TARGET=load k6-simple-1000-users.js         < 1 % errors, p95 < 1000 ms
//   k6 run --vus 500 --duration 5m -e TARGET=stress k6-simple-1000-users.js       < 3 % errors, p95 < 2000 ms
//   k6 run --vus 1000 --duration 10m k6-simple-1000-users.js                      < 5 % errors, p95 < 3000 ms

import { discover, visit } from './journeys.js';

/** @type {Record<string, { failed: string, duration: string }>} */
const targets = {
  smoke: { failed: 'rate==0', duration: 'p(95)<500' },
  load: { failed: 'rate<0.01', duration: 'p(95)<1000' },
  stress: { failed: 'rate<0.03', duration: 'p(95)<2000' },
  peak: { failed: 'rate<0.05', duration: 'p(95)<3000' },
};
const target = targets[__ENV.TARGET || 'peak'];
if (!target) throw new Error(`TARGET is one of ${Object.keys(targets).join(', ')}`);

/** @type {import('k6/options').Options} */
export const options = {
  vus: 1000,
  duration: '5m',
  thresholds: {
    http_req_failed: [target.failed],
    http_req_duration: [target.duration],
    checks: ['rate>0.95'],
  },
};

export const setup = discover;

export default (/** @type {import('./journeys.js').Catalogue} */ catalogue) => visit(catalogue);
