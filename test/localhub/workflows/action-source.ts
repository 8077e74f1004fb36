/** The code for `uses:`: from the repositories of this local GitHub, or one of its few built-in actions. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ActionSource, FetchedAction } from "../runner/job.ts";
import type { Repository, WorkflowRun } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { downloadArtifactAction } from "./artifact-actions/download.ts";
import { uploadArtifactAction } from "./artifact-actions/upload.ts";
import { checkoutAction } from "./checkout/action.ts";
import { cacheAction } from "./stand-ins/cache.ts";
import { setupNodeAction, setupPythonAction } from "./stand-ins/setup.ts";

type RunOrigin = Pick<WorkflowRun, "repository" | "sha">;

/**
 * The actions of one run's jobs. A repository of this local GitHub takes precedence over a built-in action of the same
 * name.
 */
export function createActionSource(world: World, run: RunOrigin): ActionSource {
  return {
    async fetch(uses): Promise<FetchedAction> {
      if (uses.startsWith("$/")) {
        const directory = await exportCommit(world, run.repository, run.sha);
        return {
          ...{ kind: "directory", repository: run.repository.fullName, ref: run.sha },
          directory: join(directory, uses.slice(2)),
        };
      }
      const { name, path, ref } = readReference(uses);
      const repository = world.repositories.get(name.toLowerCase());
      const builtin = repository === undefined ? builtinActions(world)[name.toLowerCase()] : undefined;
      if (builtin !== undefined && path === "") return builtin();
      if (repository === undefined || !isReadable(repository, run)) {
        throw new Error(
          `Unable to resolve action ${name}, repository not found. This local GitHub only has its own repositories: push the action to one named ${name}.`,
        );
      }
      const sha = await resolveRef(repository, ref, uses);
      const directory = join(await exportCommit(world, repository, sha), path);
      return { kind: "directory", directory, repository: repository.fullName, ref };
    },
  };
}

/** For any version of them: each behaves like its newest one. */
function builtinActions(world: World): Readonly<Record<string, () => FetchedAction>> {
  return {
    "actions/checkout": () => checkoutAction(world),
    "actions/upload-artifact": () => uploadArtifactAction(world.clock),
    "actions/download-artifact": () => downloadArtifactAction(),
    "actions/setup-python": setupPythonAction,
    "actions/setup-node": setupNodeAction,
    "actions/cache": cacheAction,
  };
}

interface ActionReference {
  readonly name: string;
  readonly path: string;
  readonly ref: string;
}

/** @throws Error for what is not `owner/repo/path@ref`. */
function readReference(uses: string): ActionReference {
  const [, name, path, ref] = /^([^/@\s]+\/[^/@\s]+)((?:\/[^@]*)?)@([^@\s]+)$/.exec(uses) ?? [];
  if (name === undefined || path === undefined || ref === undefined) {
    throw new Error(
      `Expected format {owner}/{repo}[/path]@{ref}, a path starting with ./ or $/, or docker://{image}. Actual '${uses}'`,
    );
  }
  if (path.split("/").includes("..")) throw new Error(`${uses}: the path may not leave the repository`);
  return { name, path: path.slice(1), ref };
}

/** Private actions are shared with the repositories of the same owner only (GitHub docs, "Sharing actions"). */
function isReadable(repository: Repository, run: RunOrigin): boolean {
  return !repository.private || repository.owner === run.repository.owner;
}

/** @throws Error for a ref that does not exist or is no commit, and for a shortened SHA. */
async function resolveRef({ git, fullName }: Repository, ref: string, uses: string): Promise<string> {
  const noVersion = (): Error =>
    new Error(`Unable to resolve action \`${uses}\`, unable to find version \`${ref}\` in ${fullName}`);
  const names = ref.startsWith("refs/") ? [ref] : [`refs/tags/${ref}`, `refs/heads/${ref}`];
  for (const full of names) {
    if ((await git.ref(full)) === undefined) continue;
    const commit = await git.resolve(full);
    // A tag can also point at a file or a folder.
    if (commit === undefined) throw noVersion();
    return commit;
  }
  const sha = /^[0-9a-f]{7,40}$/i.test(ref) ? await git.resolve(ref) : undefined;
  if (sha === undefined) throw noVersion();
  if (sha !== ref.toLowerCase()) {
    throw new Error(
      `Unable to resolve action \`${uses}\`, the provided ref \`${ref}\` is the shortened version of a commit SHA, which is not supported. Please use the full commit SHA \`${sha}\` instead.`,
    );
  }
  return sha;
}

/** The folders that commits were written to, or are being written to. */
const exports = new WeakMap<World, Map<string, Promise<string>>>();

/** The folder with the files of a commit, written once. */
function exportCommit(world: World, repository: Repository, sha: string): Promise<string> {
  const known = exports.get(world) ?? new Map<string, Promise<string>>();
  exports.set(world, known);
  const directory = join(world.directory, "actions", repository.fullName, sha);
  const writing = known.get(directory) ?? writeFiles(repository, sha, directory);
  known.set(directory, writing);
  // A failure is not cached: the next job tries again.
  writing.catch(() => known.delete(directory));
  return writing;
}

async function writeFiles(repository: Repository, sha: string, directory: string): Promise<string> {
  await rm(directory, { recursive: true, force: true });
  await repository.git.export(sha, directory);
  return directory;
}
