import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { credentialsPath, type Identity } from '@flowchart/contracts';

export interface OriginRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface OriginAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

type Answering = OriginAnswer | ((request: OriginRequest) => OriginAnswer | Promise<OriginAnswer>);

export const student: Identity = {
  subject: '00000000-0000-4000-8000-000000000001',
  name: 'Ada Student',
  role: 'student',
  degreeCode: 'MSCS',
};
const registrar: Identity = {
  ...student,
  subject: '00000000-0000-4000-8000-000000000002',
  role: 'registrar',
  degreeCode: null,
};
const password = 'flowchart';

/** A small real server that stands for the services behind the edge: it answers what a spec tells it to. */
export class TestOrigin {
  /** What it was asked, health aside. */
  readonly asked: OriginRequest[] = [];
  private readonly answers = new Map<string, Answering>();
  private others: Answering = nothingThere;
  private server: Server | undefined;
  private port = 0;

  static async start(): Promise<TestOrigin> {
    const origin = new TestOrigin();
    origin.on(`POST ${credentialsPath}`, verifyCredentials);
    origin.on('GET /actuator/health/readiness', {});
    await origin.open();
    return origin;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** `on('GET /courses?limit=20', …)`; anything else is 404. */
  on(request: string, answer: Answering): void {
    this.answers.set(request, answer);
  }

  /** What it answers where no `on` says anything. */
  otherwise(answer: Answering): void {
    this.others = answer;
  }

  timesAsked(request: string): number {
    return this.asked.filter(({ method, path }) => `${method} ${path}` === request).length;
  }

  /** Listens again on the port it had. */
  async open(): Promise<void> {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Goes as a killed process goes: connections break off. */
  async kill(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await receive(request);
    const { method, path } = received;
    if (!path.startsWith('/actuator/')) this.asked.push(received);
    const answering = this.answers.get(`${method} ${path}`) ?? this.others;
    send(typeof answering === 'function' ? await answering(received) : answering, response);
  }
}

async function receive(request: IncomingMessage): Promise<OriginRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url: path = '', headers } = request;
  return { method, path, headers, body: Buffer.concat(chunks) };
}

function send({ status = 200, headers = {}, body = {} }: OriginAnswer, response: ServerResponse): void {
  const type = status < 400 ? 'application/json; charset=utf-8' : 'application/problem+json; charset=utf-8';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(status === 204 ? undefined : JSON.stringify(body));
}

const problem = (status: number, title: string, path: string): OriginAnswer => ({
  status,
  body: {
    type: 'urn:test:problem',
    title,
    status,
    detail: `${title} at the origin`,
    instance: path,
    requestId: 'origin',
  },
});

const nothingThere = ({ path }: OriginRequest): OriginAnswer => problem(404, 'Not found', path);

function verifyCredentials({ body, path }: OriginRequest): OriginAnswer {
  const login = JSON.parse(body.toString('utf8')) as { username: string; password: string };
  if (login.password !== password) return problem(401, 'Wrong credentials', path);
  const identity = login.username === 'registrar' ? registrar : student;
  return { body: { username: login.username, identity } };
}

export const credentialsOf = (username: 'student1' | 'registrar') => ({ username, password });
