/** Which Python and which packages a training had. */
import * as z from "zod";

export interface PythonEnvironment {
  readonly python: string;
  /** Name to version, as the packages themselves say. */
  readonly packages: Readonly<Record<string, string>>;
}

/** Reads what is written beside the packages, and imports none of them. */
export const PYTHON_PROBE = `
import importlib.metadata, json, sys
found = {}
for each in importlib.metadata.distributions():
    name = each.metadata["Name"]
    if name: found.setdefault(name, each.version)
print(json.dumps({"python": sys.version.split()[0], "packages": found}))
`;

const short = z.string().min(1).max(100);
const answer = z.object({ python: short, packages: z.record(short, short) });

/** A record has as many at most. */
const MAX_PACKAGES = 1_000;

/** @returns `undefined` for what is no such answer: it comes from the training's side */
export function parsePythonEnvironment(text: string): PythonEnvironment | undefined {
  try {
    const { data } = answer.safeParse(JSON.parse(text));
    if (data === undefined) return undefined;
    const sorted = Object.entries(data.packages).sort(([a], [b]) => (a < b ? -1 : 1));
    return { python: data.python, packages: Object.fromEntries(sorted.slice(0, MAX_PACKAGES)) };
  } catch {
    return undefined;
  }
}

/** On these, results depend the most. */
const FRAMEWORKS = [
  "torch",
  "tensorflow",
  "jax",
  "lightning",
  "transformers",
  "scikit-learn",
  "xgboost",
  "numpy",
] as const;

/** Versions for the record's environment: Python, frameworks, and the CUDA that they were built for. */
export function versionsOf({ python, packages }: PythonEnvironment): Readonly<Record<string, string>> {
  const frameworks = FRAMEWORKS.flatMap((name) => {
    const version = packages[name];
    return version === undefined ? [] : [[name, version] as const];
  });
  const cuda = cudaOf(packages);
  return { python, ...Object.fromEntries(frameworks), ...(cuda !== undefined && { cuda }) };
}

/** From the runtime that came as a package, or the build of torch: `2.11.0+cu128`. */
function cudaOf(packages: PythonEnvironment["packages"]): string | undefined {
  const runtime = Object.entries(packages).find(([name]) => /^nvidia-cuda-runtime(?:-cu\d+)?$/.test(name))?.[1];
  if (runtime !== undefined) return runtime;
  const [, major, minor] = /\+cu(\d{2})(\d)$/.exec(packages["torch"] ?? "") ?? [];
  return major === undefined ? undefined : `${major}.${minor}`;
}
