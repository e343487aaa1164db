/** The environment that the edge understands; the only reader of it. */
import { ports } from '@flowchart/contracts';
import {
  msVariable,
  portVariable,
  readConfig,
  redisEnvironment,
  redisUrl,
  refuseDefaultSecrets,
  serviceEnvironment,
  serviceOptions,
  type ServiceOptions,
  serviceUrl,
  serviceUrlVariable,
  urlVariable,
} from '@flowchart/platform';
import { z } from 'zod';
import type { Rate } from './protection/rate-limits/token-bucket.js';
import { parseKeyRing } from './sessions/key-ring.js';

/** Published here, so that a laptop needs no set-up; production refuses it. */
const developmentTokenKey = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIFOOB8bV1icgsbUxzMLlmx8CrEFrBt42YfPUibvhknxm
-----END PRIVATE KEY-----
`;
const TOKEN_KEYS_WATCH_MS = 5000;
const OIDC_PAUSE_MS = 10_000;
const MINUTE_SECONDS = 60;
const DAY_SECONDS = 86_400;

const rateVariables = <K extends string>(kind: K, { perSecond, burst }: Rate) =>
  ({
    [`RATE_LIMIT_${kind}_PER_SECOND`]: z.coerce.number().min(0).max(1e6).default(perSecond),
    [`RATE_LIMIT_${kind}_BURST`]: z.coerce.number().int().min(1).max(1e7).default(burst),
  }) as Record<`RATE_LIMIT_${K}_${'PER_SECOND' | 'BURST'}`, z.ZodDefault<z.ZodCoercedNumber>>;

/** PEM, also with `\\n` written out, as some tools hand it on. */
const tokenKeysVariable = z
  .string()
  .transform((text) => text.replaceAll('\\n', '\n'))
  .superRefine((text, context) => {
    try {
      parseKeyRing(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
    }
  });

/** Also where it only verifies: everybody could sign with it. */
function hasDevelopmentKey(pem: string): boolean {
  const published = parseKeyRing(developmentTokenKey).signing.header;
  return parseKeyRing(pem).byHeader.has(published);
}

const environment = z
  .object({
    ...serviceEnvironment,
    EDGE_PORT: portVariable(ports.edgeGateway.port),
    ...redisEnvironment,
    COURSE_SERVICE_URL: serviceUrlVariable,
    COURSE_SERVICE_PORT: portVariable(ports.courseService.port),
    DEGREE_SERVICE_URL: serviceUrlVariable,
    DEGREE_SERVICE_PORT: portVariable(ports.degreeService.port),
    STUDENT_SERVICE_URL: serviceUrlVariable,
    STUDENT_SERVICE_PORT: portVariable(ports.studentService.port),
    UPSTREAM_TIMEOUT_MS: msVariable(5000),
    UPSTREAM_CONNECTIONS: z.coerce.number().int().min(1).max(1000).default(64),
    UPSTREAM_QUEUE: z.coerce.number().int().min(0).max(10_000).default(512),
    L1_MAX_BYTES: z.coerce
      .number()
      .int()
      .min(2 ** 20)
      .max(2 ** 33)
      .default(64 * 2 ** 20),
    TOKEN_KEYS: tokenKeysVariable.optional(),
    TOKEN_KEYS_FILE: z.string().optional(),
    TOKEN_TTL_SECONDS: z.coerce.number().int().min(MINUTE_SECONDS).max(DAY_SECONDS).default(43_200),
    SESSION_TTL_SECONDS: z.coerce.number().int().min(MINUTE_SECONDS).max(DAY_SECONDS).default(1800),
    LOGIN_FAILURES_PER_ACCOUNT: z.coerce.number().int().min(1).default(10),
    LOGIN_FAILURES_PER_ADDRESS: z.coerce.number().int().min(1).default(100),
    ...rateVariables('USER', { perSecond: 50, burst: 200 }),
    ...rateVariables('ADDRESS', { perSecond: 10_000, burst: 20_000 }),
    OIDC_ISSUER: urlVariable('http:', 'https:').optional(),
    OIDC_AUDIENCE: z.string().optional(),
    OIDC_SUBJECT_CLAIM: z.string().default('sub'),
    OIDC_ROLE_CLAIM: z.string().default('role'),
    OIDC_REGISTRAR_ROLE: z.string().default('registrar'),
    TRUST_PROXY: z.coerce.number('must be a number of proxies').int().min(0).max(10).default(0),
  })
  .superRefine(refuseDefaultSecrets({ IDENTITY_SECRET: serviceEnvironment.IDENTITY_SECRET.parse(undefined) }))
  .superRefine((given, context) => {
    const refuse = (variable: string, message: string) =>
      context.addIssue({ code: 'custom', path: [variable], message });
    const { TOKEN_KEYS: keys, TOKEN_KEYS_FILE: file } = given;
    if (keys !== undefined && file !== undefined) refuse('TOKEN_KEYS', 'is given as TOKEN_KEYS_FILE, too');
    if (
      given.NODE_ENV === 'production' &&
      file === undefined &&
      hasDevelopmentKey(keys ?? developmentTokenKey)
    ) {
      refuse('TOKEN_KEYS', 'must be set to a key of your own in production, or TOKEN_KEYS_FILE to its file');
    }
    if (given.OIDC_ISSUER !== undefined && given.OIDC_AUDIENCE === undefined) {
      refuse('OIDC_AUDIENCE', 'must be set where OIDC_ISSUER is: tokens for others are not for us');
    }
  });

/** The services behind the edge, named as the route table names its owners. */
export type ServiceName = 'course' | 'degree' | 'student';

/** Where the keys of access tokens come from; the file, where there is one. */
export interface TokenKeysConfig {
  readonly pem: string;
  readonly file?: string | undefined;
  /** How often a change of the file is looked for. */
  readonly watchEveryMs: number;
}

/** A foreign issuer whose tokens are taken, and how they are understood. */
export interface IssuerConfig {
  readonly issuer: string;
  readonly audience: string;
  /** The claim that has the student's id. */
  readonly subjectClaim: string;
  /** The claim that has the role, or a list of them, and the role of a registrar. */
  readonly roleClaim: string;
  readonly registrarRole: string;
  /** An issuer that failed, or did not know a key, is left alone for so long. */
  readonly pauseMs: number;
}

export interface EdgeConfig {
  readonly redisUrl: string;
  readonly serviceUrls: Readonly<Record<ServiceName, string>>;
  /** How long a request may take, from its arrival, that a service answers. */
  readonly upstreamTimeoutMs: number;
  /** Calls to one service at a time. */
  readonly upstreamConnections: number;
  /** Calls to one service that wait for their turn; more are refused. */
  readonly upstreamQueue: number;
  /** Bound of the cache in this process. */
  readonly l1MaxBytes: number;
  readonly tokenKeys: TokenKeysConfig;
  /** The longest that a token is good for, however busy its session. */
  readonly tokenTtlSeconds: number;
  /** How long a session lives after its last request. */
  readonly sessionTtlSeconds: number;
  readonly issuer?: IssuerConfig | undefined;
  /** Failed logins allowed in a minute. */
  readonly loginFailures: { readonly perAccount: number; readonly perAddress: number };
  /** Requests that are not answered from this process's cache; `perSecond` 0 is no limit. */
  readonly rateLimits: { readonly user: Rate; readonly address: Rate };
  /** How many proxies in front are ours, so that their `X-Forwarded-For` can be believed. */
  readonly trustedProxies: number;
}

export function config(env: NodeJS.ProcessEnv = process.env): EdgeConfig {
  const given = readConfig(environment, env);
  return {
    redisUrl: redisUrl(given),
    serviceUrls: {
      course: serviceUrl(given.COURSE_SERVICE_URL, given.COURSE_SERVICE_PORT),
      degree: serviceUrl(given.DEGREE_SERVICE_URL, given.DEGREE_SERVICE_PORT),
      student: serviceUrl(given.STUDENT_SERVICE_URL, given.STUDENT_SERVICE_PORT),
    },
    upstreamTimeoutMs: given.UPSTREAM_TIMEOUT_MS,
    upstreamConnections: given.UPSTREAM_CONNECTIONS,
    upstreamQueue: given.UPSTREAM_QUEUE,
    l1MaxBytes: given.L1_MAX_BYTES,
    tokenKeys: {
      pem: given.TOKEN_KEYS ?? developmentTokenKey,
      file: given.TOKEN_KEYS_FILE,
      watchEveryMs: TOKEN_KEYS_WATCH_MS,
    },
    tokenTtlSeconds: given.TOKEN_TTL_SECONDS,
    sessionTtlSeconds: given.SESSION_TTL_SECONDS,
    issuer: issuerOf(given),
    loginFailures: {
      perAccount: given.LOGIN_FAILURES_PER_ACCOUNT,
      perAddress: given.LOGIN_FAILURES_PER_ADDRESS,
    },
    rateLimits: {
      user: { perSecond: given.RATE_LIMIT_USER_PER_SECOND, burst: given.RATE_LIMIT_USER_BURST },
      address: { perSecond: given.RATE_LIMIT_ADDRESS_PER_SECOND, burst: given.RATE_LIMIT_ADDRESS_BURST },
    },
    trustedProxies: given.TRUST_PROXY,
  };
}

function issuerOf(given: z.infer<typeof environment>): IssuerConfig | undefined {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience } = given;
  if (issuer === undefined || audience === undefined) return undefined;
  return {
    issuer,
    audience,
    subjectClaim: given.OIDC_SUBJECT_CLAIM,
    roleClaim: given.OIDC_ROLE_CLAIM,
    registrarRole: given.OIDC_REGISTRAR_ROLE,
    pauseMs: OIDC_PAUSE_MS,
  };
}

export function options(env: NodeJS.ProcessEnv = process.env): ServiceOptions {
  const given = readConfig(environment, env);
  return serviceOptions(given, {
    name: 'edge-gateway',
    port: given.EDGE_PORT,
    portVariable: ports.edgeGateway.variable,
    isPublic: true,
  });
}

/** Token under which the modules of the edge find `EdgeConfig`. */
export const EDGE_CONFIG = Symbol('EDGE_CONFIG');
