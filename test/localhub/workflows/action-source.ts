/** The code behind `uses:`: from the repositories of this GitHub, and the few actions the hub plays itself. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ActionSource, FetchedAction } from "../runner/job.ts";
import type { Repository, WorkflowRun } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { downloadArtifactAction } from "./artifact-actions/download.ts";
import { uploadArtifactAction } from "./artifact-actions/upload.ts";
import { checkoutAction } from "./checkout/action.ts";

type RunOrigin = Pick<WorkflowRun, "repository" | "sha">;

/** The actions of one run's jobs. A repository of this GitHub wins over a built-in action of the same name. */
export function createActionSource(world: World, run: RunOrigin): ActionSource {
  return {
    async fetch(uses): Promise<FetchedAction> {
      if (uses.startsWith("$/")) {
        const directory = await exported(world, run.repository, run.sha);
        return {
          ...{ kind: "directory", repository: run.repository.fullName, ref: run.sha },
          directory: join(directory, uses.slice(2)),
        };
      }
      const { name, path, ref } = readReference(uses);
      const repository = world.repositories.get(name.toLowerCase());
      const played = repository === undefined ? builtinActions(world)[name.toLowerCase()] : undefined;
      if (played !== undefined && path === "") return played();
      if (repository === undefined || !isReadable(repository, run)) {
        throw new Error(
          `Unable to resolve action ${name}, repository not found. This local GitHub only has its own repositories: push the action to one called ${name}.`,
        );
      }
      const sha = await resolveRef(repository, ref, uses);
      const directory = join(await exported(world, repository, sha), path);
      return { kind: "directory", directory, repository: repository.fullName, ref };
    },
  };
}

/** Of any version: what they do is what their newest does. */
function builtinActions(world: World): Readonly<Record<string, () => FetchedAction>> {
  return {
    "actions/checkout": () => checkoutAction(world),
    "actions/upload-artifact": () => uploadArtifactAction(world.clock),
    "actions/download-artifact": () => downloadArtifactAction(),
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

async function resolveRef({ git, fullName }: Repository, ref: string, uses: string): Promise<string> {
  const name = ref.startsWith("refs/") ? [ref] : [`refs/tags/${ref}`, `refs/heads/${ref}`];
  for (const full of name) {
    if ((await git.ref(full)) !== undefined) return (await git.resolve(full)) ?? "";
  }
  const sha = /^[0-9a-f]{7,40}$/i.test(ref) ? await git.resolve(ref) : undefined;
  if (sha === undefined)
    throw new Error(`Unable to resolve action \`${uses}\`, unable to find version \`${ref}\` in ${fullName}`);
  if (sha !== ref.toLowerCase()) {
    throw new Error(
      `Unable to resolve action \`${uses}\`, the provided ref \`${ref}\` is the shortened version of a commit SHA, which is not supported. Please use the full commit SHA \`${sha}\` instead.`,
    );
  }
  return sha;
}

/** The folders that commits have been, or are being, written to. */
const exports = new WeakMap<World, Map<string, Promise<string>>>();

/** The files of a commit, written once. */
function exported(world: World, repository: Repository, sha: string): Promise<string> {
  const known = exports.get(world) ?? new Map<string, Promise<string>>();
  exports.set(world, known);
  const directory = join(world.directory, "actions", repository.fullName, sha);
  const writing = known.get(directory) ?? writeOut(repository, sha, directory);
  known.set(directory, writing);
  // A failure is not kept: the next job tries again.
  writing.catch(() => known.delete(directory));
  return writing;
}

async function writeOut(repository: Repository, sha: string, directory: string): Promise<string> {
  await rm(directory, { recursive: true, force: true });
  await repository.git.export(sha, directory);
  return directory;
}
