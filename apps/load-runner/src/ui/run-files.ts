// The folders of finished runs: which there are, and their files.

import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { RunRecord } from '../analysis/record.js';

const runIdPattern = /^[0-9T-]{19}-[a-z0-9-]{1,60}$/;
const filePattern = /^[a-z0-9_-]+\.[a-z0-9]+$/;
const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
};
/** More than anybody scrolls through. */
const maxListed = 50;

export interface EarlierRun {
  readonly id: string;
  readonly profile: string;
  readonly startedAt: string;
  readonly outcome: string;
  readonly requests: number;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

export class RunFiles {
  /** A run that was written does not change any more. */
  private readonly known = new Map<string, EarlierRun>();

  constructor(private readonly folder: string) {}

  /** The latest first; a folder without a readable record is none of ours. */
  async list(): Promise<EarlierRun[]> {
    const names = existsSync(this.folder) ? await readdir(this.folder) : [];
    const ids = names.filter((name) => runIdPattern.test(name)).sort();
    const runs = await Promise.all(
      ids
        .slice(-maxListed)
        .reverse()
        .map((id) => this.describe(id)),
    );
    return runs.filter((run) => run !== undefined);
  }

  send(reply: FastifyReply, { id, file }: { readonly id: string; readonly file: string }): FastifyReply {
    const path = join(this.folder, id, file);
    const type = types[file.split('.').at(-1) ?? ''];
    if (!runIdPattern.test(id) || !filePattern.test(file) || !type || !existsSync(path))
      return reply.code(404).send({ success: false, message: 'there is no such report' });
    return reply.type(type).send(createReadStream(path));
  }

  private async describe(id: string): Promise<EarlierRun | undefined> {
    const known = this.known.get(id);
    if (known) return known;
    const folder = join(this.folder, id);
    try {
      const record = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as RunRecord;
      const names = (await readdir(folder)).filter((name) => filePattern.test(name)).sort();
      const files = await Promise.all(
        names.map(async (name) => ({ name, bytes: (await stat(join(folder, name))).size })),
      );
      const run = {
        ...{ id, profile: record.profile.name, startedAt: record.startedAt, files },
        ...{ outcome: record.verdict.outcome, requests: record.total.requests },
      };
      this.known.set(id, run);
      return run;
    } catch {
      // Being written right now, or of another making.
      return undefined;
    }
  }
}

export function addRunFiles(app: FastifyInstance, files: RunFiles): void {
  app.get('/runs', async () => files.list());
  app.get<{ Params: { id: string; file: string }; Querystring: { download?: string } }>(
    '/reports/:id/:file',
    async (request, reply) => {
      const { id, file } = request.params;
      if (request.query.download && filePattern.test(file) && runIdPattern.test(id))
        void reply.header('content-disposition', `attachment; filename="${id}_${file}"`);
      return files.send(reply, { id, file });
    },
  );
}
