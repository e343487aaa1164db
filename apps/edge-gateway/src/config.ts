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
  usualLimits,
} from '@flowchart/platform';
import { z } from 'zod';
import type { Rate } from './protection/rate-limits/token-bucket.js';
import {
  type IssuerConfig,
  issuerOf,
  refuseUnsafeTokens,
  tokenEnvironment,
  type TokenKeysConfig,
  tokenKeysOf,
} from './sessions/token-environment.js';

const MINUTE_SECONDS = 60;
const DAY_SECONDS = 86_400;

const rateVariables = <K extends string>(kind: K, { perSecond, burst }: Rate) =>
  ({
    [`RATE_LIMIT_${kind}_PER_SECOND`]: z.coerce.number().min(0).max(1e6).default(perSecond),
    [`RATE_LIMIT_${kind}_BURST`]: z.coerce.number().int().min(1).max(1e7).default(burst),
  }) as Record<`RATE_LIMIT_${K}_${'PER_SECOND' | 'BURST'}`, z.ZodDefault<z.ZodCoercedNumber>>;

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
    CACHE_WARM_UP: z.stringbool('must be on or off').default(true),
    ...tokenEnvironment,
    TOKEN_TTL_SECONDS: z.coerce.number().int().min(MINUTE_SECONDS).max(DAY_SECONDS).default(43_200),
    SESSION_TTL_SECONDS: z.coerce.number().int().min(MINUTE_SECONDS).max(DAY_SECONDS).default(1800),
    LOGIN_FAILURES_PER_ACCOUNT: z.coerce.number().int().min(1).default(10),
    LOGIN_FAILURES_PER_ADDRESS: z.coerce.number().int().min(1).default(100),
    ...rateVariables('USER', { perSecond: 50, burst: 200 }),
    ...rateVariables('ADDRESS', { perSecond: 10_000, burst: 20_000 }),
    SHEDDING: z.stringbool('must be on or off').default(true),
    SHEDDING_TARGET_MS: z.coerce.number().int().min(10).max(10_000).default(150),
    MAX_CONNECTIONS: z.coerce.number().int().min(1).max(1e6).default(usualLimits.maxConnections),
    MAX_REQUESTS_PER_CONNECTION: z.coerce.number().int().min(0).max(1e9).default(0),
    TRUST_PROXY: z.coerce.number('must be a number of proxies').int().min(0).max(10).default(0),
  })
  .superRefine(refuseDefaultSecrets({ IDENTITY_SECRET: serviceEnvironment.IDENTITY_SECRET.parse(undefined) }))
  .superRefine(refuseUnsafeTokens);

/** The services behind the edge, named as the route table names its owners. */
export type ServiceName = 'course' | 'degree' | 'student';

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
  /** Whether an edge that starts fetches the catalogue before anybody asks for it. */
  readonly warmUp: boolean;
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
  /** Whether requests are turned away once answers take longer than the target. */
  readonly shedding: { readonly enabled: boolean; readonly targetMs: number };
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
    warmUp: given.CACHE_WARM_UP,
    tokenKeys: tokenKeysOf(given),
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
    shedding: { enabled: given.SHEDDING, targetMs: given.SHEDDING_TARGET_MS },
    trustedProxies: given.TRUST_PROXY,
  };
}

export function options(env: NodeJS.ProcessEnv = process.env): ServiceOptions {
  const given = readConfig(environment, env);
  return serviceOptions(given, {
    name: 'edge-gateway',
    port: given.EDGE_PORT,
    portVariable: ports.edgeGateway.variable,
    isPublic: true,
    connectionLimits: {
      maxConnections: given.MAX_CONNECTIONS,
      maxRequestsPerConnection: given.MAX_REQUESTS_PER_CONNECTION,
    },
  });
}

/** Token under which the modules of the edge find `EdgeConfig`. */
export const EDGE_CONFIG = Symbol('EDGE_CONFIG');
