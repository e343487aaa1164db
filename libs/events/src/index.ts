export { EventPublisher } from './event-publisher.js';
export { EventSubscriber, type EventListener } from './event-subscriber.js';
export { EventsModule } from './events.module.js';
export { REDIS, type EventsOptions } from './redis.tokens.js';
