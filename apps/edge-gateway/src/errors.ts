import { defineErrors } from '@flowchart/platform';

/** Trouble that only the edge meets. */
export const edgeErrors = defineErrors({
  WRONG_CREDENTIALS: { status: 401, title: 'Wrong username or password' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Not with this method' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  URI_TOO_LONG: { status: 414, title: 'The URL is too long' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The body must be JSON' },
  TOO_MANY_LOGINS: { status: 429, title: 'Too many failed logins' },
  TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests' },
  SERVICE_FAILED: { status: 502, title: 'A part of the system failed' },
  ISSUER_UNAVAILABLE: { status: 503, title: 'The login provider does not answer' },
  OVERLOADED: { status: 503, title: 'Too busy' },
  SERVICE_TIMEOUT: { status: 504, title: 'A part of the system takes too long' },
});
