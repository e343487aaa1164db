/** Which codings of an answer a client takes (RFC 9110, 12.5.3). */
import { RecentMap } from '@flowchart/kernel';

export type Coding = 'br' | 'gzip' | 'identity';

/** What a client takes, best first; never empty. */
export type Accepted = readonly Coding[];

/** In the order of our own preference, which decides where the client has none. */
const codings: readonly Coding[] = ['br', 'gzip', 'identity'];

/** RFC 9110 lets any coding be sent to a client that says nothing; it is scripts that say nothing, and they cannot decode. */
const unsaid: Accepted = ['identity'];

/** Browsers, proxies and tools have a dozen spellings among them; whoever invents more pays for reading them. */
const REMEMBERED_SPELLINGS = 64;
const REMEMBERED_LENGTH = 128;
const spellings = new RecentMap<string, Accepted>(REMEMBERED_SPELLINGS);

export function acceptedCodings(header: string | string[] | undefined): Accepted {
  if (header === undefined) return unsaid;
  const spelling = String(header);
  const known = spellings.get(spelling);
  if (known !== undefined) return known;
  const accepted = read(spelling);
  if (spelling.length <= REMEMBERED_LENGTH) spellings.set(spelling, accepted);
  return accepted;
}

function read(header: string): Accepted {
  const weights = new Map<string, number>();
  for (const member of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = member.split(';').map((part) => part.trim());
    const weight = weightOf(parameters);
    // The alias is RFC 9110's, 8.4.1.3. What is not understood is as good as not said.
    if (weight !== undefined) weights.set(name === 'x-gzip' ? 'gzip' : name, weight);
  }
  const weightFor = (coding: Coding): number => weights.get(coding) ?? weights.get('*') ?? unnamed(coding);
  const accepted = codings
    .filter((coding) => weightFor(coding) > 0)
    .sort((one, other) => weightFor(other) - weightFor(one));
  // RFC 9110, 12.4.1: whoever refuses all that there is may be answered as if it had said nothing.
  return accepted.length > 0 ? accepted : unsaid;
}

const qvalue = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

function weightOf(parameters: readonly string[]): number | undefined {
  if (parameters.length === 0) return 1;
  const [, weight] = qvalue.exec(parameters.join(';')) ?? [];
  return weight === undefined ? undefined : Number(weight);
}

/** Identity need not be named to be taken, but whoever names others would rather have those. */
const unnamed = (coding: Coding): number => (coding === 'identity' ? 0.0001 : 0);
