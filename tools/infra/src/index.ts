export { readInfraConfig, type InfraConfig, type ServiceAddress } from './config.js';
export { Custody, type CustodyOptions, type KeptPart } from './custody.js';
export type { RunningPart } from './databases.js';
export { InfraError } from './infra-error.js';
export { freePort, PortTakenError, requireFreePort } from './ports.js';
export { startPostgres, stopPostgresFast, type PostgresOptions, type RunningPostgres } from './postgres.js';
export { startRedis, stopRedis, type RedisOptions, type RunningRedis } from './redis.js';
export { startStack, type RunningStack, type StackOptions } from './running-stack.js';
export { serviceParts, type StackPart } from './stack-parts.js';
