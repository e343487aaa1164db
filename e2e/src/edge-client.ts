/** Talks to the edge as a browser or script would; nothing here knows how it works inside. */
import type { AccessToken } from '@flowchart/contracts';
import { edgeUrl } from './config.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; fails where it is none. */
  readonly json: never;
}

export interface Call {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly token?: string | undefined;
  /** Sent as it is when a string or bytes, as JSON otherwise. */
  readonly body?: unknown;
  readonly baseUrl?: string;
}

const isRaw = (body: unknown): body is string | Uint8Array<ArrayBuffer> =>
  typeof body === 'string' || body instanceof Uint8Array;

export async function call(
  path: string,
  { method, headers = {}, token, body, baseUrl }: Call = {},
): Promise<Answer> {
  const init: RequestInit = { method: method ?? (body === undefined ? 'GET' : 'POST'), redirect: 'manual' };
  const sent: Record<string, string> = { ...headers };
  if (token) sent['authorization'] = `Bearer ${token}`;
  if (body !== undefined) {
    sent['content-type'] ??= 'application/json';
    init.body = isRaw(body) ? body : JSON.stringify(body);
  }
  const answer = await fetch(`${baseUrl ?? edgeUrl()}${path}`, { ...init, headers: sent });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    get json(): never {
      return JSON.parse(text) as never;
    },
  };
}

export async function login(
  username = 'student1',
  password = 'flowchart',
  baseUrl?: string,
): Promise<AccessToken> {
  const answer = await call('/auth/login', {
    body: { username, password },
    ...(baseUrl !== undefined && { baseUrl }),
  });
  if (answer.status !== 200) throw new Error(`login answered ${answer.status}: ${answer.text}`);
  return answer.json;
}
