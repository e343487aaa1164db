/** Password checks for the edge. */
import { credentialsPath, type Login, loginSchema, type VerifiedCredentials } from '@flowchart/contracts';
import { ZodPipe } from '@flowchart/platform';
import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { AccountsService } from './accounts.service.js';

@Controller()
export class AccountsController {
  constructor(private readonly accounts: AccountsService) {}

  @Post(credentialsPath)
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  verify(@Body(new ZodPipe(loginSchema)) login: Login): Promise<VerifiedCredentials> {
    return this.accounts.verify(login);
  }
}
