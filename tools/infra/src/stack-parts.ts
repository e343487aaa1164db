/** The services of the stack, and how each is run. */
import { execPath } from 'node:process';
import { serviceProgram, workspaceRoot, type InfraConfig } from './config.js';
import { InfraError } from './infra-error.js';
import { exists } from './records.js';

export interface StackPart {
  readonly name: string;
  readonly port: number;
  /** Moves the port; named when it is taken. */
  readonly variable: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** What this part alone is started with, besides what all are. */
  readonly env?: Readonly<Record<string, string>>;
}

export const serviceParts = (config: InfraConfig): StackPart[] =>
  config.services.map((service) => ({
    ...service,
    command: execPath,
    args: [serviceProgram(service.name)],
    cwd: workspaceRoot,
  }));

/** One more process of the same service: on a port of its own, with variables of its own. */
export const oneMore = (
  part: StackPart,
  { name, port, env }: Pick<StackPart, 'name' | 'port' | 'env'>,
): StackPart => ({ ...part, name, port, env: { ...env, [part.variable]: String(port) } });

export async function requireBuilt(parts: readonly StackPart[]): Promise<void> {
  const programs = parts.map(({ args }) => args[0] ?? '');
  const present = await Promise.all(programs.map(exists));
  const missing = programs.filter((_, index) => !present[index]);
  if (missing.length > 0)
    throw new InfraError(`Not built: ${missing.join(', ')}. Run: npx nx run-many -t build`);
}
