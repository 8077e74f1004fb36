/** What may be a key, and what may be cached: the toolkit takes paths for patterns, and accepts any place on the machine. */
import { type ActionError, userError } from "../../problem/problem.ts";
import type { CacheEntry } from "./cache.ts";

/** Of the service: with the prefixes. */
const MAX_KEYS = 10;
const MAX_KEY_LENGTH = 512;

/** @throws ActionError `cache-key-invalid`, `cache-path-invalid` */
export function assertEntryValid({ key, paths }: CacheEntry, prefixes: readonly string[] = []): void {
  const keys = [key, ...prefixes];
  if (keys.length > MAX_KEYS) throw invalidKey(`${keys.length} keys are more than the ${MAX_KEYS} that are looked for`);
  for (const each of keys) {
    if (each.length === 0 || each.length > MAX_KEY_LENGTH) {
      throw invalidKey(`a cache key has 1 to ${MAX_KEY_LENGTH} characters, and this one has ${each.length}`);
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are refused
    if (/[,\u0000-\u001F\u007F\u2028\u2029]/.test(each)) {
      throw invalidKey("a cache key has no comma, line break or other control character");
    }
  }
  if (paths.length === 0) throw invalidPath("no path is named");
  for (const path of paths) {
    if (!isPlainPath(path)) {
      throw invalidPath(`"${path}" is not a plain path below the workspace`);
    }
  }
}

/** `models/checkpoint`: relative, without a way up, without characters of a pattern. */
const isPlainPath = (path: string): boolean =>
  /^[^\\/*?[\]{}()!#~,\p{Cc}\u2028\u2029-][^\\*?[\]{}()!,\p{Cc}\u2028\u2029]*$/u.test(path) &&
  path.split("/").every((part) => part !== "" && part !== "." && part !== ".." && part.trim() === part);

const invalidKey = (message: string): ActionError =>
  userError({ code: "cache-key-invalid", message, fix: "Make it of letters, digits, dots and hyphens" });

const invalidPath = (message: string): ActionError =>
  userError({
    code: "cache-path-invalid",
    message,
    fix: "Name a file or folder relative to the repository's root, without `..` and without `*`",
  });
