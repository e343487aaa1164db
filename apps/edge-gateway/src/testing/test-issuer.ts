import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

interface IssuerKey {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

/** A small real OpenID Connect issuer: a discovery document, keys, and tokens signed with them. */
export class TestIssuer {
  timesAskedForKeys = 0;
  private keys: IssuerKey[] = [];
  private server: Server | undefined;
  private port = 0;

  static async start(): Promise<TestIssuer> {
    const issuer = new TestIssuer();
    await issuer.rotate();
    await issuer.open();
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Signs with a new key from now on. */
  async rotate(): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: crypto.randomUUID(), alg: 'ES256', use: 'sig' };
    this.keys = [{ privateKey, jwk }, ...this.keys];
  }

  forgetOldKeys(): void {
    this.keys = this.keys.slice(0, 1);
  }

  /** A token for an hour, unless `claims` say otherwise. */
  async token(claims: JWTPayload): Promise<string> {
    const { privateKey, jwk } = this.current;
    const inAnHour = Math.floor(Date.now() / 1000) + 3600;
    return new SignJWT({ iss: this.url, exp: inAnHour, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: jwk.kid })
      .sign(privateKey);
  }

  get current(): IssuerKey {
    const [key] = this.keys;
    if (!key) throw new Error('an issuer has a key');
    return key;
  }

  /** Listens again on the port it had. */
  async open(): Promise<void> {
    this.server = createServer(({ url }, response) => {
      response.setHeader('content-type', 'application/json');
      if (url === '/.well-known/openid-configuration') {
        response.end(JSON.stringify({ issuer: this.url, jwks_uri: `${this.url}/keys` }));
      } else if (url === '/keys') {
        this.timesAskedForKeys++;
        response.end(JSON.stringify({ keys: this.keys.map(({ jwk }) => jwk) }));
      } else response.writeHead(404).end();
    }).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
}
