import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { edgeRoutes } from '@flowchart/contracts';
import { AppError, fastifyAdapter } from '@flowchart/platform';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { addresserOf, type Asked } from './address.js';

const addresser = (operation: string) => {
  const route = edgeRoutes.find((one) => one.operation === operation);
  if (!route) throw new Error(`no route ${operation}`);
  return (asked: Partial<Asked>) => addresserOf(route)({ url: '/x', params: {}, query: {}, ...asked });
};
const courses = (query: object) => addresser('listCourses')({ query });
const refusal = (ask: () => string): [number, string] => {
  try {
    return [200, ask()];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [error.kind.status, error.detail];
  }
};

describe('the address of a request', () => {
  it('writes defaults out and puts parameters in the order of the route', () => {
    expect(courses({})).toBe('/courses?limit=20');
    expect(courses({ limit: '020', term: 'FALL', level: 'GRADUATE' })).toBe(
      '/courses?level=GRADUATE&term=FALL&limit=20',
    );
  });

  it('encodes text so that it is the same text for the service', () => {
    expect(courses({ q: 'a&b=c d+é', department: ' Computer Science ' })).toBe(
      '/courses?department=Computer%20Science&q=a%26b%3Dc%20d%2B%C3%A9&limit=20',
    );
  });

  it('takes the words of a search in any case, order and number', () => {
    expect(courses({ q: ' Data  structures DATA ' })).toBe(courses({ q: 'structures data' }));
    expect(courses({ q: 'data structure' })).not.toBe(courses({ q: 'data structures' }));
  });

  it('takes names as they are, for the service compares them so', () => {
    expect(courses({ department: 'physics' })).not.toBe(courses({ department: 'Physics' }));
    expect(courses({ department: 'Cafe\u0301' })).not.toBe(courses({ department: 'Caf\u00e9' }));
    expect(refusal(() => courses({ level: 'graduate' }))[0]).toBe(400);
  });

  it('takes what is said twice for said once, and refuses what contradicts itself', () => {
    expect(courses({ limit: ['5', '5'] })).toBe(courses({ limit: '5' }));
    expect(refusal(() => courses({ term: ['FALL', 'SPRING'] }))).toEqual([
      400,
      'term: is given more than once, with different values',
    ]);
  });

  it('fills in path parameters, identifiers in lower case', () => {
    const id = '0B5F0F64-6A43-4D6B-9D0C-0123456789AB';
    expect(addresser('getPrerequisites')({ params: { id } })).toBe(
      `/courses/${id.toLowerCase()}/prerequisites`,
    );
    expect(addresser('getCourseByCode')({ params: { code: 'CS101' } })).toBe('/courses/code/CS101');
  });

  it('names what a path takes when a parameter is unknown', () => {
    expect(refusal(() => courses({ limt: '5' }))).toEqual([
      400,
      'Unknown parameter limt: this path takes level, department, q, term, limit, cursor.',
    ]);
    expect(refusal(() => addresser('getProfile')({ query: { limit: '5' } }))).toEqual([
      400,
      'Unknown parameter limit: this path takes no parameters.',
    ]);
  });

  it.each([
    { limit: '0' },
    { limit: '1e9' },
    { limit: ['1', '2'] },
    { limit: ['1', '01'] },
    { q: '\u0130'.repeat(60) },
    { cursor: '*' },
    { level: 'x' },
    { q: 'a\0b' },
  ])('refuses %j with 400', (query) => {
    expect(refusal(() => courses(query))[0]).toBe(400);
  });

  it('refuses an identifier that is none with 400, and a code that cannot be with 404', () => {
    expect(refusal(() => addresser('getCourse')({ params: { id: '7' } }))[0]).toBe(400);
    expect(
      refusal(() => addresser('getCourseByCode')({ url: '/courses/code/7?', params: { code: '7' } })),
    ).toEqual([404, 'There is nothing at /courses/code/7.']);
  });

  it('refuses a URL over its length before anything else looks at it', () => {
    expect(refusal(() => addresser('listCourses')({ url: `/courses?x=${'a'.repeat(2040)}` }))[0]).toBe(414);
  });
});

/** A search as it is meant; a word of `q` is in lower case. */
interface Meant {
  readonly level?: string;
  readonly department?: string;
  readonly term?: string;
  readonly words: readonly string[];
  readonly limit: number;
}

