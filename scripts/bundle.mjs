// Bundles actions, one after the other in one process: starting the bundler costs more than an action. Called by build.mjs with
// a list of { name, entry, out } as JSON.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ncc from "@vercel/ncc";
import { minifySync } from "rolldown/utils";
import { runCommand } from "./command.mjs";
import { formatLicenses } from "./licenses.mjs";
import { UserError } from "./user-error.mjs";

/**
 * `@actions/http-client` has proxies for `fetch` from undici, 400 kB that take 30 ms of each start. Nothing of ours uses them:
 * requests go through Node's own (`enableProxies`). A request that came here after all would fail, not pass by the proxy.
 */
const UNDICI = "export class ProxyAgent {}\nexport const fetch = (...request) => globalThis.fetch(...request);\n";
const SCRIPT = /^(?:\d+\.)?index\.js$/;

await runCommand(async ([bundles]) => {
  for (const bundle of JSON.parse(bundles)) await makeBundle(bundle);
});

async function makeBundle({ name, entry, out }) {
  const started = performance.now();
  const files = await bundle(name, entry);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(out, file), text);
  const [kilobytes, seconds] = [Buffer.byteLength(files["index.js"]) / 1000, (performance.now() - started) / 1000];
  const later = Object.keys(files).filter((file) => SCRIPT.test(file)).length - 1;
  console.log(`built ${name}  ${kilobytes.toFixed(0)} kB and ${later} later  ${seconds.toFixed(1)} s`);
}

/** An entry, the chunks that it loads when they are needed, and the licences of all that is in them, by the names of their files. */
async function bundle(name, entry) {
  const options = { cache: false, minify: false, esm: true, quiet: true, externals: { undici: "./undici.js" } };
  const { code, assets, stats } = await ncc(entry, options).catch((error) => {
    throw new UserError(`${name} could not be bundled: ${error.message}`);
  });
  const others = Object.keys(assets).filter((file) => !SCRIPT.test(file) && file !== "package.json");
  if (others.length > 0) throw new UserError(`${name} would need ${others.join(", ")}, which no bundle carries`);
  const chunks = Object.entries(assets).filter(([file]) => SCRIPT.test(file));
  const scripts = { "index.js": code, "undici.js": UNDICI };
  for (const [file, { source }] of chunks) scripts[file] = source.toString();
  const minified = Object.entries(scripts).map(([file, text]) => [file, minify(name, file, text)]);
  return {
    ...Object.fromEntries(minified),
    // A release is refused when one of the files is missing: a chunk is missed only when it is needed.
    "package.json": `${JSON.stringify({ type: "module", files: Object.keys(scripts).sort() })}\n`,
    "licenses.txt": formatLicenses(
      stats.toJson({ all: false, modules: true, nestedModules: true, modulesSpace: 1e6, nestedModulesSpace: 1e6 }),
    ),
  };
}

/** Names of classes and functions are read in stacks, and by packages that compare them. */
function minify(name, file, text) {
  const keepNames = { function: true, class: true };
  const { code, errors } = minifySync(file, text, { module: true, compress: { keepNames }, mangle: { keepNames } });
  if (errors.length > 0) throw new UserError(`${file} of ${name} could not be minified: ${errors[0].message}`);
  // The bundler leaves a module that is not there to the time when it is needed.
  const missing = /\beval\([`"']require[`"']\)\([`"']([^`"']*)/.exec(code)?.[1];
  if (missing !== undefined) throw new UserError(`${file} of ${name} needs ${missing}, which is not there`);
  return code;
}
