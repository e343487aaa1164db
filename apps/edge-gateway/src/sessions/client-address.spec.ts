import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { clientAddress } from './client-address.js';

const request = (forwarded?: string) =>
  ({ ip: '10.0.0.1', headers: { 'x-forwarded-for': forwarded } }) as unknown as FastifyRequest;

describe('the address of a client', () => {
  it('is that of the connection, whatever the header claims, when no proxy is ours', () => {
    expect(clientAddress(request('1.2.3.4'), 0)).toBe('10.0.0.1');
  });

  it('is what our outermost proxy saw: entries further left are the client’s word', () => {
    expect(clientAddress(request('6.6.6.6, 1.2.3.4'), 1)).toBe('1.2.3.4');
    expect(clientAddress(request('6.6.6.6, 1.2.3.4, 10.0.0.2'), 2)).toBe('1.2.3.4');
  });

  it('is that of the connection when the proxies said nothing', () => {
    expect(clientAddress(request(), 1)).toBe('10.0.0.1');
    expect(clientAddress(request('1.2.3.4'), 2)).toBe('10.0.0.1');
  });

  it('never is longer than an address', () => {
    expect(clientAddress(request('x'.repeat(5000)), 1)).toHaveLength(64);
  });
});
