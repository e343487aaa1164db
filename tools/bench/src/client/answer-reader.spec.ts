import { describe, expect, it } from '@jest/globals';
import { AnswerReader } from './answer-reader.js';

const whole = Buffer.from('HTTP/1.1 200 OK\r\nX-Cache: L1\r\nContent-Length: 5\r\n\r\nhello');

describe('AnswerReader', () => {
  it('reads status and body', () => {
    const answer = new AnswerReader().take(whole);
    expect(answer?.status).toBe(200);
    expect(answer?.body.toString()).toBe('hello');
  });

  it('reads the same however the answer is cut into pieces', () => {
    for (let cut = 1; cut < whole.length; cut++) {
      const reader = new AnswerReader();
      expect(reader.take(whole.subarray(0, cut))).toBeUndefined();
      expect(reader.take(whole.subarray(cut))?.body.toString()).toBe('hello');
    }
  });

  it('expects no body after 304, whatever length it tells', () => {
    const answer = new AnswerReader().take(
      Buffer.from('HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n'),
    );
    expect(answer?.status).toBe(304);
    expect(answer?.body).toHaveLength(0);
  });

  it.each([
    ['more than was announced', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhello'],
    ['an answer whose length it cannot know', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'],
  ])('refuses %s', (_, text) => {
    expect(() => new AnswerReader().take(Buffer.from(text))).toThrow();
  });
});
