// The licences of the packages whose code is in a bundle. The bundler's own list forgets those of the entry's chunk.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "./user-error.mjs";

/** @param stats what the bundler says about its modules. @returns one text, the same on every machine */
export function formatLicenses(stats) {
  const folders = new Set(listModules(stats).flatMap((path) => packageFolderOf(path) ?? []));
  const entries = [...folders].map(describePackage);
  return [...new Set(entries)].sort().join(`\n${"-".repeat(80)}\n`);
}

/** Modules that the bundler has joined to one are inside it. */
const listModules = ({ modules = [] }) =>
  modules.flatMap((module) => [module.nameForCondition ?? "", ...listModules(module)]);

/** The innermost package of a path. */
const packageFolderOf = (path) => /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/.][^\\/]*)[\\/]/.exec(path)?.[1];

function describePackage(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!license && file === undefined) throw new UserError(`${name}@${version} is in a bundle and names no licence`);
  const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8");
  return `${name}@${version}\n${license ?? ""}\n\n${text.replaceAll("\r\n", "\n").trim()}\n`;
}
