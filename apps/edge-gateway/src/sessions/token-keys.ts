/** Which keys sign and verify access tokens now. */
import { readFileSync, statSync, unwatchFile, watchFile } from 'node:fs';
import { ConfigError } from '@flowchart/platform';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { EDGE_CONFIG, type EdgeConfig } from '../config.js';
import { type KeyRing, parseKeyRing } from './key-ring.js';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The key ring in force. Keys in a file are read again when it changes, so that a rotation needs no restart. */
@Injectable()
export class TokenKeys implements OnApplicationShutdown {
  private readonly logger = new Logger(TokenKeys.name);
  private readonly file: string | undefined;
  private current: KeyRing;
  private signingSinceMs: number;

  constructor(@Inject(EDGE_CONFIG) { tokenKeys }: EdgeConfig) {
    this.file = tokenKeys.file;
    this.current = this.file === undefined ? parseKeyRing(tokenKeys.pem) : firstRingOf(this.file);
    this.signingSinceMs = this.file === undefined ? Date.now() : writtenAtMs(this.file);
    // Asks for the file's state instead of being told: mounted secrets are swapped by links, which no event tells of.
    if (this.file !== undefined) {
      watchFile(this.file, { interval: tokenKeys.watchEveryMs, persistent: false }, () => this.read());
    }
  }

  get ring(): KeyRing {
    return this.current;
  }

  /** At least so old is the key that signs, in seconds: since its file was written, or since this process has it. */
  get ageSeconds(): number {
    return Math.max(0, Date.now() - this.signingSinceMs) / 1000;
  }

  onApplicationShutdown(): void {
    if (this.file !== undefined) unwatchFile(this.file);
  }

  /** A file that is gone or half written changes nothing: tokens go on with the keys there are. */
  private read(): void {
    if (this.file === undefined) return;
    try {
      const before = this.current.signing.jwk.kid;
      this.current = parseKeyRing(readFileSync(this.file, 'utf8'));
      if (this.current.signing.jwk.kid !== before) this.signingSinceMs = writtenAtMs(this.file);
      const verifying = this.current.all.map(({ jwk }) => jwk.kid).join(', ');
      this.logger.log(
        `${this.file} was read again: ${this.current.signing.jwk.kid} signs, ${verifying} verify`,
      );
    } catch (error) {
      this.logger.error(`${this.file} cannot be used, the keys stay as they were: ${messageOf(error)}`);
    }
  }
}

const writtenAtMs = (file: string): number => statSync(file).mtimeMs;

function firstRingOf(file: string): KeyRing {
  try {
    return parseKeyRing(readFileSync(file, 'utf8'));
  } catch (cause) {
    const reason = messageOf(cause);
    throw new ConfigError(`The environment is not usable:\n  TOKEN_KEYS_FILE: ${file}: ${reason}`, { cause });
  }
}
