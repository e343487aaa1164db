import { describe, expect, it } from '@jest/globals';
import { traceContextOf, traceparentOf } from './trace-context.js';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const span = '00f067aa0ba902b7';

describe('traceparent', () => {
  it.each([
    [`00-${trace}-${span}-01`, true],
    [`00-${trace}-${span}-00`, false],
    [`00-${trace}-${span}-03`, true],
    [`00-${trace}-${span}-fe`, false],
    [`01-${trace}-${span}-01`, true],
    [`cc-${trace}-${span}-01-more`, true],
  ])('is read from %s', (text, sampled) =>
    expect(traceContextOf(text)).toEqual({ traceId: trace, spanId: span, sampled }),
  );

  it.each([true, false])('is written as it is read, whether it is recorded or not (%s)', (sampled) => {
    const context = { traceId: trace, spanId: span, sampled };
    expect(traceContextOf(traceparentOf(context))).toEqual(context);
  });

  it.each([
    undefined,
    '',
    [`00-${trace}-${span}-01`],
    `00-${trace}-${span}`,
    `00-${trace}-${span}-01-more`,
    `00-${trace}-${span}-01\n`,
    ` 00-${trace}-${span}-01`,
    `ff-${trace}-${span}-01`,
    `0-${trace}-${span}-01`,
    `00-${trace.toUpperCase()}-${span}-01`,
    `00-${trace.slice(1)}-${span}-01`,
    `00-${'0'.repeat(32)}-${span}-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `00-${trace}-${span}-0g`,
    `01-${trace}-${span}-01more`,
    `00-${trace}-${span}-01, 00-${trace}-${span}-01`,
    '<script>',
  ])('is not believed as %j', (text) => expect(traceContextOf(text)).toBeUndefined());
});
