import { describe, expect, it } from '@jest/globals';
import { storedAnswerCodec, storedPage, storedProblem } from './stored-answer.js';

const lifetime = { freshMs: 60_000, revalidateMs: 30_000, staleMs: 600_000 };
const page = (body: string | Buffer, etag?: string) =>
  storedPage({ body: Buffer.from(body), contentType: 'application/json', etag }, lifetime);

describe('a stored answer', () => {
  it('is the same after a journey through Redis, whatever bytes it has', () => {
    const bytes = Buffer.from([0, 10, 13, 255, 10, 123]);
    const back = storedAnswerCodec.decode(storedAnswerCodec.encode(page(bytes, '"7"')));
    expect(back).toEqual(page(bytes, '"7"'));
  });

  it('may be a problem', () => {
    const problem = storedProblem({ type: 'urn:x', title: 'Gone', status: 404 }, lifetime);
    const back = storedAnswerCodec.decode(storedAnswerCodec.encode(problem));
    expect(back).toEqual(problem);
    expect(back.head.status).toBe(404);
  });

  it('has a strong validator: the service’s if that is one, else one that the bytes decide', () => {
    expect(page('{}', '"7"').head.etag).toBe('"7"');
    expect(page('{}', 'W/"7"').head.etag).toBe(page('{}').head.etag);
    expect(page('{}').head.etag).not.toBe(page('[]').head.etag);
    expect(page('{}').head.etag).toMatch(/^"[\w-]+"$/);
  });

  it('cannot be read from something else', () => {
    expect(() => storedAnswerCodec.decode(Buffer.from('rubbish'))).toThrow();
  });
});
