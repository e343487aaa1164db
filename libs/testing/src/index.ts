export { createTestDatabase, type TestDatabase } from './database.js';
export { Door } from './door.js';
export { eventually } from './eventually.js';
export { runK6Script, type K6RunOptions } from './k6/run.js';
export type { K6Run } from './k6/messages.js';
export { startTestInfluxdb, startTestNginx, startTestPrometheus, type TestServer } from './packaged.js';
export { testRedisUrl } from './redis.js';
export { startTestServers, type TestServers } from './servers.js';
export { asCaller, asEdge, startTestService, testServiceOptions, type TestService } from './service.js';
