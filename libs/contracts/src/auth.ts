import { z } from 'zod';
import { degreeCodeSchema } from './degrees.js';

export const roleSchema = z.enum(['student', 'registrar']);
export type Role = z.infer<typeof roleSchema>;

export const loginSchema = z
  .strictObject({ username: z.string().min(1).max(100), password: z.string().min(1).max(200) })
  .meta({ id: 'Login' });
export type Login = z.infer<typeof loginSchema>;

export const accessTokenSchema = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal('Bearer'),
    expiresIn: z.int().describe('Seconds'),
    sessionId: z.string(),
  })
  .meta({ id: 'AccessToken' });
export type AccessToken = z.infer<typeof accessTokenSchema>;

const sessionStudent = z.object({ id: z.uuid(), name: z.string(), degreeCode: degreeCodeSchema.nullable() });

export const authStatusSchema = z
  .discriminatedUnion('authenticated', [
    z.object({ authenticated: z.literal(false) }),
    z.object({
      authenticated: z.literal(true),
      student: sessionStudent,
      session: z.object({ id: z.string(), expiresAt: z.iso.datetime() }),
    }),
  ])
  .meta({ id: 'AuthStatus' });
export type AuthStatus = z.infer<typeof authStatusSchema>;

/** The public keys of access tokens (RFC 7517, RFC 8037). */
export const keySetSchema = z
  .object({
    keys: z.array(
      z.object({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        x: z.string(),
        kid: z.string(),
        alg: z.literal('EdDSA'),
        use: z.literal('sig'),
      }),
    ),
  })
  .meta({ id: 'KeySet' });
export type KeySet = z.infer<typeof keySetSchema>;

/** Who is asking, as the edge verified it; a registrar has no degree. */
export interface Identity {
  /** The student's id; for staff the account's own id. */
  subject: string;
  name: string;
  role: Role;
  degreeCode: string | null;
}

/** Header with the signed, short-lived word of who calls a service, and from the edge also in whose name. */
export const identityHeader = 'x-flowchart-identity';

/**
 * Where the edge asks student-service about a login; never offered by the edge itself. POST a `Login`: 200 with
 * `VerifiedCredentials`, 401 for a wrong username or password alike, 503 with `Retry-After` in a storm of logins.
 */
export const credentialsPath = '/internal/credentials';

/** Whose credentials they were. */
export interface VerifiedCredentials {
  identity: Identity;
  username: string;
}
