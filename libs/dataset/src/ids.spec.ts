import { describe, expect, it } from '@jest/globals';
import { catalogue, catalogueCourses } from './catalogue/catalogue.js';
import { constraintId, courseId, degreeId, requirementId, uuidV5 } from './ids.js';

describe('catalogue ids', () => {
  it('are version 5 UUIDs as RFC 9562, appendix A.4, computes them', () => {
    const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
    expect(uuidV5(dns, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('never change: seeded databases and recorded runs hold them', () => {
    expect([courseId('CS101'), degreeId('MSCS')]).toEqual([
      '4c602d55-e4ec-52b5-9998-fce4667bec6f',
      '9db2fd12-a7ca-5ce2-a25e-48ef8c4a7558',
    ]);
  });

  it('are different for everything in the catalogue', () => {
    const ids = [
      ...catalogueCourses.map(({ code }) => courseId(code)),
      ...catalogue.degrees.flatMap(({ code, requirements, constraints }) => [
        degreeId(code),
        ...requirements.map((_, position) => requirementId(code, position)),
        ...constraints.map(({ kind }) => constraintId(code, kind)),
      ]),
    ];
    expect(ids.length).toBeGreaterThan(400);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
