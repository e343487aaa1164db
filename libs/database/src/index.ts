export { withAdvisoryLock } from './advisory-lock.js';
export { bulkLoad, type CopyValue } from './bulk-load.js';
export { connect, type DatabaseOptions } from './connect.js';
export { DatabaseModule } from './database.module.js';
export { PG_POOL } from './database.tokens.js';
export { Outbox } from './outbox.js';
