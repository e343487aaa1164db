import { execFileSync } from 'node:child_process';

/** What `/actuator/info` tells. */
export interface ServiceInfo {
  readonly app: { name: string; version: string };
  readonly build: { node: string; startedAt: string };
  readonly git: { commit: string };
}

/** `revision` is set where an image is built; a working copy is asked itself. */
export function serviceInfo(name: string, version: string, revision: string | undefined): ServiceInfo {
  return {
    app: { name, version },
    build: { node: process.version, startedAt: new Date().toISOString() },
    git: { commit: revision ?? revisionOfWorkingCopy() },
  };
}

function revisionOfWorkingCopy(): string {
  try {
    const answer = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 2000,
    });
    return answer.trim();
  } catch {
    return 'unknown';
  }
}
