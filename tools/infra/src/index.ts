export { runBin, stopSignal } from './bin.js';
export { findChromium } from './chromium.js';
export {
  defaultInfraDir,
  readInfraConfig,
  workspaceRoot,
  type InfraConfig,
  type ServiceAddress,
} from './config.js';
export { Custody, type CustodyOptions, type KeptPart } from './custody.js';
export { databaseHome, makeDataDirectory, makeDirectory, programHome } from './database-home.js';
export type { RunningPart } from './databases.js';
export { InfraError } from './infra-error.js';
export { startInfluxdb, type InfluxdbOptions } from './influxdb.js';
export { executeAbandonedWills } from './last-will.js';
export { withLock } from './lock.js';
export { startNginx, type NginxOptions } from './nginx.js';
export {
  findPackaged,
  startPackagedServer,
  stopPackagedServer,
  type PackagedProgram,
  type PackagedServer,
  type PackagedServerOptions,
} from './packaged-server.js';
export { HOST, freePort, freePorts, PortTakenError, requireFreePort } from './ports.js';
export { startPostgres, stopPostgresFast, type PostgresOptions, type RunningPostgres } from './postgres.js';
export { isRunning, type ProcessIdentity } from './processes.js';
export { alone, type Program, type ProgramSearch } from './program.js';
export { startPrometheus, type PrometheusOptions } from './prometheus.js';
export { readRecord } from './records.js';
export { startRedis, stopRedis, type RedisOptions, type RunningRedis } from './redis.js';
export { startStack, type RunningStack, type StackOptions } from './running-stack.js';
export { oneMore, serviceParts, type StackPart } from './stack-parts.js';
export { fromPackage } from './system-package.js';
