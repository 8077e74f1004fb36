/** `actions/setup-python` and `actions/setup-node`: the version that this machine has. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { BuiltinCall, BuiltinOutcome, FetchedAction } from "../../runner/job.ts";
import { defineBuiltinAction, getInput } from "../execution/builtin-action.ts";

const run = promisify(execFile);

interface Setup {
  readonly name: string;
  /** Tried in this order. */
  readonly programs: readonly string[];
  /** The input that asks for a version, and the output that has it. */
  readonly version: string;
  /** The output with the program's path, where the real action has one. */
  readonly path?: string;
  readonly inputs: Readonly<Record<string, string>>;
}

const PYTHON: Setup = {
  name: "Setup Python",
  programs: ["python3", "python"],
  version: "python-version",
  path: "python-path",
  inputs: {
    ...{ "python-version": "", "python-version-file": "", cache: "", "cache-dependency-path": "", architecture: "" },
    ...{
      "check-latest": "false",
      token: "",
      "update-environment": "true",
      "allow-prereleases": "false",
      freethreaded: "false",
    },
    ...{ "pip-version": "", "pip-install": "" },
  },
};
const NODE: Setup = {
  name: "Setup Node.js environment",
  programs: ["node"],
  version: "node-version",
  inputs: {
    ...{ "node-version": "", "node-version-file": "", cache: "", "cache-dependency-path": "", architecture: "" },
    ...{ "check-latest": "false", token: "", "registry-url": "", scope: "", "always-auth": "", mirror: "" },
    ...{ "package-manager-cache": "true" },
  },
};

export const setupPythonAction = (): FetchedAction => define(PYTHON);
export const setupNodeAction = (): FetchedAction => define(NODE);

function define(setup: Setup): FetchedAction {
  const outputs = [setup.version, "cache-hit", ...(setup.path === undefined ? [] : [setup.path])];
  return defineBuiltinAction({ name: setup.name, inputs: setup.inputs, outputs, run: (call) => use(setup, call) });
}

async function use(setup: Setup, { inputs, env, log }: BuiltinCall): Promise<BuiltinOutcome> {
  const found = await find(setup.programs, env);
  const wanted = getInput(inputs, setup.version);
  if (found === undefined) {
    throw new Error(`This local GitHub installs nothing, and this machine has no ${setup.programs.join(" or ")}.`);
  }
  if (wanted !== "" && !isVersion(found.version, wanted)) {
    log(
      `::warning::The workflow asks for ${setup.version} ${wanted}; this local GitHub uses ${found.version}, which this machine has.`,
    );
  }
  log(`Using ${found.path} ${found.version}`);
  return {
    outputs: {
      [setup.version]: found.version,
      "cache-hit": "false",
      ...(setup.path !== undefined && { [setup.path]: found.path }),
    },
  };
}

async function find(
  programs: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly path: string; readonly version: string } | undefined> {
  for (const program of programs) {
    try {
      const { stdout, stderr } = await run(program, ["--version"], { env });
      const { stdout: path } = await run("sh", ["-c", `command -v ${program}`], { env });
      const [version = ""] = /\d+\.\d+\.\d+\S*/.exec(stdout + stderr) ?? [];
      return { path: path.trim(), version };
    } catch {
      // Not this one.
    }
  }
  return undefined;
}

/** Whether `3.12`, `3.12.x` or `20` is what there is. Ranges and names such as `lts/*` are not looked into. */
const isVersion = (version: string, wanted: string): boolean =>
  `${version}.`.startsWith(`${wanted.replace(/^v/, "").replace(/(?:\.x)+$/, "")}.`) || /[^\d.xv]/.test(wanted);
