/** What a training is made from, as one digest: when no part of it differs, an earlier training has the same result. */
import { canonicalJson } from "../../records/canonical-json.ts";
import type { DigestFunction } from "../../records/digest.ts";
import type { TrainingRecord } from "../../records/training-record.ts";
import type { Data2, Train2 } from "../policy/policy-2-train.ts";

export type SkipRules = NonNullable<Train2["skip"]>;
export type ContentKey = NonNullable<TrainingRecord["contentKey"]>;

/** A file of a commit: git names its content. */
export interface TreeFile {
  readonly path: string;
  readonly mode: string;
  readonly sha: string;
}

export interface TrainingContent {
  /** Of the commit; all of them. */
  readonly files: readonly TreeFile[];
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The workflow that trains, which names the machine and its image. */
  readonly workflow: TreeFile;
  readonly data: Data2 | undefined;
}

/** Whether a path is covered by a pattern. */
export type Covers = (pattern: string, path: string) => boolean;

/** What git has in place of data that DVC keeps: it changes with the data. */
const isPointer = (path: string): boolean => /(?:^|\/)(?:[^/]+\.dvc|dvc\.lock)$/.test(path);

/**
 * @returns the key, or why there is none: a pattern that covers nothing would make every training look the same
 */
export function contentKeyOf(
  rules: SkipRules,
  content: TrainingContent,
  covers: Covers,
  digestOf: DigestFunction,
): ContentKey | { readonly because: string } {
  const { files, inputs, workflow, data } = content;
  const dataPatterns = listDataPatterns(data);
  if (rules.data && dataPatterns.length === 0) {
    return { because: "the policy names no data; write data: false under train.skip if it does not matter" };
  }
  const groups: readonly (readonly [name: string, patterns: readonly string[]])[] = [
    ["code", rules.code],
    ["data", rules.data ? dataPatterns : []],
    ["lockfiles", rules.lockfiles ?? []],
  ];
  for (const [name, patterns] of groups) {
    const empty = patterns.find(
      (pattern) => !files.some(({ path }) => covers(pattern, path) || covers(pattern, withoutDvc(path))),
    );
    if (empty !== undefined) return { because: `${name}: ${JSON.stringify(empty)} covers no file of the commit` };
  }
  const parts = groups.map(([name, patterns]) => {
    const isPart = ({ path }: TreeFile): boolean =>
      patterns.some((pattern) => covers(pattern, path)) || (name === "data" && rules.data && isPointer(path));
    return {
      name,
      digest: digestOf(canonicalJson(files.filter(isPart).map(({ path, mode, sha }) => ({ path, mode, sha })))),
    };
  });
  const params = Object.entries(inputs).filter(([name]) => rules.params?.includes(name) ?? true);
  parts.push({ name: "params", digest: digestOf(canonicalJson(Object.fromEntries(params))) });
  if (rules.image) parts.push({ name: "image", digest: digestOf(canonicalJson({ ...workflow })) });
  // What counts is part of what is compared: other rules, another key.
  return { digest: digestOf(canonicalJson({ rules, parts })), parts };
}

const listDataPatterns = (data: Data2 | undefined): readonly string[] =>
  [data, ...Object.values(data?.sets ?? {})].flatMap((set) => [
    ...(set?.files ?? []),
    ...(set?.contract === undefined ? [] : [set.contract]),
  ]);

const withoutDvc = (path: string): string => path.replace(/\.dvc$/, "");

/** The part of a request's ID that says what it is made from: 16 hex digits. */
export const contentPartOf = ({ digest }: ContentKey): string => digest.slice("sha256:".length, "sha256:".length + 16);

type RunProof = NonNullable<TrainingRecord["reused"]>["proof"];

/** The earlier training's results as those of a commit in which nothing that matters differs; nothing else is taken over. */
export function reuseRecord(
  { tree: _tree, end: _end, ...earlier }: TrainingRecord,
  now: { readonly commit: string; readonly contentKey: ContentKey },
  source: { readonly recordDigest: string; readonly proof: RunProof },
): TrainingRecord {
  return { ...earlier, ...now, reused: { ...source, commit: earlier.commit } };
}
