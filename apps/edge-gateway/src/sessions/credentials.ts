import { credentialsPath, type Login, roleSchema, type VerifiedCredentials } from '@flowchart/contracts';
import { AppError } from '@flowchart/platform';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { edgeErrors } from '../errors.js';
import { Upstreams } from '../upstreams/upstreams.js';

const verifiedSchema = z.object({
  username: z.string(),
  identity: z.object({
    subject: z.string().min(1),
    name: z.string(),
    role: roleSchema,
    degreeCode: z.string().nullable(),
  }),
});

/** Passwords are student-service's; the edge only asks. */
@Injectable()
export class Credentials {
  constructor(private readonly upstreams: Upstreams) {}

  /** Null when username and password do not belong together. */
  async verify(login: Login, requestId: string): Promise<VerifiedCredentials | null> {
    const { status, body } = await this.upstreams.logins.call({
      method: 'POST',
      path: credentialsPath,
      uri: credentialsPath,
      headers: { 'content-type': 'application/json', 'x-request-id': requestId },
      body: JSON.stringify(login),
    });
    if (status === 401) return null;
    const verified = status === 200 ? verifiedSchema.safeParse(JSON.parse(body.toString('utf8'))) : undefined;
    if (verified?.success) return verified.data;
    throw new AppError(edgeErrors.SERVICE_FAILED, 'Logins cannot be checked at the moment.', {
      cause: new Error(`${credentialsPath} answered ${status} and nothing that can be used`),
    });
  }
}
