// A small stand-in for the edge gateway: the routes that journeys use, with real behaviour where checks look at it.

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { sleep } from './settled.js';

const courseCredits = 3;
const departments = ['Computer Science', 'Mathematics', 'Philosophy & Logic'];

interface FakeCourse {
  id: string;
  code: string;
  title: string;
  department: string;
  level: string;
  credits: number;
  description: string;
  terms: string[];
  prerequisites: string[];
  version: number;
}

const courses: FakeCourse[] = Array.from({ length: 60 }, (_, index) => ({
  id: randomUUID(),
  code: `CS${100 + index}`,
  title: `Course ${index}`,
  department: departments[index % departments.length] ?? '',
  level: index % 2 === 0 ? 'UNDERGRADUATE' : 'GRADUATE',
  credits: courseCredits,
  description: 'What it is about. '.repeat(10),
  terms: ['FALL', 'SPRING'],
  prerequisites: index % 3 === 0 ? [] : ['CS100'],
  version: 1,
}));
const degrees = ['MSCS', 'BSCS', 'BAPHIL'].map((code) => ({
  ...{ id: randomUUID(), code, name: code, level: 'GRADUATE', department: 'Computer Science' },
  ...{ totalCredits: 36, version: 1 },
}));

const passed = {
  ...{ term: '2024-FALL', code: 'CS100', title: 'Course 0', credits: courseCredits },
  ...{ grade: 'A', transfer: false },
};

interface Account {
  id: string;
  plan: { terms: { term: string; courses: string[] }[]; version: number };
}

/** What a system can get wrong without anybody noticing while it happens. */
interface Faults {
  /** Plans are acknowledged and not saved. */
  losesPlans: boolean;
  /** Tokens live on after the logout. */
  keepsSessions: boolean;
  /** What is stored has a title that the origin does not have any more. */
  staleLists: boolean;
  staleCourses: boolean;
}

type Override = (request: IncomingMessage, response: ServerResponse) => boolean;

export class FakeEdge {
  readonly seen: string[] = [];
  private readonly server: Server;
  private readonly accounts = new Map<string, Account>();
  private readonly sessions = new Map<string, string>();
  /** Pages of odd sizes that were asked for, and are stored since. */
  private readonly pages = new Set<string>();
  /** Answers instead of the fake when it returns true. */
  override: Override = () => false;
  /** How long every answer takes. */
  delayMs = 0;
  readonly faults: Faults = {
    losesPlans: false,
    keepsSessions: false,
    staleLists: false,
    staleCourses: false,
  };

