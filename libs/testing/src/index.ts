export { createTestDatabase, type TestDatabase } from './database.js';
export { Door } from './door.js';
export { eventually } from './eventually.js';
export { startTestInfluxdb, startTestNginx, startTestPrometheus, type TestServer } from './packaged.js';
export { testRedisUrl } from './redis.js';
export { startTestServers, type TestServers } from './servers.js';
export { asCaller, asEdge, startTestService, testServiceOptions, type TestService } from './service.js';
