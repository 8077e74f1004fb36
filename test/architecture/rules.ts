/** The rules of the house as pure functions from files to complaints. `../architecture.test.ts` holds the tree to them. */
import { CORE, LOCALHUB, ROOMS, type Room, SHARED_ADAPTERS } from "./rooms.ts";
import type { Import, SourceFile } from "./source-files.ts";

type Rule = (files: readonly SourceFile[]) => readonly string[];

const MAX_FILE_LINES = 250;
const MAX_ENTRY_LINES = 15;
/** Node's own modules and the clock, chance and environment, which pure rooms must be handed. */
const IMPURE = /\b(?:Date\.now|new Date\(\)|Math\.random|process\.|fetch\()/;
const LOCALHUB_FOLDER = "test/localhub/";

const isTest = (path: string): boolean => /\.(?:test|deep)\.ts$/.test(path) || path.endsWith("/testing.ts");

export const localhubRooms: Rule = (files) =>
  files
    .filter(({ path }) => path.startsWith(LOCALHUB_FOLDER) && !isTest(path))
    .flatMap((file) => {
      const room = file.path.slice(LOCALHUB_FOLDER.length).split("/")[0] ?? "";
      const allowed = LOCALHUB[room];
      return complaints(file, ({ file: target }) => {
        if (target === undefined || target.startsWith(`${LOCALHUB_FOLDER}${room}/`)) return true;
        if (!target.startsWith(LOCALHUB_FOLDER)) return false;
        const inside = target.slice(LOCALHUB_FOLDER.length);
        return allowed === undefined || allowed.some((place) => inside === place || inside.startsWith(`${place}/`));
      });
    });

/** Whoever is not part of the local GitHub uses it as a package, by what it exports. */
export const localhubSurface: Rule = (files) =>
  files
    .filter(({ path }) => !path.startsWith(LOCALHUB_FOLDER))
    .flatMap((file) => complaints(file, ({ file: target }) => !target?.startsWith(LOCALHUB_FOLDER)));

export const sharedRooms: Rule = (files) =>
  files
    .filter(({ path }) => !/\.(?:test|deep)\.ts$/.test(path))
    .flatMap((file) => {
      const [name, room] = Object.entries(ROOMS).find(([name]) => file.path.startsWith(`${name}/`)) ?? [];
      if (name === undefined || room === undefined) return [];
      // What helps tests may use any library, but brings no arrow that the room does not have.
      const helpsTests = isTest(file.path);
      const impure = room.pure && !helpsTests ? IMPURE.exec(file.text) : null;
      return [
        ...complaints(file, (imported) =>
          helpsTests && !imported.file?.startsWith("shared/") ? true : isAllowed(file.path, name, room, imported),
        ),
        ...(impure ? [`${file.path}: is a room that only computes and may not use ${impure[0]}`] : []),
      ];
    });

function isAllowed(path: string, name: string, room: Room, { file: target, specifier }: Import): boolean {
  if (target === undefined) {
    return room.libraries.some(
      (library) => library === specifier || (library === "node:*" && /^node:/.test(specifier)),
    );
  }
  const into = (folder: string): boolean => target.startsWith(`${folder}/`);
  if (!into(name)) return room.rooms.some(into);
  const [own, other] = [path, target].map((file) => file.slice(name.length + 1).split("/")[0] ?? "");
  if (own === other || own === undefined || other === undefined) return true;
  if (name === "shared/core") return CORE[own]?.includes(other) ?? false;
  if (name === "shared/adapters") return (SHARED_ADAPTERS as readonly string[]).includes(other);
  return name !== "actions";
}

const complaints = (file: SourceFile, allowed: (imported: Import) => boolean): readonly string[] =>
  file.imports
    .filter((imported) => !allowed(imported))
    .map((imported) => `${file.path}: may not import ${imported.file ?? imported.specifier}`);

/** `@actions/core` is the one way out of an action: whoever imports it can print a workflow command. */
export const oneWayOut: Rule = (files) => {
  const importers = files
    .filter((file) => /^(?:shared|actions)\//.test(file.path) && !isTest(file.path))
    .filter((file) => file.imports.some((imported) => imported.specifier === "@actions/core"))
    .map((file) => file.path);
  const printers = files
    .filter((file) => /^(?:shared\/(?!build\/)|actions\/)/.test(file.path) && !isTest(file.path))
    .filter((file) => PRINTS.test(file.text) && !PRINTERS.includes(file.path));
  return [
    ...(importers.length <= 1
      ? []
      : importers.map((path) => `${path}: @actions/core may be imported in one file only`)),
    ...printers.map(({ path }) => `${path}: prints past the log`),
  ];
};

const PRINTS = /\bconsole\.\w|\bprocess\s*\.\s*std(?:out|err)\b/;
/** A command prints its result; one empties what was printed before it ends the process, one keeps a library from printing. */
const PRINTERS = [
  "shared/cli/ask.ts",
  "shared/cli/main.ts",
  "shared/cli/ledger.ts",
  "shared/action/host.ts",
  "shared/adapters/process/intercept-output.ts",
];

export const shortFiles: Rule = (files) =>
  files.flatMap(({ path, text }) => {
    const lines = text.split("\n").length - 1;
    if (/^actions\/[^/]+\/(?:main|post|watchdog)\.ts$/.test(path) && lines > MAX_ENTRY_LINES) {
      return [`${path}: ${lines} lines; an entry is wiring only, at most ${MAX_ENTRY_LINES}`];
    }
    const excused = /^\/\/ long because: \S/.test(text);
    return lines > MAX_FILE_LINES && !excused && !isTest(path)
      ? [`${path}: ${lines} lines; split it, or say why on its first line ("// long because: …")`]
      : [];
  });

/** Words of our own that once stood for terms of the field (docs/glossary.md). */
const RETIRED =
  /believ|witness|occasion|occurrence|happening|gatekeeper|patien|callee|unfinished|journey|doubt|paperHost|setStage|LONGEST_|MOST_/;

export const glossaryNames: Rule = (files) =>
  files.flatMap(({ path, text }) => {
    const exported = [...text.matchAll(/^export (?:async )?(?:function|const|class|interface|type) (\w+)/gm)];
    return [path, ...exported.map(([, name = ""]) => name)]
      .filter((name) => RETIRED.test(name))
      .map((name) => `${path}: "${name}" has a word that docs/glossary.md replaced`);
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
