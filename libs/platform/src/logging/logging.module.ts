import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';

/** Structured logs with the request id on every line; requests are logged only where there is something to see. */
export function loggingModule(service: string, level: string): DynamicModule {
  return LoggerModule.forRoot({
    pinoHttp: {
      level,
      base: { service },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      redact: ['req.headers.authorization', 'req.headers.cookie', 'req.headers["x-flowchart-identity"]'],
      quietReqLogger: true,
      customAttributeKeys: { reqId: 'requestId' },
      customLogLevel: (_request, response, error) => {
        if (error ?? response.statusCode >= 500) return 'error';
        return level === 'debug' || level === 'trace' ? 'debug' : 'silent';
      },
    },
    // Actuator probes come every second from everywhere; nothing below them needs a request id.
    exclude: [{ path: 'actuator/{*rest}', method: 0 }],
  });
}
