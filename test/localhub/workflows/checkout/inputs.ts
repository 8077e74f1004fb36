/** The inputs of `actions/checkout` (v7), read and validated as it does. */
import { resolve, sep } from "node:path";
import type { BuiltinCall } from "../../runner/job.ts";

export const INPUT_DEFAULTS: Readonly<Record<string, string>> = {
  repository: "${{ github.repository }}",
  ref: "",
  token: "${{ github.token }}",
  "ssh-key": "",
  "ssh-known-hosts": "",
  "ssh-strict": "true",
  "ssh-user": "git",
  "persist-credentials": "true",
  path: "",
  clean: "true",
  filter: "",
  "sparse-checkout": "",
  "sparse-checkout-cone-mode": "true",
  "fetch-depth": "1",
  "fetch-tags": "false",
  "show-progress": "true",
  lfs: "false",
  submodules: "false",
  "set-safe-directory": "true",
  "github-server-url": "",
  "allow-unsafe-pr-checkout": "false",
};

export interface CheckoutInputs {
  readonly repository: string;
  /** Empty for a commit given by its SHA alone, and for the default branch. */
  readonly ref: string;
  readonly commit: string;
  readonly token: string;
  /** Absolute. */
  readonly path: string;
  readonly clean: boolean;
  /** 0: everything. */
  readonly fetchDepth: number;
  readonly fetchTags: boolean;
  readonly persistCredentials: boolean;
  readonly safeDirectory: boolean;
  readonly allowUnsafe: boolean;
  /** Neither repository nor ref was given: GitHub has chosen the commit of the event. */
  readonly isDefault: boolean;
}

/** Inputs that would change the outcome if they were ignored. */
const UNSUPPORTED = ["ssh-key", "filter", "sparse-checkout", "github-server-url"];

/** @throws Error for inputs that checkout rejects, and for those that are not supported here. */
export function readCheckoutInputs({ inputs, github, workspace }: BuiltinCall): CheckoutInputs {
  const byName = new Map(Object.entries(inputs).map(([name, value]) => [name.toLowerCase(), value.trim()]));
  const text = (name: string): string => byName.get(name) ?? "";
  const flag = (name: string): boolean => (text(name) || INPUT_DEFAULTS[name] || "").toLowerCase() === "true";
  for (const name of UNSUPPORTED) if (text(name) !== "") throw unsupported(name);
  if (flag("lfs")) throw unsupported("lfs");
  if (!["", "false"].includes(text("submodules").toLowerCase())) throw unsupported("submodules");

  const own = String(github["repository"]);
  const repository = text("repository") || own;
  if (!/^[^/]+\/[^/]+$/.test(repository)) {
    throw new Error(`Invalid repository '${repository}'. Expected format {owner}/{repo}.`);
  }
  const path = resolve(workspace, text("path") || ".");
  if (!`${path}${sep}`.startsWith(`${resolve(workspace)}${sep}`)) {
    throw new Error(`Repository path '${path}' is not under '${workspace}'`);
  }
  const isDefault = repository.toLowerCase() === own.toLowerCase() && text("ref") === "";
  const depth = Math.floor(Number(text("fetch-depth") || "1"));
  const token = text("token");
  if (token === "") throw new Error("Input required and not supplied: token");
  return {
    ...{ repository, path, isDefault, token },
    ...(isDefault ? eventRef(github) : chosenRef(text("ref"))),
    clean: flag("clean"),
    fetchDepth: Number.isNaN(depth) || depth < 0 ? 0 : depth,
    fetchTags: flag("fetch-tags"),
    persistCredentials: flag("persist-credentials"),
    safeDirectory: flag("set-safe-directory"),
    allowUnsafe: flag("allow-unsafe-pr-checkout"),
  };
}

function eventRef(github: BuiltinCall["github"]): { readonly ref: string; readonly commit: string } {
  const ref = String(github["ref"] ?? "");
  // Some events have only the branch name, for example a closed pull request's.
  return {
    ref: ref === "" || ref.startsWith("refs/") ? ref : `refs/heads/${ref}`,
    commit: String(github["sha"] ?? ""),
  };
}

function chosenRef(ref: string): { readonly ref: string; readonly commit: string } {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(ref) ? { ref: "", commit: ref } : { ref, commit: "" };
}

function unsupported(name: string): Error {
  return new Error(
    `the input '${name}' is not supported by this local GitHub's actions/checkout: remove it, or push the real action to a repository named actions/checkout`,
  );
}
