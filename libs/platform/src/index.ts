export { meetsIfMatch, sendRead, sendWritten, type Answer } from './answers/answer.js';
export { codeBehind, cursorAfter } from './answers/cursor.js';
export { registerActuator, type ActuatorParts } from './actuator/actuator.js';
export { HealthRegistry, type HealthContributor, type HealthReport } from './actuator/health.registry.js';
export { AssertionSigner, AssertionVerifier, type Caller, type Party } from './auth/assertion.js';
export { derivedKeys, type IdentityKeys, keyList } from './auth/identity-keys.js';
export { CurrentIdentity, IdentityGuard, RequireRole } from './auth/identity.guard.js';
export { type ConnectionLimits, usualLimits } from './bootstrap/connection-limits.js';
export { BODY_LIMIT_BYTES, fastifyAdapter } from './bootstrap/fastify-adapter.js';
export { PlatformModule } from './bootstrap/platform.module.js';
export { newRequestId, requestIdOf } from './bootstrap/request-id.js';
export { addSecurityHeaders, securityHeaders } from './bootstrap/security-headers.js';
export { createService, runService } from './bootstrap/service.js';
export { SERVICE_OPTIONS, serviceOptions, type ServiceOptions } from './bootstrap/service-options.js';
export {
  databaseEnvironment,
  databaseUrl,
  isSeeded,
  postgresUrlVariable,
  redisEnvironment,
  redisUrl,
  serviceUrl,
  serviceUrlVariable,
} from './config/addresses.js';
export {
  msVariable,
  portVariable,
  refuseDefaultSecrets,
  secretVariable,
  serviceEnvironment,
  urlVariable,
} from './config/environment.js';
export { ConfigError, readConfig } from './config/read-config.js';
export { AppError, defineErrors, platformErrors, type ErrorKind } from './errors/app-error.js';
export { toProblem, type ProblemContext } from './errors/problem.js';
export { timeLeftMs } from './http-client/deadline.js';
export {
  exchange,
  type ExchangeAnswer,
  type ExchangeRequest,
  NoAnswer,
  type Waiting,
} from './http-client/exchange.js';
export { exchangeInTrace, type TracedRequest } from './http-client/exchange-in-trace.js';
export { KeptCopy, type KeptCopyOptions } from './http-client/kept-copy.js';
export {
  ServiceClient,
  type ServiceAnswer,
  type ServiceCall,
  type ServiceClientOptions,
} from './http-client/service-client.js';
export { AccessLog, type AccessLogOptions } from './logging/access-log.js';
export { LineBudget } from './logging/line-budget.js';
export { LogLevels, type LogLevel } from './logging/log-levels.js';
export { traceContextOf, type TraceContext } from './logging/trace-context.js';
export { requestContext, type RequestContext } from './logging/request-context.js';
export { httpServerRequests, type HttpSeries } from './metrics/http-server-meters.js';
export { HttpClientMeter, type MeasuredCall, reasonOf } from './metrics/http-client-meters.js';
export { Meters, type MeterDefinition } from './metrics/meters.js';
export type { Tags, Timer, TimerSeries } from './metrics/timer.js';
export { cacheAttribute, recordAnswered } from './tracing/server-spans.js';
export { Tracing } from './tracing/tracing.js';
export type { SpanAttributes, SpanEnd, WorkSpan } from './tracing/work-span.js';
export { parseRequest, ZodPipe } from './validation/zod.pipe.js';
