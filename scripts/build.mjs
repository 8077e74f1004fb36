// `npm run build [-- <action>…]`: TypeScript to JavaScript, then one bundle for each action: what `uses:` runs.
// Built is only what has changed since: nothing to do is over at once.
import { spawn } from "node:child_process";
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
import { filesBelow, fingerprint, modulesOf } from "./bundle-files.mjs";
import { underLock } from "./lock.mjs";
import { node24, root, runUnderNode24 } from "./toolchain.mjs";

const cache = join(root, "node_modules/.cache/mlops-actions");
const js = join(cache, "js");
/** Bundling is work for the processor alone; more at once than this only takes memory. */
const AT_ONCE = 2;

const wanted = process.argv.slice(2);
const known = readdirSync(join(root, "actions")).filter((name) => existsSync(join(root, "actions", name, "main.ts")));
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) throw new Error(`no action called ${unknown.join(", ")}; there is ${known.join(", ")}`);

await underLock(join(cache, "lock"), async () => {
  const toolchain = fingerprint(root, [
    join(root, "pnpm-lock.yaml"),
    join(root, "tsconfig.json"),
    import.meta.filename,
  ]);
  compile(toolchain);
  const bundles = (wanted.length > 0 ? wanted : known).flatMap(bundlesOf).map((bundle) => ({
    ...bundle,
    key: fingerprint(js, modulesOf(bundle.entry), toolchain, bundle.name),
  }));
  const missing = bundles.filter(({ key }) => !existsSync(join(cache, key)));
  for (let at = 0; at < missing.length; at += AT_ONCE) await Promise.all(missing.slice(at, at + AT_ONCE).map(bundle));
  for (const { dist, key } of bundles) install(dist, key);
});

/** A bundle for the action, and one for its post step where there is one. */
function bundlesOf(name) {
  const at = (file) => join(js, "actions", name, file);
  const dist = join(root, "actions", name, "dist");
  const main = { name, entry: at("main.js"), dist };
  return existsSync(at("post.js"))
    ? [main, { name: `${name}-post`, entry: at("post.js"), dist: join(dist, "post") }]
    : [main];
}

/** The whole tree at once, types unchecked: that is another step's work. */
function compile(toolchain) {
  const isSource = (name) => name.endsWith(".ts") && !name.endsWith(".test.ts");
  const sources = ["actions", "shared"].flatMap((folder) => filesBelow(join(root, folder), isSource));
  const key = fingerprint(root, sources, toolchain);
  const stamp = join(js, "stamp");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === key) return;
  rmSync(js, { recursive: true, force: true });
  const status = runUnderNode24(join(root, "node_modules/typescript/bin/tsc"), ["--project", "tsconfig.build.json"]);
  if (status !== 0) throw new Error("the sources could not be compiled");
  // The compiled modules find the packages where the sources find them.
  for (const folder of ["shared", ...known.map((name) => join("actions", name))]) {
    const packages = join(root, folder, "node_modules");
    mkdirSync(join(js, folder), { recursive: true });
    if (existsSync(packages)) symlinkSync(packages, join(js, folder, "node_modules"), "junction");
  }
  writeFileSync(join(js, "package.json"), '{ "type": "module" }\n');
  writeFileSync(stamp, key);
}

async function bundle({ name, entry, key }) {
  const started = performance.now();
  const out = join(cache, `${key}.making`);
  rmSync(out, { recursive: true, force: true });
  const ncc = join(root, "node_modules/@vercel/ncc/dist/ncc/cli.js");
  const options = ["--minify", "--license", "licenses.txt", "--no-cache", "--out", out];
  await finished(spawn(node24(), [ncc, "build", entry, ...options], { stdio: ["ignore", "ignore", "inherit"] }), name);
  renameSync(out, join(cache, key));
  const kilobytes = Math.round(readFileSync(join(cache, key, "index.js")).length / 1000);
  console.log(`built ${name}  ${kilobytes} kB  ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

function finished(child, name) {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve() : reject(new Error(`${name} could not be bundled`))));
  });
}

/** Puts a bundle where `action.yml` looks for it, unless it is there already. */
function install(dist, key) {
  const stamp = join(cache, "installed", dist.slice(root.length).replaceAll(/[\\/]/g, "+"));
  if (existsSync(join(dist, "index.js")) && existsSync(stamp) && readFileSync(stamp, "utf8") === key) return;
  mkdirSync(dist, { recursive: true });
  for (const file of ["index.js", "package.json", "licenses.txt"]) {
    if (existsSync(join(cache, key, file))) cpSync(join(cache, key, file), join(dist, file));
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, key);
}
