/** Which room may import which. The one table: the rules hold the tree to it, and docs/house.md shows it. */

export interface Room {
  /** Rooms whose files this one may import, its own aside. A room stands for all its folders. */
  readonly rooms: readonly string[];
  /** Packages and Node modules it may import; `node:*` stands for all of Node. */
  readonly libraries: readonly string[];
  /** Whether it only computes: no clock, no chance, no environment, no files. */
  readonly pure: boolean;
}

/** Parts of the toolkit that reach the runner or GitHub have one importing room each. */
export const ROOMS: Readonly<Record<string, Room>> = {
  "shared/problem": { rooms: [], libraries: [], pure: true },
  "shared/text": { rooms: ["shared/problem"], libraries: ["zod", "zod/v4/core", "yaml"], pure: true },
  "shared/records": { rooms: ["shared/text", "shared/problem"], libraries: ["zod"], pure: true },
  "shared/core": {
    rooms: ["shared/records", "shared/text", "shared/problem"],
    libraries: [
      ...["zod", "ajv", "ajv/dist/2019.js", "ajv/dist/2020.js", "ajv-formats"],
      ...["smol-toml", "@rgrove/parse-xml", "hyparquet"],
      ...["column", "delta", "encoding", "plain", "snappy"].map((part) => `hyparquet/src/${part}.js`),
    ],
    pure: true,
  },
  "shared/report": {
    rooms: ["shared/core", "shared/records", "shared/text", "shared/problem"],
    libraries: ["markdown-it"],
    pure: true,
  },
  "shared/adapters": {
    rooms: ["shared/core", "shared/records", "shared/text", "shared/problem"],
    libraries: ["zod", "node:*", "@octokit/rest", "@actions/cache", "@actions/exec", "fflate", "picomatch"],
    pure: false,
  },
  "shared/action": {
    rooms: ["shared/text", "shared/problem"],
    libraries: ["zod", "node:*", "@actions/core", "@actions/github"],
    pure: false,
  },
  "shared/build": {
    rooms: ["shared/action", "shared/core", "shared/records"],
    libraries: ["zod", "yaml", "node:*"],
    pure: false,
  },
  "shared/cli": {
    rooms: ["shared/report", "shared/adapters", "shared/core", "shared/records", "shared/text", "shared/problem"],
    libraries: ["node:*", "commander"],
    pure: false,
  },
  actions: {
    rooms: [
      "shared/action",
      "shared/report",
      "shared/adapters",
      "shared/core",
      "shared/records",
      "shared/text",
      "shared/problem",
    ],
    libraries: ["zod", "node:*"],
    pure: false,
  },
};

/** The rooms inside core: each decides about one thing, and names the others it needs. */
export const CORE: Readonly<Record<string, readonly string[]>> = {
  policy: ["metrics"],
  data: ["statistics"],
  metrics: [],
  plots: [],
  gate: ["metrics", "policy", "statistics"],
  training: ["policy"],
  "json-schema": [],
  registry: ["json-schema", "policy"],
  statistics: [],
  promotion: ["policy", "registry"],
  comment: ["policy"],
  doctor: ["policy", "registry"],
  setup: ["policy"],
};

/** Adapters do not know each other, but for these. */
export const SHARED_ADAPTERS = ["github", "files", "process"] as const;

/** The rooms of the local GitHub and what each may import, itself aside. */
export const LOCALHUB: Readonly<Record<string, readonly string[]>> = {
  openapi: [],
  "workflow-language": [],
  git: [],
  world: ["git/git-repository.ts"],
  operations: ["world", "git"],
  render: ["operations", "world", "git/git-repository.ts"],
  events: ["render", "operations", "world", "git/git-repository.ts"],
  runner: ["workflow-language"],
  workflows: ["events", "render", "operations", "world", "git", "workflow-language", "runner/job.ts"],
  "git-http": ["rest", "operations", "world", "git"],
  rest: ["openapi", "render", "operations", "world", "git", "workflows/service.ts"],
  results: ["operations", "world"],
  page: ["rest", "render", "operations", "world", "git", "workflows/service.ts"],
};

/** The map as docs/house.md shows it. */
export function roomsTable(): string {
  const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ") || "nothing";
  const rows = Object.entries(ROOMS).map(
    ([name, { rooms, libraries, pure }]) =>
      `| \`${name}\` | ${code(rooms)} | ${code(libraries)} | ${pure ? "yes" : "no"} |`,
  );
  const core = Object.entries(CORE).map(([name, others]) => `| \`${name}\` | ${code(others)} |`);
  return [
    "| Room | may import | packages | only computes |",
    "|---|---|---|---|",
    ...rows,
    "",
    "| Inside `shared/core` | may import |",
    "|---|---|",
    ...core,
  ].join("\n");
}
