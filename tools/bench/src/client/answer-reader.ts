/**
 * Reads the answers of one connection: status and `content-length`, no more. A parser of everything would cost the
 * client more than the server that is measured.
 */

export interface Answer {
  readonly status: number;
  /** Head in latin1, from the status line to the last header. */
  readonly head: string;
  readonly body: Buffer;
}

const HEAD_END = '\r\n\r\n';
const STATUS_AT = 'HTTP/1.1 '.length;
const lengthHeader = /\r\ncontent-length: *(\d+)/i;
const NO_CONTENT = 204;
const NOT_MODIFIED = 304;

export class AnswerReader {
  #pending: Buffer = Buffer.alloc(0);

  /** Takes what came in; the answer, once it is whole. There is one request under way, so nothing follows it. */
  take(chunk: Buffer): Answer | undefined {
    const received = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const answer = readAnswer(received);
    this.#pending = answer ? Buffer.alloc(0) : received;
    return answer;
  }
}

function readAnswer(received: Buffer): Answer | undefined {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = received.toString('latin1', 0, headEnd);
  const status = Number(head.slice(STATUS_AT, STATUS_AT + 3));
  const start = headEnd + HEAD_END.length;
  const end = start + bodyLength(status, head);
  if (received.length < end) return undefined;
  if (received.length > end) throw new Error(`the server sent more than it announced: ${head}`);
  return { status, head, body: received.subarray(start, end) };
}

function bodyLength(status: number, head: string): number {
  if (status === NO_CONTENT || status === NOT_MODIFIED) return 0;
  const announced = lengthHeader.exec(head)?.[1];
  if (announced === undefined) throw new Error(`an answer without content-length: ${head}`);
  return Number(announced);
}
