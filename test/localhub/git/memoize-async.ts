/** Caches the results of asynchronous functions whose results never change. */

/**
 * Returns what `load` returns, and caches the `limit` most recently used results. Calls with the same arguments share
 * one call that is still running. Failures are not cached.
 */
export function memoizeAsync<Result>(
  limit: number,
  load: (...args: readonly string[]) => Promise<Result>,
): typeof load {
  const results = new Map<string, Promise<Result>>();
  return (...args) => {
    const key = JSON.stringify(args);
    const result = results.get(key) ?? load(...args);
    results.delete(key);
    results.set(key, result);
    result.catch(() => results.get(key) === result && results.delete(key));
    for (const oldest of results.keys()) {
      if (results.size <= limit) break;
      results.delete(oldest);
    }
    return result;
  };
}
