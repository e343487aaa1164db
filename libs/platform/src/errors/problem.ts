import { STATUS_CODES } from 'node:http';
import type { Problem } from '@flowchart/contracts';
import { HttpException } from '@nestjs/common';
import { AppError } from './app-error.js';

/** The request as far as its problem answer shows it. */
export interface ProblemContext {
  readonly path: string;
  readonly requestId: string;
}

interface HttpFault {
  readonly status: number;
  readonly detail: string;
}

/** Renders any thrown value; only an `AppError` and faults of the client's own tell their message. */
export function toProblem(error: unknown, { path, requestId }: ProblemContext): Problem {
  if (error instanceof AppError) {
    const { code, status, title } = error.kind;
    const type = `urn:flowchart:problem:${code.toLowerCase().replaceAll('_', '-')}`;
    return { type, title, status, detail: error.detail, instance: path, requestId, ...error.extensions };
  }
  const { status, detail } = httpFault(error);
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: 'about:blank', title, status, detail, instance: path, requestId };
}

const UNEXPECTED: HttpFault = {
  status: 500,
  detail: 'Something went wrong on our side. The request id finds it in the logs.',
};

/** Faults that Fastify (`statusCode`) and Nest (`getStatus()`) found in the request. */
function httpFault(error: unknown): HttpFault {
  if (!(error instanceof Error)) return UNEXPECTED;
  const status = statusOf(error);
  const isClients = status >= 400 && status < 500;
  return isClients
    ? { status, detail: error.message }
    : { ...UNEXPECTED, status: status === 503 ? 503 : 500 };
}

function statusOf(error: Error): number {
  if (error instanceof HttpException) return error.getStatus();
  if ('statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return 500;
}
