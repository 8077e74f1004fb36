/** What each action's token needs, from its spec, as the doctor's table. */
import type { FoundAction } from "./find-actions.ts";

export function renderNeededPermissions(actions: readonly FoundAction[]): string {
  const rows = actions.map(({ spec }) => {
    const entries = Object.entries(spec.permissions).map(([name, { access, reason }]) => {
      const isOptional = /\bonly\b|\bwithout it\b/.test(reason);
      return `    ${quote(name)}: { access: "${access}", optional: ${isOptional} },\n`;
    });
    return `  ${quote(spec.name)}: {${entries.length === 0 ? "" : `\n${entries.join("")}  `}},\n`;
  });
  return `// Generated from the actions' spec.ts by "npm run generate".
import type { NeededPermissions } from "./facts.ts";

export const NEEDED_PERMISSIONS: NeededPermissions = {
${rows.join("")}};
`;
}

const quote = (name: string): string => (/^[a-z]+$/.test(name) ? name : `"${name}"`);
