/** `action.yml` from an action's spec. Source of its keys: GitHub docs, "Metadata syntax for GitHub Actions". */
import { stringify } from "yaml";
import type { ActionSpec } from "../action/spec.ts";

/** The action that is at the repository's root as well: the Marketplace lists only that one. */
export const ROOT_ACTION = "model-diff";

/** @param at as which action, and where its bundle is, seen from the file's folder */
export function renderActionYml(
  spec: ActionSpec,
  at: { readonly name: string; readonly dist: string } = { name: `mlops-actions ${spec.name}`, dist: "dist" },
): string {
  const { name, dist } = at;
  const inputs = Object.entries(spec.inputs).map(([name, input]) => [
    name,
    {
      description: input.doc,
      required: input.default === undefined,
      ...(input.default !== undefined && { default: input.default }),
    },
  ]);
  // An old name stays known, or the runner would warn and drop it before the action can name the new one.
  const renamed = Object.entries(spec.renamed).map(([old, name]) => [
    old,
    { description: `Renamed: use ${name}`, required: false, deprecationMessage: `Use ${name}` },
  ]);
  const outputs = Object.entries(spec.outputs).map(([name, output]) => [name, { description: output.doc }]);
  const metadata = {
    name,
    description: spec.summary,
    author: "mlops-actions",
    branding: spec.branding,
    inputs: Object.fromEntries([...inputs, ...renamed]),
    outputs: Object.fromEntries(outputs),
    runs: {
      using: "node24",
      main: `${dist}/index.js`,
      ...(spec.post === "also-unreached" && { pre: `${dist}/post/index.js` }),
      ...(spec.post !== false && { post: `${dist}/post/index.js` }),
      ...(spec.post === "also-unreached" && { "post-if": "failure()" }),
    },
  };
  return `# Generated from spec.ts by "npm run generate".\n${stringify(metadata, { lineWidth: 0 })}`;
}
