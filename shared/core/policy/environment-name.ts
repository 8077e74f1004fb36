/** Names of environments: GitHub shows their case and ignores it. */

/** Equal for the names that GitHub takes for one environment. */
export const environmentKey = (name: string): string => name.toLowerCase();

export const isSameEnvironment = (a: string, b: string): boolean => environmentKey(a) === environmentKey(b);
