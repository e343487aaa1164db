import type { Accepted, Coding } from './accept-encoding.js';
import { compressed, MIN_COMPRESSED_BYTES } from './compression.js';
import { etagOf, namedEtag } from './conditional.js';
import { SendingHeaders } from './sending-headers.js';

/** What all forms of an answer have in common. */
export interface Common {
  /** Of the bytes as they came. */
  readonly etag: string;
  /** Headers of each answer, 200 and 304. */
  readonly always: readonly string[];
  /** Headers of a 200 only. */
  readonly withBody: readonly string[];
}

/** A form that an answer is sent in: known by its tag before it is made. */
interface Form {
  readonly etag: string;
  readonly validators: readonly string[];
  /** Headers of a 304. */
  readonly unchanged: SendingHeaders;
  making?: Promise<void>;
  made?: Made;
}

interface Made {
  /** Headers of a 200. */
  readonly headers: SendingHeaders;
  readonly body: Buffer;
}

/** What a form costs besides its bytes: its headers and its tag. */
const OVERHEAD_BYTES = 512;

/**
 * The forms of one answer: its bytes as they came, and its codings, each made once, when somebody first wants it.
 * Answers that are too short for that have one form, whatever is asked for, and do not say that they vary.
 */
export class Representations {
  private readonly plain: Made;
  private readonly identity: Form;
  private readonly forms: Record<Coding, Form>;
  private readonly varies: boolean;

  constructor(
    private readonly common: Common,
    private readonly body: Buffer,
  ) {
    this.varies = body.length >= MIN_COMPRESSED_BYTES;
    this.identity = this.form('identity');
    this.identity.made = this.plain = this.made('identity', body);
    this.forms = this.varies
      ? { identity: this.identity, br: this.form('br'), gzip: this.form('gzip') }
      : { identity: this.identity, br: this.identity, gzip: this.identity };
  }

  get sizeBytes(): number {
    const bodies = [...new Set(Object.values(this.forms))].map(({ made }) => made?.body.length ?? 0);
    return bodies.reduce((sum, bytes) => sum + bytes + OVERHEAD_BYTES, 0);
  }

  /** Whether the best of `accepted` has not been made yet. */
  lacks([best = 'identity']: Accepted): boolean {
    return this.forms[best].made === undefined;
  }

  /** Makes the best of `accepted`; calls `grown` once it is there. Whoever comes meanwhile waits for the same. */
  make([best = 'identity']: Accepted, grown: () => void): Promise<void> {
    const form = this.forms[best];
    if (best === 'identity' || form.made) return Promise.resolve();
    return (form.making ??= this.compress(best, form).finally(grown));
  }

  /** The best of `accepted` that is there. */
  best(accepted: Accepted): Made {
    for (const coding of accepted) {
      const { made } = this.forms[coding];
      if (made) return made;
    }
    return this.plain;
  }

  /** Headers of a 304, where `ifNoneMatch` names a form that the client takes. */
  notModified(ifNoneMatch: string, accepted: Accepted): SendingHeaders | undefined {
    for (const coding of accepted) {
      const { etag, unchanged } = this.forms[coding];
      if (etag === ifNoneMatch) return unchanged;
    }
    const forms = accepted.map((coding) => this.forms[coding]);
    const named = namedEtag(
      ifNoneMatch,
      forms.map(({ etag }) => etag),
    );
    return forms.find(({ etag }) => etag === named)?.unchanged;
  }

  /** Tried once: whatever comes of it, nobody waits for it again. */
  private async compress(coding: Exclude<Coding, 'identity'>, form: Form): Promise<void> {
    try {
      const bytes = await compressed(this.body, coding);
      if (bytes) form.made = this.made(coding, bytes);
    } finally {
      if (!form.made) this.forms[coding] = this.identity;
    }
  }

  private form(coding: Coding): Form {
    const etag = etagOf(this.common.etag, coding);
    const vary = this.varies ? ['vary', 'accept-encoding'] : [];
    const validators = [...this.common.always, 'etag', etag, ...vary];
    return { etag, validators, unchanged: new SendingHeaders(validators) };
  }

  private made(coding: Coding, body: Buffer): Made {
    const { validators } = coding === 'identity' ? this.identity : this.forms[coding];
    const encoding = coding === 'identity' ? [] : ['content-encoding', coding];
    const about = [...this.common.withBody, ...encoding, 'content-length', String(body.length)];
    return { headers: new SendingHeaders([...validators, ...about]), body };
  }
}
