/** The built-in `actions/checkout`, over the local GitHub's own git HTTP. */
import { appendFile, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { BuiltinCall, BuiltinOutcome, FetchedAction } from "../../runner/job.ts";
import type { World } from "../../world/world.ts";
import { defineBuiltinAction } from "../execution/builtin-action.ts";
import { type Credentials, installCredentials, removeCredentials } from "./credentials.ts";
import { assertNoForkCode } from "./fork-guard.ts";
import { createGitCommand, type GitCommand } from "./git-command.ts";
import { type CheckoutInputs, INPUT_DEFAULTS, readCheckoutInputs } from "./inputs.ts";
import { checkoutTarget, hasFetchedCommit, refSpecs } from "./refs.ts";

export function checkoutAction(world: World): FetchedAction {
  return defineBuiltinAction({
    name: "Checkout",
    inputs: INPUT_DEFAULTS,
    outputs: ["ref", "commit"],
    post: true,
    run: (call) => checkOut(world, call),
  });
}

async function checkOut(world: World, call: BuiltinCall): Promise<BuiltinOutcome> {
  const inputs = readCheckoutInputs(call);
  assertNoForkCode(inputs, call.github);
  call.log(`Syncing repository: ${inputs.repository}`);
  await mkdir(inputs.path, { recursive: true });

  const url = `${world.urls.html}/${inputs.repository}`;
  const git = await createGitCommand({ ...call, folder: inputs.path, safe: inputs.safeDirectory });
  try {
    await prepareFolder(git, inputs, url);
    const credentials = await installCredentials(git, {
      url,
      folder: inputs.path,
      temp: call.temp,
      token: inputs.token,
    });
    call.log(`::add-mask::${credentials.secret}`);
    try {
      const outcome = await fetchAndSwitch(git, inputs);
      return inputs.persistCredentials ? { ...outcome, post: postOf(inputs, credentials, call) } : outcome;
    } finally {
      if (!inputs.persistCredentials) await removeCredentials(git, credentials);
    }
  } finally {
    await git.dispose();
  }
}

/** A folder that already contains this repository is cleaned and reused; any other is emptied. */
async function prepareFolder(git: GitCommand, inputs: CheckoutInputs, url: string): Promise<void> {
  const isRepository = await stat(join(inputs.path, ".git")).then(
    () => true,
    () => false,
  );
  const sameOrigin = isRepository && (await git.tryRun("config", "--local", "--get", "remote.origin.url")) === url;
  if (sameOrigin && (await cleanUp(git, inputs))) return;
  for (const name of await readdir(inputs.path)) await rm(join(inputs.path, name), { recursive: true, force: true });
  await git.run("init", inputs.path);
  // As "git remote add" and "git config" write it, each of which would be a process.
  const fetch = "+refs/heads/*:refs/remotes/origin/*";
  const config = `[remote "origin"]\n\turl = ${url}\n\tfetch = ${fetch}\n[gc]\n\tauto = 0\n`;
  await appendFile(join(inputs.path, ".git/config"), config);
}

async function cleanUp(git: GitCommand, inputs: CheckoutInputs): Promise<boolean> {
  for (const lock of ["index.lock", "shallow.lock"]) await rm(join(inputs.path, ".git", lock), { force: true });
  if ((await git.tryRun("checkout", "--detach")) === undefined) return false;
  const branches = await git.run("for-each-ref", "--format=%(refname:short)", "refs/heads");
  for (const branch of branches.split("\n").filter(Boolean)) await git.run("branch", "--delete", "--force", branch);
  if (!inputs.clean) return true;
  if ((await git.tryRun("clean", "-ffdx")) === undefined) return false;
  return (await git.tryRun("reset", "--hard", "HEAD")) !== undefined;
}

async function fetchAndSwitch(git: GitCommand, inputs: CheckoutInputs): Promise<BuiltinOutcome> {
  const ref = inputs.ref === "" && inputs.commit === "" ? await defaultBranch(git) : inputs.ref;
  const requested = { ref, commit: inputs.commit };
  const isShallow = await stat(join(inputs.path, ".git", "shallow")).then(
    () => true,
    () => false,
  );
  const depth = inputs.fetchDepth > 0 ? [`--depth=${inputs.fetchDepth}`] : isShallow ? ["--unshallow"] : [];
  const fetch = (specs: readonly string[]) =>
    git.run("fetch", "--no-tags", "--prune", "--no-recurse-submodules", ...depth, "origin", ...specs);

  await fetch(refSpecs(requested, { everything: inputs.fetchDepth <= 0, tags: inputs.fetchTags }));
  // The branch may have moved since the event: then its commit is fetched by SHA.
  if (inputs.fetchDepth <= 0 && !(await hasFetchedCommit(git, requested)))
    await fetch(refSpecs(requested, { everything: false, tags: false }));
  if (!(await hasFetchedCommit(git, requested))) {
    throw new Error(
      `The ref '${ref}' does not point to the expected commit '${inputs.commit}'. The ref may have been updated after the workflow was triggered.`,
    );
  }
  const target = await checkoutTarget(git, requested);
  await git.run(
    "checkout",
    "--force",
    ...(target.start === undefined ? [target.ref] : ["-B", target.ref, target.start]),
  );
  const commit = await git.run("log", "-1", "--format=%H");
  return { outputs: { ref, commit } };
}

async function defaultBranch(git: GitCommand): Promise<string> {
  const output = await git.run("ls-remote", "--quiet", "--exit-code", "--symref", "origin", "HEAD");
  const [, ref] = /^ref: (\S+)\s+HEAD$/m.exec(output) ?? [];
  if (ref === undefined) throw new Error("Unexpected output when retrieving default branch");
  return ref;
}

function postOf(
  inputs: CheckoutInputs,
  credentials: Credentials,
  call: BuiltinCall,
): NonNullable<BuiltinOutcome["post"]> {
  return async (context) => {
    const git = await createGitCommand({
      ...context,
      temp: call.temp,
      folder: inputs.path,
      safe: inputs.safeDirectory,
    });
    try {
      await removeCredentials(git, credentials);
    } finally {
      await git.dispose();
    }
  };
}
