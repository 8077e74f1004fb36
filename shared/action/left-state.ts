/**
 * Whether the main step has left something for its post step. Most leave nothing, and a post step runs always: so it asks this before
 * it loads anything else.
 *
 * @param name as the main step saved it
 */
export const hasLeftState = (name: string): boolean => (process.env[`STATE_${name}`] ?? "") !== "";
