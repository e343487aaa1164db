// Who runs in the local stack, as its supervisor writes it down: names, processes and ports, which change when a part is restarted.

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseTarget } from '../engine/run.js';
import { isLoopback } from '../loopback.js';

const stackFile = z.object({
  parts: z.array(z.object({ name: z.string(), pid: z.number().int(), port: z.number().int() })),
});

export type LocalPart = z.output<typeof stackFile>['parts'][number];

export class StackFile {
  constructor(private readonly path: string) {}

  /** All parts that run now; none while there is no stack. */
  parts(): readonly LocalPart[] {
    try {
      return stackFile.parse(JSON.parse(readFileSync(this.path, 'utf8'))).parts;
    } catch {
      // No such file, or one that is of no use: either way nobody is known.
      return [];
    }
  }

  find(name: string): LocalPart | undefined {
    return this.parts().find((part) => part.name === name);
  }

  /** Whether a part of this stack is what listens at the address. */
  serves(baseUrl: string): boolean {
    const { hostname, port } = parseTarget(baseUrl);
    return isLoopback(hostname) && this.parts().some((part) => part.port === port);
  }
}
