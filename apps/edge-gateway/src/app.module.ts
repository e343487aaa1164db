import { EventsModule } from '@flowchart/events';
import { type DynamicModule, Module } from '@nestjs/common';
import { answerCache } from './cached-reads/answer-cache.js';
import { CachedReads } from './cached-reads/cached-reads.js';
import { Origin } from './cached-reads/origin.js';
import { WarmUp } from './cached-reads/warm-up.js';
import { EDGE_CONFIG, type EdgeConfig } from './config.js';
import { Forwarding } from './forwarding/forwarding.js';
import { RateLimits } from './protection/rate-limits/rate-limits.js';
import { Shedder } from './protection/shedding/shedder.js';
import { AuthHandlers } from './sessions/auth-handlers.js';
import { BoundedRedis } from './sessions/bounded-redis.js';
import { Credentials } from './sessions/credentials.js';
import { ForeignTokens } from './sessions/foreign-tokens.js';
import { Gate } from './sessions/gate.js';
import { LoginThrottle } from './sessions/login-throttle.js';
import { SessionStore } from './sessions/session-store.js';
import { Sessions } from './sessions/sessions.js';
import { SessionMeters } from './sessions/session-meters.js';
import { TokenKeys } from './sessions/token-keys.js';
import { Tokens } from './sessions/tokens.js';
import { Upstreams } from './upstreams/upstreams.js';

/** The parts of the edge; `openEdge` puts them on their routes. */
@Module({})
export class AppModule {
  static from(config: EdgeConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [EventsModule.forRoot({ redisUrl: config.redisUrl, service: 'edge' })],
      providers: [
        { provide: EDGE_CONFIG, useValue: config },
        Upstreams,
        answerCache,
        Origin,
        CachedReads,
        WarmUp,
        Forwarding,
        BoundedRedis,
        TokenKeys,
        SessionMeters,
        Tokens,
        ForeignTokens,
        SessionStore,
        Sessions,
        Gate,
        Credentials,
        LoginThrottle,
        RateLimits,
        Shedder,
        AuthHandlers,
      ],
    };
  }
}
