/** Notices that the program which started us is gone, killed without a word to us. */
import { commandLine, identify, isRunning, parentOf } from './processes.js';

const CHECK_EVERY_MS = 500;
const shell = /^(?:\S*\/)?(?:sh|dash|bash|zsh|ash)(?:\s|$)/;
const taskRunner = /\b(?:node|nx|npm|npx|pnpm|yarn)\b/;

/**
 * Calls back once our task runner (Nx, npm or a test) has died. Between it and us may stand the shell it used. Somebody
 * at a terminal is no task runner: what was put in the background there goes on when its shell ends.
 */
export function whenLauncherDies(callback: () => void): void {
  const launcher = findLauncher(process.ppid);
  if (launcher === undefined) return;
  const check = setInterval(() => {
    if (isRunning(launcher)) return;
    clearInterval(check);
    callback();
  }, CHECK_EVERY_MS);
  check.unref();
}

function findLauncher(parent: number) {
  let candidate: number | undefined = parent;
  while (candidate !== undefined && candidate > 1 && shell.test(commandLine(candidate)))
    candidate = parentOf(candidate);
  if (candidate === undefined || candidate <= 1) return undefined;
  return taskRunner.test(commandLine(candidate)) ? identify(candidate) : undefined;
}
