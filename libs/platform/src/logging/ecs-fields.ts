// Gives what is logged the names of the Elastic Common Schema, without the secrets in it.
import { redacted, redactText } from './redaction.js';
import { traceContextOf } from './trace-context.js';

export const ECS_VERSION = '8.17.0';

/** Where fields go that the schema has no name for, so that they never collide with one. */
const OWN = 'flowchart';
const MAX_CAUSES = 5;

type Fields = Record<string, unknown>;

const ecsNames: Readonly<Record<string, string>> = {
  requestId: 'http.request.id',
  status: 'http.response.status_code',
};

/** `err` becomes `error.*`; a name with a dot is one of the schema already; all else goes below `flowchart`. */
export function ecsFields(given: object): Fields {
  const known: Fields = {};
  const own: Fields = {};
  let error: Fields = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (name === 'err') error = errorFields(value);
    else if (name.includes('.')) known[name] = value;
    else if (Object.hasOwn(ecsNames, name)) known[ecsNames[name] as string] = value;
    else own[name] = value;
  }
  const fields = { ...(redacted(known) as Fields), ...error };
  return Object.keys(own).length > 0 ? { ...fields, [OWN]: redacted(own) } : fields;
}

/** `error.type`, `error.message`, `error.code` and `error.stack_trace`, the last with that of all causes. */
export function errorFields(error: unknown): Fields {
  if (!(error instanceof Error)) return { 'error.message': textOf(redacted(error)) };
  try {
    return {
      'error.type': typeOf(error),
      'error.message': redactText(String(error.message)),
      'error.code': codeOf(error),
      'error.stack_trace': redactText(stackOf(error)),
    };
  } catch {
    return { 'error.message': 'an error that cannot be read' };
  }
}

export function traceFields(traceparent: unknown): Fields {
  const trace = traceparent === undefined ? undefined : traceContextOf(traceparent);
  return trace ? { 'trace.id': trace.traceId, 'span.id': trace.spanId } : {};
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const typeOf = ({ name, constructor }: Error): string => (name === 'Error' ? constructor.name : name);

function codeOf(error: Error & { code?: unknown }): string | undefined {
  return typeof error.code === 'string' ? redactText(error.code) : undefined;
}

function stackOf(error: Error): string {
  const stacks: string[] = [];
  for (let cause: unknown = error; cause instanceof Error && stacks.length < MAX_CAUSES; cause = cause.cause)
    stacks.push(cause.stack ?? String(cause));
  return stacks.join('\ncaused by: ');
}
