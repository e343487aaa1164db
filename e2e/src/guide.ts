/** What docs/troubleshooting.md has for whoever runs it here: its commands, and the metrics it names. */

export interface GuideCommand {
  /** The heading it stands under. */
  readonly section: string;
  readonly text: string;
  /** What the guide says that its output contains. */
  promised?: string;
}

const FENCE = /^```sh (embedded|both)$/;
const PROMISE = '# → contains: ';

/** The commands of those fences that are for a stack without Docker, in their order. */
export function guideCommands(guide: string): GuideCommand[] {
  const commands: GuideCommand[] = [];
  let section = '';
  let inside = false;
  for (const line of guide.split('\n')) {
    if (inside) {
      if (line === '```') inside = false;
      else if (line.startsWith(PROMISE)) promise(commands, line.slice(PROMISE.length));
      else commands.push({ section, text: line });
    } else if (FENCE.test(line)) inside = true;
    else if (/^#+ /.test(line)) section = line.replace(/^#+ /, '');
  }
  return commands;
}

function promise(commands: readonly GuideCommand[], promised: string): void {
  const last = commands.at(-1);
  if (last) last.promised = promised;
}

/** `http_server_requests_seconds`; not `service:http_requests:rate2m`, curl's `%{http_code}` or the half of a pattern. */
const METRIC = /(?<![:{\w])[a-z]+(?:_[a-z0-9]+)+(?![:\w])/g;

/** Names in the style of Prometheus, in its text and in the commands that ask over HTTP; SQL has such names, too. */
export function metricsNamedIn(guide: string): Set<string> {
  const http = [...guide.matchAll(/^```sh both\n(.*?)^```$/gms)].map(([, commands]) => commands ?? '');
  const spans = [...guide.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(([, code]) => code ?? '');
  return new Set([...http, ...spans].flatMap((code) => code.match(METRIC) ?? []));
}
