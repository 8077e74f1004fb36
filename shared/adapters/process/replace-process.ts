/** Starts this program anew in the same process, with fewer environment variables. */

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A process cannot take back what it was started with: `/proc/PID/environ` shows it to every process of the same user, however
 * `process.env` is changed. A new program in the same process has its own; the runner sees no difference. Call it before
 * anything else: what was done so far is lost.
 *
 * @returns only when there was nothing to drop, or when this Node or system cannot do it (Windows; Node before 22.15)
 */
export function dropVariables(isDropped: (name: string) => boolean, { env, argv, execArgv, execPath } = process): void {
  const kept = Object.entries(env as Environment).filter(([name]) => !isDropped(name));
  if (kept.length === Object.keys(env).length || typeof process.execve !== "function") return;
  const environment = Object.fromEntries(kept.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
  try {
    process.execve(execPath, [execPath, ...execArgv, ...argv.slice(1)], environment);
  } catch {
    // Windows has the function, but not the system call. The action tells the user.
  }
}
