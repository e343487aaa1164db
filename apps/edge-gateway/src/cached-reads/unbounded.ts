import type { EdgeRoute } from '@flowchart/contracts';
import { z } from 'zod';

/**
 * Whether a client can make as many addresses like `address` as it likes, each with an answer of its own. What a path
 * names is bounded by what there is; a parameter is bounded when it takes one of a few values or has its default.
 */
export function isUnbounded(route: EdgeRoute, address: string): boolean {
  const [, search = ''] = address.split('?', 2);
  const shape: Readonly<Record<string, z.core.$ZodType>> = route.query?.shape ?? {};
  return [...new URLSearchParams(search)].some(([name, value]) => !isBounded(shape[name], value));
}

function isBounded(parameter: z.core.$ZodType | undefined, value: string): boolean {
  if (parameter instanceof z.ZodOptional) return isBounded(parameter.unwrap(), value);
  if (parameter instanceof z.ZodDefault) return String(parameter.def.defaultValue) === value;
  return parameter instanceof z.ZodEnum;
}
