// npm run build [-- <action>... | mlops-actions]
//
// Compiles the sources, then makes one bundle for each action: what `uses:` runs; and, when it is asked for, one for the command line. A package that is imported by `import()`
// becomes a chunk of its own, which is loaded when it is needed. Only what has changed is built again.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { runCommand } from "./command.mjs";
import { collectModules, fingerprint, listSourceFiles } from "./fingerprint.mjs";
import { withLock } from "./lock.mjs";
import { cacheFolder, root, runWithNode24 } from "./toolchain.mjs";
import { UserError } from "./user-error.mjs";

const js = join(cacheFolder, "js");
/** Bundling is work for the processor alone; more at once than this only takes memory. */
const PROCESSES = 2;
/** The command line. No workflow needs it: it is built for its package only. */
const PROGRAM = "mlops-actions";
const known = readdirSync(join(root, "actions")).filter((name) => existsSync(join(root, "actions", name, "main.ts")));

await runCommand(async (wanted) => {
  const unknown = wanted.filter((name) => !known.includes(name) && name !== PROGRAM);
  if (unknown.length > 0) {
    throw new UserError(`there is no action ${unknown.join(", ")}; the actions are ${known.join(", ")}`);
  }
  await withLock(join(cacheFolder, "lock"), () => buildActions(wanted.length > 0 ? wanted : known));
});

async function buildActions(names) {
  const toolchain = fingerprint(
    root,
    ["pnpm-lock.yaml", "tsconfig.json", "tsconfig.build.json", "scripts/bundle.mjs", "scripts/licenses.mjs"].map(
      (path) => join(root, path),
    ),
  );
  await compile(toolchain);
  const bundles = names.flatMap(listBundles).map((bundle) => ({
    ...bundle,
    key: fingerprint(js, collectModules(bundle.entry), toolchain, bundle.name),
  }));
  const missing = bundles.filter(({ key }) => !existsSync(join(cacheFolder, key)));
  const shares = Array.from({ length: PROCESSES }, (_, share) => missing.filter((_, at) => at % PROCESSES === share));
  await Promise.all(shares.filter((share) => share.length > 0).map(buildBundles));
  for (const { dist, key } of bundles) installBundle(dist, key);
}

/** A bundle for the action, and one for its post step its threads and its watchdog where there are any. */
function listBundles(name) {
  if (name === PROGRAM) return [{ name, entry: join(js, "shared/cli/main.js"), dist: join(root, "shared/cli/dist") }];
  const at = (file) => join(js, "actions", name, file);
  const dist = join(root, "actions", name, "dist");
  const main = { name, entry: at("main.js"), dist };
  const others = ["post", "worker", "watchdog"].filter((other) => existsSync(at(`${other}.js`)));
  return [
    main,
    ...others.map((other) => ({ name: `${name}-${other}`, entry: at(`${other}.js`), dist: join(dist, other) })),
  ];
}

/** The whole tree at once, types unchecked: that is another step's work. */
async function compile(toolchain) {
  const isSource = (name) => name.endsWith(".ts") && !name.endsWith(".test.ts");
  const sources = ["actions", "shared"].flatMap((folder) => listSourceFiles(join(root, folder), isSource));
  const key = fingerprint(root, sources, toolchain);
  const stamp = join(js, "stamp");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === key) return;
  rmSync(js, { recursive: true, force: true });
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const code = await runWithNode24(compiler, ["--project", "tsconfig.build.json"], { hasNothingToSave: true });
  if (code !== 0) throw new UserError("the sources could not be compiled; the reason is printed above");
  // The compiled modules find the packages where the sources find them.
  for (const folder of ["shared", ...known.map((name) => join("actions", name))]) {
    const packages = join(root, folder, "node_modules");
    mkdirSync(join(js, folder), { recursive: true });
    if (existsSync(packages)) symlinkSync(packages, join(js, folder, "node_modules"), "junction");
  }
  writeFileSync(join(js, "package.json"), '{ "type": "module" }\n');
  writeFileSync(stamp, key);
}

async function buildBundles(bundles) {
  const making = bundles.map(({ name, entry, key }) => ({ name, entry, out: join(cacheFolder, `${key}.making`) }));
  const script = join(root, "scripts/bundle.mjs");
  const code = await runWithNode24(script, [JSON.stringify(making)], { hasNothingToSave: true });
  if (code !== 0) throw new UserError("not every action could be bundled; the reason is printed above");
  for (const { key } of bundles) renameSync(join(cacheFolder, `${key}.making`), join(cacheFolder, key));
}

/** Puts a bundle where `action.yml` looks for it, unless it is there already, and nothing of an earlier one beside it. */
function installBundle(dist, key) {
  const stamp = join(cacheFolder, "installed", dist.slice(root.length).replaceAll(/[\\/]/g, "+"));
  if (existsSync(join(dist, "index.js")) && existsSync(stamp) && readFileSync(stamp, "utf8") === key) return;
  mkdirSync(dist, { recursive: true });
  for (const { name } of readdirSync(dist, { withFileTypes: true }).filter((entry) => entry.isFile())) {
    rmSync(join(dist, name));
  }
  for (const file of readdirSync(join(cacheFolder, key))) cpSync(join(cacheFolder, key, file), join(dist, file));
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, key);
}