const word = fc.string({ unit: fc.constantFrom(...'abcé&=+%#/ß日'), minLength: 1, maxLength: 6 });
const meant: fc.Arbitrary<Meant> = fc.record(
  {
    level: fc.constantFrom('GRADUATE', 'UNDERGRADUATE'),
    department: fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' ')),
    term: fc.constantFrom('FALL', 'SPRING', 'SUMMER'),
    words: fc.uniqueArray(word, { maxLength: 4 }),
    limit: fc.oneof(fc.constant(20), fc.integer({ min: 1, max: 100 })),
  },
  { requiredKeys: ['words', 'limit'] },
);

const percentEncoded = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const spelledText = (text: string) =>
  fc.constantFrom(
    encodeURIComponent(text),
    encodeURIComponent(text).replaceAll('%20', '+'),
    percentEncoded(text),
    percentEncoded(text).toUpperCase(),
    `%20${encodeURIComponent(text)}+`,
  );

/** Parameters, each in any of the ways to write it. */
function spelledParameters({ words, limit, ...named }: Meant): fc.Arbitrary<string>[] {
  const parameters = Object.entries(named).map(([name, value]) =>
    (name === 'department' ? spelledText(value) : fc.constantFrom(value, percentEncoded(value))).map(
      (text) => `${name}=${text}`,
    ),
  );
  if (words.length > 0) {
    const spelled = fc
      .tuple(
        fc.shuffledSubarray([...words, ...words], { minLength: 2 * words.length }),
        fc.constantFrom(' ', '   '),
        fc.boolean(),
      )
      .map(([order, blanks, capitals]) => (capitals ? capitalised(order) : order).join(blanks))
      .chain(spelledText);
    parameters.push(spelled.map((text) => `q=${text}`));
  }
  const written = fc
    .constantFrom(String(limit), String(limit).padStart(3, '0'))
    .map((text) => `limit=${text}`);
  parameters.push(limit === 20 ? fc.oneof(fc.constant(''), written) : written);
  return parameters;
}

/** Capitals of ASCII letters only: there are letters, ß for one, that do not come back from theirs. */
const capitalised = (words: readonly string[]) =>
  words.map((text) => text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase()));

const spelling = (search: Meant): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom('/courses', '/courses/', '/%63ourses'), ...spelledParameters(search))
    .chain(([path, ...parameters]) => {
      const twice = fc.subarray(parameters);
      const order = twice.chain((again) =>
        fc.shuffledSubarray([...parameters, ...again], { minLength: parameters.length + again.length }),
      );
      return order.map((all) => `${path}?${all.join('&')}`);
    });

const canonical = ({ words, ...others }: Meant) =>
  JSON.stringify([[...words].sort(), Object.entries(others).sort()]);

describe('the spellings of a search', () => {
  let fastify: FastifyInstance;
  beforeAll(async () => {
    fastify = fastifyAdapter().getInstance<FastifyInstance>();
    const route = edgeRoutes.find(({ operation }) => operation === 'listCourses');
    if (!route) throw new Error('no route listCourses');
    const addressOf = addresserOf(route);
    fastify.get('/courses', (request) => addressOf(request));
    await fastify.ready();
  });
  afterAll(() => fastify.close());

  const addressOf = async (url: string): Promise<string> => {
    const { statusCode, body } = await fastify.inject(url);
    if (statusCode !== 200) throw new Error(`${url}: ${body}`);
    return body;
  };

  it('all have one address', async () => {
    const two = meant.chain((search) => fc.tuple(spelling(search), spelling(search)));
    await fc.assert(
      fc.asyncProperty(two, async ([one, other]) => {
        expect(await addressOf(one)).toBe(await addressOf(other));
      }),
      { numRuns: 500 },
    );
  });

  it('are never the address of another search', async () => {
    const two = fc.tuple(meant, meant).filter(([one, other]) => canonical(one) !== canonical(other));
    const spelled = two.chain(([one, other]) => fc.tuple(spelling(one), spelling(other)));
    await fc.assert(
      fc.asyncProperty(spelled, async ([one, other]) => {
        expect(await addressOf(one)).not.toBe(await addressOf(other));
      }),
      { numRuns: 500 },
    );
  });

  it('are addresses that lead to themselves', async () => {
    await fc.assert(
      fc.asyncProperty(meant.chain(spelling), async (url) => {
        const address = await addressOf(url);
        expect(await addressOf(address)).toBe(address);
      }),
      { numRuns: 200 },
    );
  });
});
