/** Which files of a repository seem to be its results, and which its data. */
import { baseNameOf, byDepth, type FolderFacts, isOfTests } from "./folder-facts.ts";

const RESULT = /metric|score|result|eval|summary|report|history|benchmark/i;
const RESULT_ENDING = /\.(?:json|jsonl|ya?ml|toml|csv|tsv|txt|md)$/i;
/** What has such a name and never is a result. */
const SETTINGS =
  /^(?:package(?:-lock)?|tsconfig|params|config|conf|settings|environment|dvc|pyproject|requirements.*|readme|changelog)\b/i;

/** @returns what may be a metrics file, the likeliest first; whether it can be read as one is not asked here */
export function listResultFiles({ paths, untracked }: FolderFacts): readonly string[] {
  const isResult = (path: string): boolean => {
    const name = baseNameOf(path);
    return RESULT_ENDING.test(name) && RESULT.test(name) && !SETTINGS.test(name) && !isOfTests(path) && !isHidden(path);
  };
  return [...paths, ...untracked].filter(isResult).sort((a, b) => likelihood(b) - likelihood(a) || byDepth(a, b));
}

const likelihood = (path: string): number => {
  const name = baseNameOf(path);
  return /^metrics?\.(?:json|ya?ml|csv)$/i.test(name)
    ? 3
    : /metric|score/i.test(name)
      ? 2
      : /result|eval/i.test(name)
        ? 1
        : 0;
};

/** The name of a result file that a script of the training writes, as its text has it: `"metrics.json"`. */
export function findWrittenResult({
  texts,
}: FolderFacts): { readonly path: string; readonly script: string } | undefined {
  for (const [script, text] of texts) {
    if (!/\.(?:py|mjs|js|ts|R|jl|ipynb)$/i.test(script)) continue;
    for (const [, path = ""] of text.matchAll(/["'`]((?:[\w-]+\/)*[\w.-]+\.(?:json|ya?ml|csv|toml))\\?["'`]/g)) {
      if (RESULT.test(baseNameOf(path)) && !SETTINGS.test(baseNameOf(path))) return { path, script };
    }
  }
  return undefined;
}

const DATA_ENDING = /\.(?:csv|tsv|jsonl|ndjson|parquet)(?:\.(?:gz|zst|zip))?$/i;

/** @returns tables that a clone of the repository has, the likeliest to be what is trained on first */
export function listDataFiles({ paths }: FolderFacts): readonly string[] {
  const isData = (path: string): boolean =>
    DATA_ENDING.test(path) && !isOfTests(path) && !isHidden(path) && !RESULT.test(baseNameOf(path));
  const rank = (path: string): number => (/(?:^|\/)(?:data|datasets?|input)\//i.test(path) ? 0 : 1);
  return paths.filter(isData).sort((a, b) => rank(a) - rank(b) || byDepth(a, b));
}

const isHidden = (path: string): boolean => path.split("/").some((name) => name.startsWith("."));
