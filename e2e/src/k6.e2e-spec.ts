/** The k6 scripts on the whole stack: every check of theirs holds on the real thing. */
import { describe, expect, it } from '@jest/globals';
import { runK6Script } from '@flowchart/testing';
import { edgeUrl } from './config.js';

describe.each(['k6-load-test.js', 'k6-simple-1000-users.js'])('%s', (name) => {
  it('passes every check, and nothing that it asks fails', async () => {
    const script = new URL(`../../load-testing/k6/${name}`, import.meta.url);
    const env = { BASE_URL: edgeUrl(), STUDENTS: '50' };
    const { requests, checks } = await runK6Script(script, { env, iterations: 25 });
    expect(requests.filter(({ expected }) => !expected)).toEqual([]);
    expect(Object.keys(checks).filter((check) => checks[check]?.fails !== 0)).toEqual([]);
    const asked = new Set(requests.map((request) => request.name));
    for (const wanted of ['listCourses', 'getFlowchart', 'login', 'getTranscript', 'savePlan'])
      expect(asked).toContain(wanted);
  });
});
