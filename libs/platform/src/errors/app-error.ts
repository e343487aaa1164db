/** One kind of expected trouble. */
export interface ErrorKind {
  readonly code: string;
  readonly status: number;
  readonly title: string;
}

type Catalogue<K extends string> = Record<K, { readonly status: number; readonly title: string }>;

/** Makes a service's error catalogue: grep for a code and find everything about it. */
export function defineErrors<K extends string>(catalogue: Catalogue<K>): Readonly<Record<K, ErrorKind>> {
  const codes = Object.keys(catalogue) as K[];
  const kinds = codes.map((code): [K, ErrorKind] => [code, { code, ...catalogue[code] }]);
  return Object.freeze(Object.fromEntries(kinds) as Record<K, ErrorKind>);
}

interface AppErrorOptions {
  /** Members added to the problem document, `violations` for instance. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** Expected trouble: thrown by a service, rendered as problem+json by one filter. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly kind: ErrorKind,
    readonly detail: string,
    { extensions = {}, headers = {}, cause }: AppErrorOptions = {},
  ) {
    super(detail, { cause });
    this.extensions = extensions;
    this.headers = headers;
  }
}

/** Trouble that any service may meet. */
export const platformErrors = defineErrors({
  INVALID_REQUEST: { status: 400, title: 'The request is not valid' },
  UNAUTHENTICATED: { status: 401, title: 'Log in first' },
  UNKNOWN_CALLER: { status: 401, title: 'Not one of the callers of this service' },
  FORBIDDEN: { status: 403, title: 'Not allowed' },
  NOT_FOUND: { status: 404, title: 'Not found' },
  PRECONDITION_FAILED: { status: 412, title: 'Somebody else changed it meanwhile' },
  TOO_MANY_HEADERS: { status: 431, title: 'Too many headers' },
  DEPENDENCY_UNAVAILABLE: { status: 503, title: 'A part of the system is not available' },
  DEADLINE_EXCEEDED: { status: 504, title: 'There is no time left' },
});
