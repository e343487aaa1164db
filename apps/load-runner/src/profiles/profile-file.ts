// Reads a profile from YAML and refuses a bad one with file, line, column and reason.

import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type YAMLParseError,
} from 'yaml';
import type { z } from 'zod';
import { seenFrom } from './baseline-schema.js';
import { profileSchema, type Profile } from './schema.js';

/** The profile cannot be used; the message says where and why, one complaint a line. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

type Path = readonly PropertyKey[];

/** Validates YAML text; `file` is for the messages, and for what the profile says relative to itself. */
export function parseProfile(text: string, file: string): Profile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new ProfileError(
      document.errors.map((error) => `${at(error.pos[0])}: ${yamlComplaint(error)}`).join('\n'),
    );
  }
  if (document.contents === null) throw new ProfileError(`${file}: is empty`);
  const result = profileSchema.safeParse(valuesOf(document, file));
  if (result.success)
    return {
      ...result.data,
      baseline: result.data.baseline && seenFrom(dirname(file), result.data.baseline),
    };
  throw new ProfileError(
    result.error.issues.map((issue) => `${at(offsetOf(document, issue))}: ${sentence(issue)}`).join('\n'),
  );
}

export function readProfile(file: string): Profile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new ProfileError(
      code === 'EISDIR' ? `${file}: is a folder; name a YAML file` : `${file}: cannot be read (${code})`,
    );
  }
  return parseProfile(text, file);
}

/** The parser speaks to programmers where a file has two documents. */
const yamlComplaint = ({ code, message }: YAMLParseError): string =>
  code === 'MULTIPLE_DOCS' ? 'a second profile begins here; give each a file of its own' : message;

/** Aliases that multiply each other are refused only when their values are asked for. */
function valuesOf(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new ProfileError(`${file}: ${(error as Error).message}`);
  }
}

function sentence(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.');
  const reason = issue.code === 'unrecognized_keys' ? `unknown: ${issue.keys.join(', ')}` : issue.message;
  return path ? `${path}: ${reason}` : reason;
}

/** Where in the file an issue belongs: the value itself, the stray key, or the nearest parent that is there. */
function offsetOf(document: Document, issue: z.core.$ZodIssue): number {
  if (issue.code === 'unrecognized_keys') {
    const key = keyNode(nodeAt(document, issue.path), issue.keys[0]);
    if (key?.range) return key.range[0];
  }
  for (let depth = issue.path.length; depth >= 0; depth--) {
    const path = issue.path.slice(0, depth);
    const node = keyNode(nodeAt(document, path.slice(0, -1)), path.at(-1)) ?? nodeAt(document, path);
    if (node?.range) return node.range[0];
  }
  return 0;
}

function nodeAt(document: Document, path: Path): Node | undefined {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : undefined;
}

function keyNode(parent: Node | undefined, key: PropertyKey | undefined): Node | undefined {
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
  return pair && isScalar(pair.key) ? pair.key : undefined;
}
