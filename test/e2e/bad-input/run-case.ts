/** Runs one case: a checkout, a repository of the local GitHub, and the bundle as a process. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { LocalGitHub } from "@mlops-actions/localhub";
import { readYaml } from "../../../shared/text/yaml/read-yaml.ts";
import { type SpawnedActionResult, spawnAction } from "../../fixture/spawn-action.ts";
import type { BadInputCase, FileChanges } from "./read-cases.ts";

/** A repository in which everything is valid. */
export const VALID_REPOSITORY = {
  ".github/mlops.yml": `version: 1
data: { contract: contracts/visits.yml, files: [data/visits.csv] }
gates:
  - { metric: mae, better: lower, max: 3 }
model: { name: visits, files: [model.json], owner: us, purpose: tests, data_sources: none }
environments:
  - { name: staging }
  - { name: production, needs: staging }
`,
  ".github/workflows/train.yml": `on:
  workflow_dispatch: { inputs: { commit: { type: string }, request: { type: string } } }
jobs: { train: { runs-on: [self-hosted, gpu], steps: [{ run: "true" }] } }
`,
  "contracts/visits.yml":
    "version: 1\ncolumns:\n  - { name: id, type: integer }\n  - { name: visits, type: integer, min: 0 }\n",
  "data/visits.csv": "id,visits\n1,2\n2,0\n",
} as const;

/** Files in the workspace besides the checkout. */
const UNTRACKED_FILES: FileChanges = { "metrics.json": '{"mae": 2.5}' };

export interface CaseResult extends SpawnedActionResult {
  readonly workspace: string;
  /** Untracked files before the action ran. */
  readonly filesBefore: ReadonlySet<string>;
}

export async function runCase(github: LocalGitHub, bundle: string, bad: BadInputCase): Promise<CaseResult> {
  const workspace = mkdtempSync(join(tmpdir(), "bad-input-"));
  const committed = withoutDeleted({ ...VALID_REPOSITORY, ...bad.repository });
  writeFiles(workspace, committed);
  commitAll(workspace);
  const { fullName, sha } = await createCaseRepository(github, bad, committed);

  for (const [path, text] of Object.entries({ ...UNTRACKED_FILES, ...bad.files })) {
    if (text === null) rmSync(join(workspace, path), { force: true });
    else writeFiles(workspace, { [path]: text });
  }
  for (const [path, hex] of Object.entries(bad.bytes ?? {})) writeFiles(workspace, { [path]: Buffer.from(hex, "hex") });
  for (const [path, target] of Object.entries(bad.links ?? {})) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    symlinkSync(target, join(workspace, path));
  }
  const filesBefore = new Set(listUntracked(workspace));

  const token = bad.permissions === undefined ? github.token : github.tokenWith(bad.permissions);
  const result = await spawnAction(join(bundle, "dist/index.js"), {
    inputs: { ...readInputDefaults(bundle, token), ...bad.inputs },
    env: {
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: fullName,
      GITHUB_API_URL: bad.network === "none" ? await unreachableUrl() : github.apiUrl,
      // Git's own protocol is spoken there, too.
      GITHUB_SERVER_URL: bad.network === "none" ? await unreachableUrl() : github.url,
      GITHUB_EVENT_NAME: "workflow_dispatch",
      GITHUB_REF: "refs/heads/main",
      GITHUB_SHA: sha,
      GITHUB_WORKFLOW_REF: `${fullName}/.github/workflows/test.yml@refs/heads/main`,
      RUNNER_ENVIRONMENT: "github-hosted",
      RUNNER_OS: "Linux",
      RUNNER_ARCH: "X64",
      RUNNER_NAME: "test",
      HOME: workspace,
    },
    ...(bad["cancel-when"] !== undefined && { onOutput: cancelOnceExists(join(workspace, bad["cancel-when"])) }),
  });
  return { ...result, workspace, filesBefore };
}

/** Files that are not part of the checkout. */
export const listUntracked = (workspace: string): readonly string[] =>
  git(workspace, ["ls-files", "--others"]).split("\n").filter(Boolean);

async function createCaseRepository(github: LocalGitHub, bad: BadInputCase, files: Record<string, string>) {
  if (bad.repository === undefined) {
    return {
      fullName: github.repository.fullName,
      sha: (await github.repository.git.resolve("refs/heads/main")) ?? "",
    };
  }
  // Cases of two actions may have one name.
  const fullName = `octo/${`${bad.action} ${bad.name}`.replaceAll(/\W+/g, "-")}`;
  const repository = await github.addRepository(fullName, { files });
  return { fullName, sha: (await repository.git.resolve("refs/heads/main")) ?? "" };
}

/** What the runner passes to the action for inputs that the workflow leaves out. */
function readInputDefaults(bundle: string, token: string): Record<string, string> {
  const metadata = readYaml(readFileSync(join(bundle, "action.yml"), "utf8"), "action.yml").value as {
    readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  };
  const defaults = Object.entries(metadata.inputs).map(([name, input]) => [name, input.default ?? ""] as const);
  return Object.fromEntries(defaults.map(([name, text]) => [name, text.includes("github.token") ? token : text]));
}

/** The URL of a server that has been closed. */
async function unreachableUrl(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

function cancelOnceExists(file: string) {
  let sent = false;
  return (child: { kill(signal: NodeJS.Signals): boolean }): void => {
    if (sent || !existsSync(file)) return;
    sent = true;
    child.kill("SIGINT");
  };
}

const withoutDeleted = (changes: FileChanges): Record<string, string> =>
  Object.fromEntries(Object.entries(changes).flatMap(([path, text]) => (text === null ? [] : [[path, text]])));

function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

function commitAll(folder: string): void {
  git(folder, ["init", "--quiet"]);
  git(folder, ["add", "--all"]);
  git(folder, [
    "-c",
    "user.name=t",
    "-c",
    "user.email=t@example.com",
    "commit",
    "--quiet",
    "--message",
    "Initial commit",
  ]);
}

const git = (folder: string, args: readonly string[]): string =>
  execFileSync("git", ["-C", folder, ...args], {
    encoding: "utf8",
    env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
  });
