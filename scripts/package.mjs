// npm run package -- 1.2.0 [--out <folder>] [--actions <owner/name@commit>]
//
// Makes the npm package of the command line: one bundle, without dependencies and without install scripts, as the tarball
// mlops-actions-1.2.0.tgz in the folder (default: the current one). `init` writes the actions as they are named here. `npx ./mlops-actions-1.2.0.tgz --help` tries it.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "./command.mjs";
import { installDependencies } from "./dependencies.mjs";
import { createTemporaryFolder } from "./processes.mjs";
import { root, runWithNode24 } from "./toolchain.mjs";
import { UserError } from "./user-error.mjs";

await runCommand(async (arguments_) => {
  const { values, positionals } = parseArgs({
    args: arguments_,
    allowPositionals: true,
    options: { out: { type: "string", default: "." }, actions: { type: "string", default: "" } },
  });
  const version = positionals[0] ?? "";
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version))
    throw new UserError(`"${version}" is not a version; write for example 1.2.0`);
  if (!/^(?:[A-Za-z\d][A-Za-z\d-]*\/[\w.-]+@[\w./-]+)?$/.test(values.actions))
    throw new UserError(`"${values.actions}" is no release; write for example OWNER/mlops-actions@v1`);
  const out = resolve(process.env.INIT_CWD ?? process.cwd(), values.out);
  if (!existsSync(out)) throw new UserError(`there is no folder ${out}`);
  await installDependencies();
  const code = await runWithNode24(join(root, "scripts/build.mjs"), ["mlops-actions"]);
  if (code !== 0) return code;
  const folder = createTemporaryFolder();
  writePackage(folder, version, values.actions);
  const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", out], {
    cwd: folder,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  const [{ filename, size }] = JSON.parse(packed);
  console.log(`${join(out, filename)}  ${Math.round(size / 1000)} kB`);
  return 0;
});

function writePackage(folder, version, actions) {
  const { license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const manifest = {
    name: "mlops-actions",
    version,
    description:
      "The decisions of the mlops-actions for GitHub, on a laptop: check data, gate metrics, explain a verdict",
    license,
    type: "module",
    bin: { "mlops-actions": "dist/mlops-actions.js" },
    files: ["dist"],
    engines: { node: ">=22.15" },
  };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  cpSync(join(root, "docs/how-to/use-the-command-line.md"), join(folder, "README.md"));
  mkdirSync(join(folder, "dist"));
  cpSync(join(root, "shared/cli/dist"), join(folder, "dist"), { recursive: true });
  const release = JSON.stringify(actions === "" ? "" : `${actions} v${version}`);
  const program = `#!/usr/bin/env node\nprocess.env.MLOPS_ACTIONS_RELEASE ??= ${release};\nawait import("./index.js");\n`;
  writeFileSync(join(folder, "dist/mlops-actions.js"), program, { mode: 0o755 });
}
