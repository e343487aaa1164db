import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { folders } from '../config.js';
import { parseProfile, readProfile } from './profile-file.js';
import { loadProfile, profileNames } from './profile-folder.js';
import { Schedule } from './schedule.js';
import { profileJsonSchema } from './schema.js';

const good = `name: mine
stages:
  - { users: 5, hold: 10s }
thinkTime: 1s
journeys: { browse: 1 }
`;

const complaint = (text: string): string => {
  try {
    parseProfile(text, 'mine.yaml');
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

describe('a profile', () => {
  it('is read with units in its names and defaults filled in', () => {
    expect(parseProfile(good, 'mine.yaml')).toMatchObject({
      stages: [{ level: 5, rampMs: 0, holdMs: 10_000 }],
      thinkTime: { distribution: 'constant', valueMs: 1000 },
      journeys: { browse: 1, degrees: 0, student: 0 },
      students: 10_000,
      timeoutMs: 10_000,
      thresholds: {},
    });
  });

  it.each([
    ['a stray key', good + 'treshold: {}\n', 'mine.yaml:6:1: unknown: treshold'],
    ['a wrong value', good.replace('users: 5', 'users: many'), 'mine.yaml:3:7: stages.0.users: '],
    [
      'a wrong duration',
      good.replace('hold: 10s', 'hold: 10 seconds'),
      'mine.yaml:3:17: stages.0.hold: must be a duration like',
    ],
    ['a missing part', good.replace('thinkTime: 1s\n', ''), 'mine.yaml:1:1: thinkTime: '],
    ['a stage without time', good.replace('hold: 10s', 'hold: 0s'), 'mine.yaml:3:5: stages.0: takes no time'],
    ['no weight', good.replace('browse: 1', 'browse: 0'), 'mine.yaml:5:1: journeys: all weights are 0'],
    [
      'an unknown journey',
      good.replace('browse: 1', 'brwose: 1'),
      'mine.yaml:5:13: journeys: unknown: brwose',
    ],
    [
      'an unknown metric',
      good + 'thresholds:\n  http_req_speed: p(95)<5\n',
      'mine.yaml:7:3: thresholds.http_req_speed: there is no metric',
    ],
    [
      'a wrong condition',
      good + 'thresholds:\n  http_reqs: [count>1, p(95)<5]\n',
      'mine.yaml:7:24: thresholds.http_reqs.1: "p(95)" does not fit a counter',
    ],
    [
      'a window of half seconds',
      good + "thresholds:\n  http_reqs: { threshold: 'rate>1', window: 1500ms }\n",
      'mine.yaml:7:37: thresholds.http_reqs.window: must be whole seconds',
    ],
    [
      'a window over what is known afterwards',
      good + "thresholds:\n  recovery_ratio: { threshold: 'value<2', window: 5s }\n",
      'mine.yaml:7:3: thresholds.recovery_ratio: is known only after the run',
    ],
    [
      'ending the run for a count that may still come',
      good + "thresholds:\n  http_reqs: [{ threshold: 'count>9', abortOnFail: true }]\n",
      'mine.yaml:7:15: thresholds.http_reqs.0: "count>9" may still come true',
    ],
    [
      'a baseline without runs',
      good + 'baseline: { minRuns: 5 }\n',
      'mine.yaml:6:1: baseline.against: must be a run folder or a pattern of some, or a list of them',
    ],
    [
      'an effect that could be a share or a percentage',
      good + 'baseline: { against: x, minEffect: 5 }\n',
      'mine.yaml:6:25: baseline.minEffect: must be a percentage like 5%',
    ],
    [
      'a deciding figure that is none',
      good + 'baseline: { against: x, decide: [p95, p42] }\n',
      'mine.yaml:6:39: baseline.decide.1: ',
    ],
    [
      'a warm-up as long as the run',
      good + 'warmup: 10s\n',
      'mine.yaml:6:1: warmup: lasts as long as the whole run',
    ],
    ['a key given twice', good + 'name: other\n', 'mine.yaml:6:1: Map keys must be unique'],
    ['broken YAML', good + 'journeys: [\n', 'mine.yaml:'],
    ['nothing', '', 'mine.yaml: is empty'],
    ['two profiles', `${good}---\n${good}`, 'mine.yaml:6:1: a second profile begins here'],
    [
      'aliases that multiply',
      `a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [${'*a,'.repeat(10)}]\nc: &c [${'*b,'.repeat(10)}]\n`,
      'mine.yaml: Excessive alias count',
    ],
    [
      'a think time that is none',
      good.replace('thinkTime: 1s', 'thinkTime: { distribution: weibull }'),
      'mine.yaml:4:1: thinkTime: must be a duration like 500ms, or have a distribution',
    ],
    [
      'a threshold that is a number',
      good + 'thresholds: { http_req_duration: 500 }\n',
      'mine.yaml:6:15: thresholds.http_req_duration: must be a condition like p(95)<500',
    ],
  ])('is refused for %s, with file, line and column', (_name, text, expected) => {
    expect(complaint(text)).toContain(expected);
  });

  it('says where its baseline is as seen from its own file, and in shares', () => {
    const text =
      good + 'baseline: { against: [../results/a-*, /elsewhere/b], minEffect: 7.5%, decide: [p95] }\n';
    expect(parseProfile(text, '/profiles/mine.yaml').baseline).toEqual({
      against: ['/results/a-*', '/elsewhere/b'],
      minEffect: 0.075,
      minRuns: undefined,
      decide: ['p95'],
    });
  });

  it('tells all that is wrong at once', () => {
    expect(complaint(good.replace('users: 5', 'users: -1').replace('1s', '1x')).split('\n')).toHaveLength(2);
  });

  it('that is not there is refused with its path', () => {
    expect(() => readProfile('/nowhere/x.yaml')).toThrow('/nowhere/x.yaml: cannot be read (ENOENT)');
    expect(() => readProfile(folders.profiles)).toThrow('is a folder; name a YAML file');
    expect(() => loadProfile('smok')).toThrow(/there is no profile "smok"; there are .*smoke/);
  });
});

describe('the profiles of the project', () => {
  it('are these', () => {
    expect(profileNames()).toEqual(
      expect.arrayContaining([
        'smoke',
        'load',
        'stress',
        'peak',
        'spike',
        'staged',
        'baseline',
        'breakpoint',
      ]),
    );
  });

  it.each(profileNames())('%s is valid and named like its file', (name) => {
    expect(loadProfile(name).name).toBe(name);
  });

  it.each([
    ['smoke', [10]],
    ['load', [100]],
    ['stress', [500]],
    ['peak', [1000]],
    ['spike', [100, 1000, 100, 1000]],
    ['staged', [100, 500, 1000]],
    ['baseline', [10, 100, 500, 1000]],
  ])('%s has the users that the requirements ask for', (name, users) => {
    expect(new Schedule(loadProfile(name).stages).phases.map((phase) => phase.level)).toEqual(users);
  });

  it('come with the JSON Schema of today; if not: load-runner schema > load-testing/profiles/profile.schema.json', () => {
    const committed: unknown = JSON.parse(readFileSync(`${folders.profiles}/profile.schema.json`, 'utf8'));
    expect(committed).toEqual(JSON.parse(JSON.stringify(profileJsonSchema())));
  });

  it.each(profileNames())('%s tells editors where the schema is', (name) => {
    const text = readFileSync(`${folders.profiles}/${name}.yaml`, 'utf8');
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=profile.schema.json');
  });
});
