/** Reads the files of the base commit, as far as something is compared with them. */
import type { BaseData, BaseFile } from "../../shared/core/data/base-data.ts";
import type { CheckCode } from "../../shared/core/data/checks.ts";
import { DataCheck } from "../../shared/core/data/data-check.ts";
import type { DriftCheck } from "../../shared/core/data/drift/drift-check.ts";
import { userError } from "../../shared/problem/problem.ts";
import type { DataReport } from "../../shared/records/data-report.ts";
import { type DigestFunction, digestFiles } from "../../shared/records/digest.ts";
import type { TrustedSet } from "./resolve-trusted-data.ts";

export interface ReadBase {
  /** Of the record; undefined when nothing was read. */
  readonly base: DataReport["base"];
  /** Whether the base commit has files of the set. */
  readonly hasFiles: (set: string | undefined) => boolean;
}

/**
 * @param data undefined where nothing is judged: a push to the branch has no base
 * @throws ActionError `base-data-unreadable`
 */
export async function readBaseData(
  data: BaseData | undefined,
  { sets, drift, digestOf }: { sets: readonly TrustedSet[]; drift: DriftCheck; digestOf: DigestFunction },
): Promise<ReadBase> {
  const read: { path: string; bytes: number; digest: string }[] = [];
  const withFiles = new Set<string | undefined>();
  for (const set of sets) {
    if (data === undefined || !drift.concerns(set.name)) continue;
    for (const file of await data.list(set.files)) {
      withFiles.add(set.name);
      const digest = await readFile(data, file, set, drift);
      read.push({ path: file.path, bytes: file.bytes, digest });
    }
  }
  const base = data && read.length > 0 ? { commit: data.commit, dataDigest: digestFiles(read, digestOf) } : undefined;
  return { base, hasFiles: (set) => withFiles.has(set) };
}

/** With any of these nothing is known of most rows. */
const UNREADABLE: ReadonlySet<CheckCode> = new Set(["readable", "foreign", "encoding", "header", "json"]);

async function readFile(data: BaseData, file: BaseFile, set: TrustedSet, drift: DriftCheck): Promise<string> {
  const check = new DataCheck(set.contract, { observers: drift.observersOf(set.name, "base") });
  const push = (content: Uint8Array): boolean => {
    check.push(content);
    return !check.stopped;
  };
  const { digest, trouble } = await data.read(file, push, set.contract.limits["unpack-ratio"]);
  const { findings, limits } = check.end();
  const broken = trouble ?? limits[0] ?? findings.find(({ check: code }) => UNREADABLE.has(code));
  if (broken === undefined) return digest;
  throw userError({
    code: "base-data-unreadable",
    message: `${file.path} at the base commit ${data.commit.slice(0, 7)} cannot be compared with: ${broken.message}`,
    place: { file: file.path },
    fix: "Correct the file on the base branch first, without data.drift in the policy",
  });
}
