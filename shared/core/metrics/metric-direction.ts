/** Which direction of a metric is better, by its name: for display where no rule says it, never for a decision. */
import { KNOWN_DIRECTIONS } from "./known-directions.ts";

export type MetricDirection = "higher" | "lower";

/** @returns `undefined` for a name that says nothing about it */
export function guessDirection(name: string): MetricDirection | undefined {
  const words = splitWords(name);
  while (words.length > 0) {
    const found = findLastWords(words);
    if (found !== undefined) return found;
    if (!isAside(words.pop() ?? "")) return undefined;
  }
  return undefined;
}

/** The longest known name at the end. scikit-learn puts `neg` before what it turns round. */
function findLastWords(words: readonly string[]): MetricDirection | undefined {
  for (let from = 0; from < words.length; from++) {
    const known = KNOWN_DIRECTIONS.get(words.slice(from).join(""));
    if (known === undefined) continue;
    if (words[from - 1] !== "neg") return known;
    return known === "lower" ? "higher" : "lower";
  }
  return undefined;
}

/** What may follow a name: the k of `recall@10` and `ndcg_at_10`, a unit, how several values were put together. */
const isAside = (word: string): boolean => /^\d+$/.test(word) || ASIDES.has(word);
const ASIDES = new Set(
  "at k ms s sec secs second seconds us ns min minutes hours h kb mb gb mib gib b usd eur percent pct kwh wh mean avg average macro micro weighted overall total median all".split(
    " ",
  ),
);

/** `valLoss`, `val_loss`, `val/loss` and `VAL LOSS` are the words `val` and `loss`. lm-eval writes a filter after a comma. */
const splitWords = (name: string): string[] =>
  name
    .normalize("NFKC")
    .replace(/,.*$/, "")
    .replaceAll(/(?<=[\p{Ll}\d])(?=\p{Lu}\p{Ll})|(?<=\p{Ll})(?=\p{Lu})/gu, " ")
    .toLowerCase()
    .split(/[^\p{L}\p{N}+.]+|(?<=\p{L})\.|\.(?=\p{L})/u)
    .filter((word) => word !== "");
