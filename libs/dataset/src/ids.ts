/** Ids of seeded catalogue entities, made from their codes: services agree on them without asking each other. */
import { createHash } from 'node:crypto';

/** Ours alone; the ids of every seeded database hang on it, so it never changes. */
const CATALOGUE_NAMESPACE = '6d9a2c1e-4f0b-5a3d-9e57-1b8c0f2d7a64';

export const courseId = (code: string): string => uuidV5(CATALOGUE_NAMESPACE, `course/${code}`);

export const degreeId = (code: string): string => uuidV5(CATALOGUE_NAMESPACE, `degree/${code}`);

/** Id of the requirement at `position`, from 0, of a seeded degree. */
export const requirementId = (degreeCode: string, position: number): string =>
  uuidV5(CATALOGUE_NAMESPACE, `degree/${degreeCode}/requirement/${position}`);

/** Id of the constraint of one kind of a seeded degree. */
export const constraintId = (degreeCode: string, kind: string): string =>
  uuidV5(CATALOGUE_NAMESPACE, `degree/${degreeCode}/constraint/${kind}`);

/** Name-based UUID, RFC 9562 section 5.5: SHA-1 of namespace and name, with version and variant set. */
export function uuidV5(namespace: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