  constructor() {
    this.server = createServer((request, response) => void this.handle(request, response));
    this.server.keepAliveTimeout = 60_000;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Ends every session behind the users' backs. */
  forgetSessions(): void {
    this.sessions.clear();
  }

  /** Saves a plan behind the user's back, as a second tab would. */
  touchPlans(): void {
    for (const account of this.accounts.values()) account.plan.version++;
  }

  /** Saves this for everybody as the next version. */
  overwritePlans(terms: Account['plan']['terms']): void {
    for (const account of this.accounts.values()) account.plan = { terms, version: account.plan.version + 1 };
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await text(request);
    const url = new URL(request.url ?? '/', 'http://edge');
    this.seen.push(`${request.method} ${request.url}`);
    if (this.override(request, response)) return;
    if (this.delayMs > 0) await sleep(this.delayMs);
    const body = received === '' ? {} : (JSON.parse(received) as Record<string, unknown>);
    const parts = url.pathname.slice(1).split('/');
    if (parts[0] === 'actuator') send(response, 200, { status: 'UP' });
    else if (parts[0] === 'courses') this.course(request, response, parts, url.searchParams);
    else if (parts[0] === 'degrees') this.degree(request, response, parts);
    else if (parts[0] === 'auth' && parts[1] === 'login') this.login(response, body);
    else this.student(request, response, url.pathname, body);
  }

  private course(
    request: IncomingMessage,
    response: ServerResponse,
    parts: string[],
    query: URLSearchParams,
  ): void {
    if (parts.length === 1) {
      const found = courses.filter(
        (course) =>
          (query.get('level') ?? course.level) === course.level &&
          (query.get('department') ?? course.department) === course.department &&
          course.code.toLowerCase().includes(query.get('q') ?? ''),
      );
      const limit = Number(query.get('limit') ?? 20);
      const from = Number(query.get('cursor') ?? 0);
      const next = from + limit < found.length ? String(from + limit) : null;
      const page = { limit, total: found.length, next };
      const items = found.slice(from, from + limit);
      this.list(request, response, { items, page });
      return;
    }
    const course = courses.find(({ id, code }) =>
      parts[1] === 'code' ? code === parts[2] : id === parts[1],
    );
    if (!course) send(response, 404, { status: 404 });
    else if (parts[2] === 'prerequisites') cached(request, response, { course, requires: [] });
    else cached(request, response, this.faults.staleCourses ? aged(course) : course);
  }

  /** A page of a size of somebody's own comes from the origin, once. */
  private list(
    request: IncomingMessage,
    response: ServerResponse,
    { items, page }: { items: readonly object[]; page: object },
  ): void {
    const { url = '' } = request;
    if (/limit=(?!100)/.test(url) && !this.pages.has(url)) {
      this.pages.add(url);
      send(response, 200, { items, page }, { 'x-cache': 'MISS' });
    } else cached(request, response, { items: this.faults.staleLists ? items.map(aged) : items, page });
  }

  private degree(request: IncomingMessage, response: ServerResponse, parts: string[]): void {
    const degree = degrees.find(({ id, code }) =>
      parts[1] === 'code' ? code === parts[2] : id === parts[1],
    );
    const page = { limit: 100, total: degrees.length, next: null };
    if (parts.length === 1) this.list(request, response, { items: degrees, page });
    else if (!degree) send(response, 404, { status: 404 });
    else if (parts[1] === 'code') cached(request, response, degree, '"1"');
    else if (parts[2] === 'flowchart')
      cached(request, response, { degreeId: degree.id, nodes: [], edges: [], layers: [['CS100']] });
    else cached(request, response, { degreeId: degree.id, [parts[2] ?? '']: [] }, '"1"');
  }

  private login(response: ServerResponse, { username, password }: Record<string, unknown>): void {
    if (password !== 'flowchart' || typeof username !== 'string') return send(response, 401, { status: 401 });
    const token = randomUUID();
    this.sessions.set(token, username);
    send(response, 200, { accessToken: token, tokenType: 'Bearer', expiresIn: 900, sessionId: token });
  }

  private student(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    body: Record<string, unknown>,
  ): void {
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    const username = this.sessions.get(token);
    if (path === '/auth/status') return send(response, 200, { authenticated: username !== undefined });
    if (username === undefined) return send(response, 401, { status: 401 });
    let account = this.accounts.get(username);
    if (!account)
      this.accounts.set(username, (account = { id: randomUUID(), plan: { terms: [], version: 0 } }));
    const answers: Record<string, () => unknown> = {
      '/students/me': () => ({
        ...{ id: account.id, username, name: username, email: `${username}@example.org` },
        ...{ level: 'GRADUATE', degreeCode: 'MSCS', admittedTerm: '2024-FALL' },
      }),
      '/students/me/transcript': () => ({
        entries: [passed],
        gpa: 3.5,
        creditsEarned: 3,
      }),
      '/students/me/audit': () => ({ degree: { id: degrees[0]?.id, code: 'MSCS' } }),
    };
    const answer = answers[path];
    if (answer) send(response, 200, answer());
    else if (path === '/auth/logout') this.logout(response, token);
    else this.plan(request, response, account, body);
  }

  private logout(response: ServerResponse, token: string): void {
    if (!this.faults.keepsSessions) this.sessions.delete(token);
    response.writeHead(204).end();
  }

  private plan(
    request: IncomingMessage,
    response: ServerResponse,
    account: Account,
    body: Record<string, unknown>,
  ): void {
    const { plan } = account;
    if (request.method === 'PUT') {
      if (request.headers['if-match'] !== `"${plan.version}"`) return send(response, 412, { status: 412 });
      const saved = { terms: body['terms'] as Account['plan']['terms'], version: plan.version + 1 };
      if (!this.faults.losesPlans) account.plan = saved;
      return sendPlan(response, account.id, saved);
    }
    sendPlan(response, account.id, plan);
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

function sendPlan(response: ServerResponse, studentId: string, { terms, version }: Account['plan']): void {
  const withCredits = terms.map((term) => ({ ...term, credits: term.courses.length * courseCredits }));
  send(response, 200, { studentId, terms: withCredits, version }, { etag: `"${version}"` });
}

function cached(
  request: IncomingMessage,
  response: ServerResponse,
  body: unknown,
  etag = `"${Buffer.from(JSON.stringify(body)).length.toString(36)}"`,
): void {
  if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
  else send(response, 200, body, { etag, 'x-cache': 'L1' });
}

const aged = (item: object): object => ({ ...item, title: 'As it was called before' });
