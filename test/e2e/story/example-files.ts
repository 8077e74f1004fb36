/** The files of the story: the example, the templates, and the actions as a release contains them. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
/** Who publishes the actions in the story: replaces OWNER in the templates. */
export const PUBLISHER = "acme";
/** Files that a training writes. */
const TRAINING_OUTPUTS = new Set(["metrics.json", "model.json"]);

export type RepositoryFiles = Readonly<Record<string, string>>;

/** A folder of `docs/examples/`. */
export function readExample(name: string): RepositoryFiles {
  return readFilesBelow(join(root, "docs/examples", name));
}

/** They stand in place of others or beside them, and have tests of their own. */
const APART = new Set([
  "outdated.yml",
  "promote-by-review.yml",
  "reconcile.yml",
  "several-models.yml",
  "train-on-demand.yml",
]);

/** The templates as workflows of a repository: one word replaced, as their README says. */
export function readTemplates(names: readonly string[] = namesOfTemplates()): RepositoryFiles {
  const folder = join(root, "workflows-templates");
  const text = (file: string): string => readFileSync(join(folder, file), "utf8");
  return Object.fromEntries(
    names.map((file) => [`.github/workflows/${file}`, text(file).replaceAll("OWNER/", `${PUBLISHER}/`)]),
  );
}

/** What a release commit contains of the actions: `action.yml` and the bundles. */
export function readReleasedActions(): RepositoryFiles {
  const files = readFilesBelow(join(root, "actions"), (path) => /^[^/]+\/(?:action\.yml|dist\/.*)$/.test(path));
  const bundled = Object.keys(files).filter((path) => path.endsWith("/dist/index.js"));
  if (bundled.length === 0) throw new Error("there are no bundles yet: run npm run build");
  return {
    "action.yml": readFileSync(join(root, "action.yml"), "utf8"),
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`actions/${path}`, text])),
  };
}

const namesOfTemplates = (): readonly string[] =>
  readdirSync(join(root, "workflows-templates")).filter((file) => file.endsWith(".yml") && !APART.has(file));

function readFilesBelow(folder: string, wanted: (path: string) => boolean = () => true): RepositoryFiles {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = relative(".", entry).replaceAll(sep, "/");
    if (path.includes("node_modules/") || TRAINING_OUTPUTS.has(path) || !wanted(path)) continue;
    if (statSync(join(folder, entry)).isFile()) files[path] = readFileSync(join(folder, entry), "utf8");
  }
  return files;
}
