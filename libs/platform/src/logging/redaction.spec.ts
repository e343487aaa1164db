import { describe, expect, it } from '@jest/globals';
import { redacted, redactQuery, redactText } from './redaction.js';

const SECRET = 'sw0rdf1sh-Zx9';
const jwt = `eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.${SECRET}`;

describe('redaction', () => {
  const loop: Record<string, unknown> = { password: SECRET };
  loop['self'] = loop;

  it.each<[string, unknown]>([
    ['by its name', { password: SECRET }],
    [
      'in any spelling',
      { 'X-Api-Key': SECRET, ACCESS_TOKEN: SECRET, clientSecret: SECRET, 'set-cookie': [SECRET] },
    ],
    ['deep down', { a: [{ b: { c: [{ accessToken: SECRET }] } }] }],
    ['a whole object of secrets', { credentials: { user: 'zoe', word: SECRET } }],
    ['in headers', { headers: { authorization: `Bearer ${SECRET}`, Cookie: `sid=${SECRET}` } }],
    ['in raw headers', { rawHeaders: ['Host', 'here', 'Authorization', `Digest ${SECRET}`] }],
    ['in pairs', { headers: [['cookie', SECRET]] }],
    ['in named values', { list: [{ name: 'authorization', value: SECRET }] }],
    [
      'in a Map and a Headers',
      { map: new Map([['token', SECRET]]), headers: new Headers({ cookie: SECRET }) },
    ],
    ['in a URL', { url: new URL(`http://zoe:${SECRET}@here/a?x=1&access_token=${SECRET}`) }],
    ['in the text of a URL', `GET /a?access_token=${SECRET}&x=1 failed`],
    ['in a connection URL', `cannot connect to postgres://zoe:${SECRET}@db:5432/x`],
    ['as a bearer', `refused: bearer ${SECRET}`],
    ['as basic credentials', `Authorization: Basic ${Buffer.from(SECRET).toString('base64')} ${SECRET}`],
    ['as a token of ours', `could not verify ${jwt}`],
    ['in JSON as text', JSON.stringify({ user: 'zoe', password: `${SECRET} and more ${SECRET}` })],
    ['in JSON in JSON', JSON.stringify({ body: JSON.stringify({ password: SECRET }) })],
    ['in what inspect writes', `{ password: '${SECRET}', cookie: 'a=${SECRET}' }`],
    ['in an error', { failure: new Error(`token=${SECRET}`) }],
    ['in a name', { [`token=${SECRET}`]: 1 }],
    ['in a loop', loop],
    [
      'behind a getter that throws',
      {
        get x() {
          throw new Error(SECRET);
        },
      },
    ],
    ['in bytes', { body: Buffer.from(SECRET) }],
  ])('finds a secret %s', (_, value) => {
    const line = JSON.stringify(redacted(value));
    expect(line).not.toContain(SECRET);
    expect(line).not.toContain(Buffer.from(SECRET).toString('base64'));
  });

  it.each([
    ['token=x', 'token'],
    [`a=1&access_token=${SECRET}&b=2`, 'a=1'],
    [`%74oken=${SECRET}`, 'redacted'],
    [`next=%2Flogin%3Ftoken%3D${SECRET}`, 'next='],
    [`%ZZ=1&pass%77ord=${SECRET}`, '%ZZ=1'],
    [SECRET.replace(SECRET, `bearer ${SECRET}`), 'bearer'],
  ])('cleans the query %s', (query, kept) => {
    expect(redactQuery(query)).not.toContain(SECRET);
    expect(redactQuery(query)).toContain(kept);
  });

  it('leaves everything else as it is', () => {
    const value = {
      list: '/courses',
      answers: 12,
      ok: true,
      none: null,
      at: new Date(0),
      ids: ['a', 'b'],
      text: 'the basic course CS101 is at https://here/courses?page=2 since monday',
    };
    expect(JSON.parse(JSON.stringify(redacted(value)))).toEqual(JSON.parse(JSON.stringify(value)));
  });

  it('is soon done with what was made to keep it busy', () => {
    const hostile = [
      'password="',
      'a://',
      'token:  ',
      '-',
      'eyJaaaa.',
      '\\"',
      'authorization=',
      'bearer ',
    ].map((part) => part.repeat(200_000 / part.length));
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, { n: [hostile] }]));
    const startMs = performance.now();
    for (const text of hostile) expect(redactText(text).length).toBeLessThan(40_000);
    expect(JSON.stringify(redacted(wide)).length).toBeLessThan(50_000_000);
    expect(performance.now() - startMs).toBeLessThan(3000);
  });
});
