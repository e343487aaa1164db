import { describe, expect, it } from '@jest/globals';
import { holds, parseCondition, parseSelector } from './threshold.js';

describe('thresholds', () => {
  it.each([
    ['p(95)<500', 'trend', { aggregate: 'p', percentile: 95, operator: '<', bound: 500 }],
    [' p( 99.9 ) <= 1.5 ', 'trend', { aggregate: 'p', percentile: 99.9, operator: '<=', bound: 1.5 }],
    ['med<100', 'trend', { aggregate: 'med', operator: '<', bound: 100 }],
    ['rate<0.01', 'rate', { aggregate: 'rate', operator: '<', bound: 0.01 }],
    ['count===0', 'counter', { aggregate: 'count', operator: '==', bound: 0 }],
    ['rate>1000', 'counter', { aggregate: 'rate', operator: '>', bound: 1000 }],
    ['value!=-1', 'gauge', { aggregate: 'value', operator: '!=', bound: -1 }],
  ] as const)('reads %s of a %s', (text, type, expected) => {
    expect(parseCondition(text, type)).toEqual({ ok: true, value: expected });
  });

  it.each([
    ['p(95)', 'trend', 'is not a threshold'],
    ['p(95)<fast', 'trend', 'is not a threshold'],
    ['p(101)<5', 'trend', 'no percentile 101'],
    ['p(95)<500', 'rate', 'does not fit a rate, which has rate'],
    ['count>1', 'gauge', 'does not fit a gauge, which has value'],
    ['p(95)<500 && med<1', 'trend', 'is not a threshold'],
  ] as const)('refuses %s of a %s', (text, type, complaint) => {
    const parsed = parseCondition(text, type);
    expect(parsed.ok ? '' : parsed.complaint).toContain(complaint);
  });

  it('reads a metric with several tags, spaces or not', () => {
    const value = { metric: 'http_reqs', tags: { name: 'login', status: '401' } };
    expect(parseSelector(' http_reqs{ name: login , status:401 }')).toEqual({ ok: true, value });
  });

  it('reads a metric with a tag', () => {
    const value = { metric: 'http_req_duration', tags: { name: 'login' } };
    expect(parseSelector('http_req_duration{name:login}')).toEqual({ ok: true, value });
  });

  it.each([
    ['http_req_durations', 'there is no metric "http_req_durations"'],
    ['http_req_duration{nmae:login}', 'has no tag "nmae"; it has name, method, expected_response'],
    ['vus{name:login}', 'it has none'],
    ['http_req_duration{name:}', 'has no value'],
    ['http_reqs{status:5O3}', 'the tag status is a status like 503, or 0 for requests without an answer'],
    ['http_reqs{method:get}', 'the tag method is a method in capitals, like GET, not "get"'],
    ['http_req_duration{expected_response:yes}', 'is true or false, not "yes"'],
    ['http_req_duration{status:503}', 'http_req_duration is not kept by status, only http_reqs is'],
    ['http_req_failed{name:login,status:401}', 'http_req_failed is not kept by status'],
    ['vus{status:200}', 'vus has no tag "status"; it has none'],
    ['http_req_duration{name:login', 'is not a metric'],
  ])('refuses %s', (text, complaint) => {
    const parsed = parseSelector(text);
    expect(parsed.ok ? '' : parsed.complaint).toContain(complaint);
  });

  it.each([
    ['<', 1, true],
    ['<', 2, false],
    ['<=', 2, true],
    ['>', 3, true],
    ['>=', 2, true],
    ['==', 2, true],
    ['!=', 2, false],
  ] as const)('holds 2 bounds: actual %s bound', (operator, actual, expected) => {
    expect(holds({ aggregate: 'value', operator, bound: 2 }, actual)).toBe(expected);
  });
});
