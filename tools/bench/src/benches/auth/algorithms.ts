/** What it costs to sign and to verify a token, by algorithm: node:crypto's one-shot functions, and fast-jwt. */
import {
  createHmac,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  randomUUID,
  sign,
  type SignKeyObjectInput,
  timingSafeEqual,
  verify,
  type VerifyKeyObjectInput,
} from 'node:crypto';
import { createSigner, createVerifier } from 'fast-jwt';
import type { BenchContext } from '../../bench.js';
import { measureRounds, type Contestant, type Sample } from '../../measure/rounds.js';
import type { Comparison } from '../../report/report.js';

/** How one way signs claims and verifies what it has signed. */
interface Way {
  readonly name: string;
  readonly sign: (claims: object) => string;
  readonly verify: (token: string) => unknown;
}

type AlgorithmName = 'HS256' | 'RS256' | 'ES256' | 'EdDSA';

const CHOSEN = 'EdDSA';
/** So much of a measurement's time for each of signing and verifying. */
const SHARE = 0.1;
const MS_IN_S = 1000;
const BATCH = 20;

const metrics = [
  { key: 'signUs', label: 'sign, CPU µs', digits: 1, compared: true },
  { key: 'verifyUs', label: 'verify, CPU µs', digits: 1, compared: true },
];

export async function compareAlgorithms(context: BenchContext): Promise<Comparison> {
  const budgetMs = context.seconds * MS_IN_S * SHARE;
  const contestants = ways().map((way): Contestant => {
    return { name: way.name, measure: async () => costOf(way, budgetMs) };
  });
  const onProgress = (line: string) => context.say(`Algorithms, ${line}`);
  return {
    title: 'Signing and verifying a token (about 430 characters)',
    reference: CHOSEN,
    contestants: contestants.map(({ name }) => name),
    metrics,
    rounds: await measureRounds(contestants, { ...context, onProgress }),
    targets: [],
  };
}

function ways(): Way[] {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ed = generateKeyPairSync('ed25519');
  const secret = randomBytes(32);
  // The form of ECDSA signatures that JWTs have.
  const raw = { dsaEncoding: 'ieee-p1363' } as const;
  const secretKey = createSecretKey(secret);
  const hmac = (text: Buffer) => createHmac('sha256', secretKey).update(text).digest();
  return [
    byHand('HS256', hmac, (text, signature) => timingSafeEqual(hmac(text), signature)),
    asymmetric('RS256', 'sha256', { key: rsa.privateKey }, { key: rsa.publicKey }),
    asymmetric('ES256', 'sha256', { key: ec.privateKey, ...raw }, { key: ec.publicKey, ...raw }),
    asymmetric('EdDSA', null, { key: ed.privateKey }, { key: ed.publicKey }),
    withFastJwt('HS256', secret, secret),
    withFastJwt('RS256', pemOf(rsa.privateKey), pemOf(rsa.publicKey)),
    withFastJwt('ES256', pemOf(ec.privateKey), pemOf(ec.publicKey)),
    withFastJwt('EdDSA', pemOf(ed.privateKey), pemOf(ed.publicKey)),
  ];
}

const pemOf = (key: KeyObject): string =>
  String(key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }));

const asymmetric = (
  name: AlgorithmName,
  hash: string | null,
  privateKey: SignKeyObjectInput,
  publicKey: VerifyKeyObjectInput,
): Way =>
  byHand(
    name,
    (text) => sign(hash, text, privateKey),
    (text, signature) => verify(hash, text, publicKey, signature),
  );

function byHand(
  name: AlgorithmName,
  signText: (text: Buffer) => Buffer,
  verifyText: (text: Buffer, signature: Buffer) => boolean,
): Way {
  const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = base64({ alg: name, typ: 'JWT', kid: 'A'.repeat(16) });
  return {
    name,
    sign: (claims) => {
      const text = `${header}.${base64(claims)}`;
      return `${text}.${signText(Buffer.from(text)).toString('base64url')}`;
    },
    verify: (token) => {
      const end = token.lastIndexOf('.');
      const signature = Buffer.from(token.slice(end + 1), 'base64url');
      if (!verifyText(Buffer.from(token.slice(0, end)), signature))
        throw new Error(`${name} does not verify`);
      const payload = token.slice(token.indexOf('.') + 1, end);
      return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as unknown;
    },
  };
}

function withFastJwt(algorithm: AlgorithmName, signKey: string | Buffer, verifyKey: string | Buffer): Way {
  return {
    name: `${algorithm}, fast-jwt`,
    sign: createSigner({ key: signKey, algorithm, kid: 'A'.repeat(16) }),
    verify: createVerifier({ key: verifyKey, algorithms: [algorithm] }) as (token: string) => unknown,
  };
}

/** Each token is another one: nothing is remembered. */
function costOf(way: Way, budgetMs: number): Sample {
  const tokens: string[] = [];
  const signUs = cpuUsEach(budgetMs, () => tokens.push(way.sign(newClaims())));
  let next = 0;
  const verifyUs = cpuUsEach(budgetMs, () => way.verify(tokens[next++ % tokens.length] as string));
  return { signUs, verifyUs };
}

function newClaims(): object {
  const names = { iss: 'flowchart-edge', aud: 'flowchart-api', name: 'Ada Student', role: 'student' };
  return { ...names, sub: randomUUID(), jti: randomUUID().slice(0, 16), degree: 'MSCS', iat: 1, exp: 4e9 };
}

function cpuUsEach(budgetMs: number, work: () => unknown): number {
  const before = process.cpuUsage();
  const endMs = performance.now() + budgetMs;
  let done = 0;
  do {
    for (let n = 0; n < BATCH; n++) work();
    done += BATCH;
  } while (performance.now() < endMs);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / done;
}
