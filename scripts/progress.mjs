// A sign of life during work that may be silent: whoever waits sees what for.

/** Nobody looks at a screen without a new line for longer. */
const INTERVAL_MS = 1_900;

/** Prints a line every two seconds until the work has ended. `describe` gets the seconds it has taken so far. */
export async function withProgress(describe, work) {
  const started = performance.now();
  const print = () => console.log(describe(Math.round((performance.now() - started) / 1000)));
  const timer = setInterval(print, INTERVAL_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
