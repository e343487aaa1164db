import type { DynamicModule } from '@nestjs/common';
import { Logger, LoggerModule, type Params, PinoLogger } from 'nestjs-pino';

const INFO = 30;

/** Nest tells every module and route that it sets up; that is no news to anybody. */
const SET_UP = new Set([
  'InstanceLoader',
  'RouterExplorer',
  'RoutesResolver',
  'NestFactory',
  'NestApplication',
]);

/** Structured logs with the request id on every line; requests are logged only where there is something to see. */
export const loggingModule = (service: string, level: string): DynamicModule =>
  LoggerModule.forRoot(params(service, level));

/** The same log for what happens before Nest has made its modules: waiting for a database, for one. */
export function startLogger(service: string, level: string): Logger {
  const same = params(service, level);
  return new Logger(new PinoLogger(same), same);
}

const params = (service: string, level: string): Params => ({
  pinoHttp: {
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    redact: ['req.headers.authorization', 'req.headers.cookie', 'req.headers["x-flowchart-identity"]'],
    quietReqLogger: true,
    hooks: {
      logMethod(args, method, level) {
        const [fields] = args as [unknown];
        const context =
          typeof fields === 'object' && fields !== null && 'context' in fields ? fields.context : '';
        if (level > INFO || !SET_UP.has(String(context))) method.apply(this, args);
      },
    },
    customAttributeKeys: { reqId: 'requestId' },
    customLogLevel: (_request, response, error) => {
      if (error ?? response.statusCode >= 500) return 'error';
      return level === 'debug' || level === 'trace' ? 'debug' : 'silent';
    },
  },
  // Actuator probes come every second from everywhere; nothing below them needs a request id.
  // Actuator probes come every second from everywhere; nothing below them needs a request id.
  exclude: [{ path: 'actuator/{*rest}', method: 0 }],
});
