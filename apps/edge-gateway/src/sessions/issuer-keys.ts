import { Logger } from '@nestjs/common';
import { createRemoteJWKSet, customFetch } from 'jose';
import { z } from 'zod';
import type { IssuerConfig } from './token-environment.js';

/** After so long keys are asked for again, though no token names one that is not known. */
const KEYS_FRESH_MS = 600_000;
const FETCH_TIMEOUT_MS = 2000;
const DISCOVERY_PATH = '/.well-known/openid-configuration';

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });
const keySetSchema = z.object({ keys: z.array(z.record(z.string(), z.unknown())) });

/** No keys of the issuer are known, so that nothing can be said about a token. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

type Issuer = Pick<IssuerConfig, 'issuer' | 'pauseMs'>;

/**
 * The public keys of an OpenID Connect issuer, found through its discovery document. jose keeps them and decides when to
 * ask again; here is what it leaves open: keys that are known stay good while the issuer is away, and an issuer that
 * fails is not asked once for every token that comes.
 */
export function issuerKeys(config: Issuer): ReturnType<typeof createRemoteJWKSet> {
  const source = new KeySource(config);
  return createRemoteJWKSet(discoveryUrl(config.issuer), {
    cacheMaxAge: KEYS_FRESH_MS,
    cooldownDuration: config.pauseMs,
    timeoutDuration: FETCH_TIMEOUT_MS,
    [customFetch]: (_url, { signal }) => source.keySet(signal),
  });
}

const discoveryUrl = (issuer: string): URL => new URL(`${issuer.replace(/\/$/, '')}${DISCOVERY_PATH}`);

class KeySource {
  private readonly logger = new Logger('Issuer');
  private known: unknown;
  private pausedUntilMs = 0;

  constructor(private readonly config: Issuer) {}

  async keySet(signal: AbortSignal | undefined): Promise<Response> {
    if (Date.now() >= this.pausedUntilMs) await this.refresh(signal);
    if (this.known === undefined) throw new IssuerUnavailable(`no keys of ${this.config.issuer} are known`);
    return Response.json(this.known);
  }

  private async refresh(signal: AbortSignal | undefined): Promise<void> {
    try {
      this.known = await fetchKeySet(this.config.issuer, signal);
    } catch (error) {
      this.pausedUntilMs = Date.now() + this.config.pauseMs;
      this.logger.warn({ err: error }, `${this.config.issuer} does not give its keys`);
    }
  }
}

async function fetchKeySet(issuer: string, signal: AbortSignal | undefined): Promise<unknown> {
  const discovered = discoverySchema.parse(await fetchJson(discoveryUrl(issuer), signal));
  if (discovered.issuer !== issuer) throw new Error(`it calls itself ${discovered.issuer}`);
  const keysUrl = new URL(discovered.jwks_uri);
  if (issuer.startsWith('https:') && keysUrl.protocol !== 'https:') {
    throw new Error(`${keysUrl.href} is not protected`);
  }
  return keySetSchema.parse(await fetchJson(keysUrl, signal));
}

async function fetchJson(url: URL, signal: AbortSignal | undefined): Promise<unknown> {
  const answer = await fetch(url, { signal: signal ?? null, redirect: 'error' });
  if (!answer.ok) throw new Error(`${url.href} answered ${answer.status}`);
  return answer.json();
}
