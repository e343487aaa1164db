// A program: what ten thresholds over windows of 30 s cost the generator's main thread each second, at 1400 requests/s to 12
// endpoints. Prints the median CPU time in ms: npx nx run load-runner:threshold-cost

import type { Delta } from '../engine/delta.js';
import type { Recorder } from '../engine/recorder.js';

const built = (path: string): string => new URL(`../../dist/${path}`, import.meta.url).href;
const { ThresholdWatch } = (await import(
  built('analysis/threshold-watch.js')
)) as typeof import('../analysis/threshold-watch.js');
const { Exchange } = (await import(built('engine/exchange.js'))) as typeof import('../engine/exchange.js');
const recorders = (await import(built('engine/recorder.js'))) as typeof import('../engine/recorder.js');
const { Timeline } = (await import(built('engine/timeline.js'))) as typeof import('../engine/timeline.js');
const { parseProfile } = (await import(
  built('profiles/profile-file.js')
)) as typeof import('../profiles/profile-file.js');
const { endpoints } = (await import(built('users/endpoint.js'))) as typeof import('../users/endpoint.js');
const { Random } = (await import(built('users/random.js'))) as typeof import('../users/random.js');

const requestsPerSecond = 1400;
const seconds = 120;
const windowSeconds = 30;
const profile = parseProfile(
  `name: ten-windows
stages: [{ users: 1000, hold: 10m }]
thinkTime: 700ms
thresholds:
${[
  ['http_req_duration', 'med<500'],
  ['http_req_duration{expected_response:true}', 'p(99)<900'],
  ['http_req_duration{name:login}', 'p(95)<900'],
  ['http_req_response', 'p(95)<900'],
  ['http_req_response{method:GET}', 'p(99)<900'],
  ['http_req_waiting', 'p(95)<900'],
  ['http_req_failed', 'rate<0.5'],
  ['http_reqs', 'rate>100'],
  ['http_reqs{status:503}', 'count<9000'],
  ['checks', 'rate>0.5'],
]
  .map(([selector, text]) => `  '${selector}': [{ threshold: '${text}', window: ${windowSeconds}s }]`)
  .join('\n')}`,
  'ten-windows.yaml',
);

/** Log-normal times around 20 ms, so that hundreds of buckets are filled, as in a real second. */
function busySecond(recorder: Recorder, second: number, random: () => number): Delta {
  for (let count = 0; count < requestsPerSecond; count++) {
    const endpoint = endpoints[2 + (count % 12)];
    if (!endpoint) throw new Error('there are fewer endpoints than that');
    const exchange = new Exchange();
    exchange.begin({ endpoint, path: '/', headers: '', alsoExpected: [], think: true }, 0);
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const ms = 20 * Math.exp(0.9 * normal);
    Object.assign(exchange, { startedAt: 0.2, sentAt: 0.3, flushedAt: 0.4, firstByteAt: 0.4 + ms * 0.9 });
    exchange.receiveHead(random() < 0.01 ? 503 : endpoint.okStatus, []);
    exchange.end('answered', 0.4 + ms);
    recorder.settled(exchange);
    recorder.check('answers in full', true);
  }
  const health = { loopDelayP99Ms: 1, loopDelayMaxMs: 2, loopUtilization: 0.1, cpu: 0.1 };
  return { worker: 0, second, users: 1000, inFlight: 30, queued: 0, ...recorder.drain(), health };
}

const recorder = new recorders.Recorder(10_000, 1);
const random = new Random(7).uniform;
const watch = new ThresholdWatch(profile);
const costsMs: number[] = [];
const timeline = new Timeline(profile, 1, (figures, deltas) => {
  const before = process.threadCpuUsage();
  watch.second(figures, deltas, timeline);
  const { user, system } = process.threadCpuUsage(before);
  costsMs.push((user + system) / 1000);
});
for (let second = 0; second < seconds; second++) timeline.add(busySecond(recorder, second, random));
if (!watch.lamps.every(({ ok }) => ok)) throw new Error('a threshold was not read, so it cost nothing');
// From the first full window on, and after the compiler is warm.
const settled = costsMs.slice(2 * windowSeconds).sort((a, b) => a - b);
process.stdout.write(`${settled[settled.length >> 1]}\n`);
