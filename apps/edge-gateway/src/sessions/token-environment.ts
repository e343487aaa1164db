/** Keys and issuers of tokens, as the environment gives them. */
import { urlVariable } from '@flowchart/platform';
import { z } from 'zod';
import { parseKeyRing } from './key-ring.js';

/** Where the keys of access tokens come from; the file, where there is one. */
export interface TokenKeysConfig {
  readonly pem: string;
  readonly file?: string | undefined;
  /** How often a change of the file is looked for. */
  readonly watchEveryMs: number;
}

/** A foreign issuer whose tokens are taken, and how they are understood. */
export interface IssuerConfig {
  readonly issuer: string;
  readonly audience: string;
  /** The claim that has the student's id. */
  readonly subjectClaim: string;
  /** The claim that has the role, or a list of them, and the role of a registrar. */
  readonly roleClaim: string;
  readonly registrarRole: string;
  /** An issuer that failed, or did not know a key, is left alone for so long. */
  readonly pauseMs: number;
}

/** Published here, so that a laptop needs no set-up; production refuses it. */
const developmentKey = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIFOOB8bV1icgsbUxzMLlmx8CrEFrBt42YfPUibvhknxm
-----END PRIVATE KEY-----
`;
const KEYS_WATCH_MS = 5000;
const ISSUER_PAUSE_MS = 10_000;

/** PEM, also with `\\n` written out, as some tools hand it on. */
const keysVariable = z
  .string()
  .transform((text) => text.replaceAll('\\n', '\n'))
  .superRefine((text, context) => {
    try {
      parseKeyRing(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
    }
  });

export const tokenEnvironment = {
  TOKEN_KEYS: keysVariable.optional(),
  TOKEN_KEYS_FILE: z.string().optional(),
  OIDC_ISSUER: urlVariable('http:', 'https:').optional(),
  OIDC_AUDIENCE: z.string().optional(),
  OIDC_SUBJECT_CLAIM: z.string().default('sub'),
  OIDC_ROLE_CLAIM: z.string().default('role'),
  OIDC_REGISTRAR_ROLE: z.string().default('registrar'),
} as const;

interface Given {
  readonly NODE_ENV: string;
  readonly TOKEN_KEYS?: string | undefined;
  readonly TOKEN_KEYS_FILE?: string | undefined;
  readonly OIDC_ISSUER?: string | undefined;
  readonly OIDC_AUDIENCE?: string | undefined;
  readonly OIDC_SUBJECT_CLAIM: string;
  readonly OIDC_ROLE_CLAIM: string;
  readonly OIDC_REGISTRAR_ROLE: string;
}

/** What is wrong with the variables together. */
export function refuseUnsafeTokens(given: Given, context: z.RefinementCtx): void {
  const refuse = (variable: keyof Given, message: string) =>
    context.addIssue({ code: 'custom', path: [variable], message });
  const { TOKEN_KEYS: keys, TOKEN_KEYS_FILE: file } = given;
  if (keys !== undefined && file !== undefined) refuse('TOKEN_KEYS', 'is given as TOKEN_KEYS_FILE, too');
  if (given.NODE_ENV === 'production' && file === undefined && isPublished(keys ?? developmentKey)) {
    refuse('TOKEN_KEYS', 'must be set to a key of your own in production, or TOKEN_KEYS_FILE to its file');
  }
  if (given.OIDC_ISSUER !== undefined && given.OIDC_AUDIENCE === undefined) {
    refuse('OIDC_AUDIENCE', 'must be set where OIDC_ISSUER is: tokens for others are not for us');
  }
}

/** Also where the published key only verifies: everybody could sign with it. */
const isPublished = (pem: string): boolean =>
  parseKeyRing(pem).byHeader.has(parseKeyRing(developmentKey).signing.header);

export const tokenKeysOf = ({ TOKEN_KEYS, TOKEN_KEYS_FILE }: Given): TokenKeysConfig => ({
  pem: TOKEN_KEYS ?? developmentKey,
  file: TOKEN_KEYS_FILE,
  watchEveryMs: KEYS_WATCH_MS,
});

export function issuerOf(given: Given): IssuerConfig | undefined {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience } = given;
  if (issuer === undefined || audience === undefined) return undefined;
  return {
    issuer,
    audience,
    subjectClaim: given.OIDC_SUBJECT_CLAIM,
    roleClaim: given.OIDC_ROLE_CLAIM,
    registrarRole: given.OIDC_REGISTRAR_ROLE,
    pauseMs: ISSUER_PAUSE_MS,
  };
}
