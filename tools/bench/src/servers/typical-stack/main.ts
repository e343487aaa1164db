/**
 * What most teams would run: Nest on Express, answers cached as objects by cache-manager's interceptor and serialised
 * for every request. Everything else (logging, security headers, metrics) is left out, which flatters it.
 */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import { answerParent } from '../../child-module.js';
import { AppModule, type Documents } from './app.module.js';

answerParent(async ({ documents }: { documents: Documents }) => {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.from(documents), { logger: false });
  await app.listen(0, '127.0.0.1');
  return { port: (app.getHttpServer().address() as AddressInfo).port };
});
