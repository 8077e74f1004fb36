/** The rules of the house as pure functions from files to complaints. `../architecture.test.ts` holds the tree to them. */
import type { Import, SourceFile } from "./source-files.ts";

type Rule = (files: readonly SourceFile[]) => readonly string[];

const LONGEST_FILE = 250;
const LONGEST_ENTRY = 15;
/** Node's own modules and the clock, chance and environment, which pure rooms must be handed. */
const IMPURE = /\b(?:Date\.now|new Date\(\)|Math\.random|process\.|fetch\()/;

const isTest = (path: string): boolean => path.endsWith(".test.ts") || path.endsWith("/testing.ts");

/** Libraries that only compute, so that a pure room may use them; any other needs a reason here. */
const PURE_LIBRARIES = /^(?:zod(?:\/v4\/core)?|yaml|re2js)$/;
/** What went wrong, as a value: every room may say it. */
const PROBLEM = "shared/action/problem.ts";

/** The rooms of the local GitHub and what each may import, itself aside. `*` is everything. */
const LOCALHUB_ROOMS: Readonly<Record<string, readonly string[]>> = {
  openapi: [],
  "workflow-language": [],
  git: [],
  world: ["git/git.ts"],
  operations: ["world", "git"],
  render: ["operations", "world", "git/git.ts"],
  events: ["render", "operations", "world", "git/git.ts"],
  runner: ["workflow-language"],
  workflows: ["events", "render", "operations", "world", "git", "workflow-language", "runner/job.ts"],
  "git-http": ["rest", "operations", "world", "git"],
  rest: ["openapi", "render", "operations", "world", "git", "workflows/service.ts"],
  results: ["operations", "world"],
  page: ["rest", "render", "operations", "world", "git", "workflows/service.ts"],
};

export const localhubRooms: Rule = (files) =>
  outside(files, "test/localhub/", (room, target) => {
    const allowed = LOCALHUB_ROOMS[room];
    return allowed === undefined || allowed.some((place) => target === place || target.startsWith(`${place}/`));
  });

/** `shared/core` decides and does nothing else; records and report are values; adapters do not know decisions. */
export const sharedRooms: Rule = (files) =>
  files.flatMap((file) => {
    if (isTest(file.path)) return [];
    const complain = (why: string): string => `${file.path}: ${why}`;
    const foreign = (allowed: (imported: Import) => boolean): string[] =>
      file.imports
        .filter((imported) => !allowed(imported))
        .map((imported) => complain(`may not import ${imported.file ?? imported.specifier}`));
    const into = (imported: Import, ...rooms: readonly string[]): boolean =>
      rooms.some((room) => imported.file?.startsWith(room) ?? false);

    if (file.path.startsWith("shared/core/") || file.path.startsWith("shared/report/")) {
      const pure = IMPURE.exec(file.text);
      return [
        ...foreign(
          (i) =>
            PURE_LIBRARIES.test(i.specifier) ||
            into(i, "shared/core/", "shared/records/", "shared/report/") ||
            i.file === PROBLEM,
        ),
        ...(pure ? [complain(`is a pure room and may not use ${pure[0]}`)] : []),
        ...(file.path.startsWith("shared/core/") ? file.imports.filter((i) => into(i, "shared/report/")) : []).map(
          (i) => complain(`may not import ${i.file}`),
        ),
      ];
    }
    if (file.path.startsWith("shared/records/")) {
      // A record is read by the room that knows documents; beyond that, records know only each other.
      return foreign(
        (i) => i.specifier === "zod" || into(i, "shared/records/", "shared/core/document/", "shared/core/json/"),
      );
    }
    if (file.path.startsWith("shared/action/")) {
      return foreign(
        (i) => /^(?:@actions\/core|zod|node:)/.test(i.specifier) || into(i, "shared/action/", "shared/records/"),
      );
    }
    if (file.path.startsWith("shared/adapters/")) {
      const own = file.path.split("/").slice(0, 3).join("/");
      const free = ["github", "files", "process"].map((room) => `shared/adapters/${room}/`);
      return foreign(
        (i) => i.file === undefined || !i.file.startsWith("shared/adapters/") || into(i, `${own}/`, ...free),
      );
    }
    if (file.path.startsWith("actions/")) {
      const own = file.path.split("/").slice(0, 2).join("/");
      return foreign((i) => i.file === undefined || into(i, "shared/", `${own}/`));
    }
    return [];
  });

/** `@actions/core` is the one way out of an action: whoever imports it can print a workflow command. */
export const oneWayOut: Rule = (files) => {
  const importers = files
    .filter((file) => /^(?:shared|actions)\//.test(file.path) && !isTest(file.path))
    .filter((file) => file.imports.some((imported) => imported.specifier === "@actions/core"))
    .map((file) => file.path);
  const printers = files
    .filter((file) => /^(?:shared\/(?!build\/)|actions\/)/.test(file.path) && !isTest(file.path))
    .filter((file) => PRINTS.test(file.text) && file.path !== PRINTER);
  return [
    ...(importers.length <= 1
      ? []
      : importers.map((path) => `${path}: @actions/core may be imported in one file only`)),
    ...printers.map(({ path }) => `${path}: prints past the log`),
  ];
};

const PRINTS = /\bconsole\.\w|\bprocess\s*\.\s*std(?:out|err)\b/;
/** It empties what was printed before it ends the process. */
const PRINTER = "shared/action/host.ts";

export const shortFiles: Rule = (files) =>
  files.flatMap(({ path, text }) => {
    const lines = text.split("\n").length - 1;
    if (/^actions\/[^/]+\/(?:main|post)\.ts$/.test(path) && lines > LONGEST_ENTRY) {
      return [`${path}: ${lines} lines; an entry is wiring only, at most ${LONGEST_ENTRY}`];
    }
    const excused = /^\/\/ long because: \S/.test(text);
    return lines > LONGEST_FILE && !excused && !isTest(path)
      ? [`${path}: ${lines} lines; split it, or say why on its first line ("// long because: …")`]
      : [];
  });

export const tellingNames: Rule = (files) =>
  files
    .filter(({ path }) => /(?:^|[/-])(?:utils?|helpers?|common|misc)(?:[./-]|$)/.test(path))
    .map(({ path }) => `${path}: name it after what it knows`);

/** Type-only imports count: two files that need each other's types are one thought in two places. */
export const noCycles: Rule = (files) =>
  circles(
    new Map(files.map((file) => [file.path, file.imports.flatMap(({ file: to }) => (to ? [to] : []))])),
    "import",
  );

/** Folders side by side must not need each other, either; a folder and the one it stands in are one room. */
export const noRoomCycles: Rule = (files) => {
  const rooms = new Map<string, string[]>();
  for (const file of files) {
    if (isTest(file.path)) continue;
    const from = folderOf(file.path);
    const to = file.imports.flatMap(({ file: target }) => (target ? [folderOf(target)] : []));
    const beside = to.filter((room) => !`${room}/`.startsWith(`${from}/`) && !`${from}/`.startsWith(`${room}/`));
    rooms.set(from, [...(rooms.get(from) ?? []), ...beside]);
  }
  return circles(rooms, "room");
};

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));

function circles(arrows: ReadonlyMap<string, readonly string[]>, kind: string): readonly string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (place: string, trail: readonly string[]): void => {
    const seen = trail.indexOf(place);
    if (seen >= 0) {
      found.push(`${kind} cycle: ${[...trail.slice(seen), place].join(" -> ")}`);
      return;
    }
    if (done.has(place)) return;
    for (const next of new Set(arrows.get(place))) visit(next, [...trail, place]);
    done.add(place);
  };
  for (const place of arrows.keys()) visit(place, []);
  return found;
}

function outside(
  files: readonly SourceFile[],
  base: string,
  allowed: (room: string, target: string) => boolean,
): readonly string[] {
  return files
    .filter((file) => file.path.startsWith(base) && !isTest(file.path) && file.path.slice(base.length).includes("/"))
    .flatMap((file) => {
      const room = file.path.slice(base.length).split("/")[0] ?? "";
      return file.imports
        .flatMap(({ file: to }) => (to === undefined ? [] : [to]))
        .filter((to) => !to.startsWith(`${base}${room}/`))
        .filter((to) => !to.startsWith(base) || !allowed(room, to.slice(base.length)))
        .map((to) => `${file.path}: may not import ${to}`);
    });
}
