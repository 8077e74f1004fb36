/** `npm run demo`: plays the story, tells it in the terminal, writes the report. `--keep` leaves the page open. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readAsset } from "../../localhub/page/assets.ts";
import { type Act, type Line, StoryBroken } from "./act.ts";
import { reportPage } from "./report/page.ts";
import { type Stage, setStage } from "./stage.ts";
import { playStory } from "./story.ts";
import { createTerminal } from "./terminal.ts";

const REPORT = fileURLToPath(new URL("../../../demo-report/", import.meta.url));
const { values } = parseArgs({ options: { keep: { type: "boolean", default: false } } });
const terminal = createTerminal(process.stdout);

const MARKS = { done: ["✓", "green"], stopped: ["✕", "red"], waits: ["◷", "yellow"], note: ["·", "plain"] } as const;

const started = performance.now();
const seconds = (): number => (performance.now() - started) / 1000;

async function tellStory(stage: Stage): Promise<readonly Act[]> {
  const acts: Act[] = [];
  for (const story = playStory(stage); ; ) {
    const { value: act, done } = await terminal.during("playing", () => story.next());
    if (done) return acts;
    acts.push(act);
    terminal.say(`\n${terminal.bold(`${String(acts.length).padStart(2)}  ${act.title}`)}`);
    for (const line of act.lines) terminal.say(wordsOf(line));
  }
}

function wordsOf({ mark, text }: Line): string {
  const [glyph, colour] = MARKS[mark];
  return terminal.wrapped(`    ${terminal.paint(colour, glyph)} `, 6, text);
}

async function writeReport(acts: readonly Act[]): Promise<string> {
  const own = await readFile(new URL("report/report.css", import.meta.url), "utf8");
  const assets = await Promise.all(["github-markdown.css", "page.css", "mermaid.js"].map(readAsset));
  const [markdown = "", page = "", mermaid = ""] = assets.map((asset) => asset?.body.toString());
  await mkdir(REPORT, { recursive: true });
  const file = join(REPORT, "index.html");
  await writeFile(file, reportPage({ acts, seconds: seconds(), styles: [markdown, page, own], mermaid }));
  return relative(process.cwd(), file);
}

async function main(): Promise<void> {
  await using stage = await setStage();
  const acts = await tellStory(stage);
  const took = seconds();
  const report = await writeReport(acts);
  terminal.say(`\n${terminal.bold("The end")}, after ${took.toFixed(1)} s. Read it again: ${report}`);
  if (!values.keep) return;
  terminal.say(
    `The local GitHub stays open: ${stage.github.url}/${stage.github.repository.fullName}  (Ctrl-C ends it)`,
  );
  await new Promise<void>((done) => {
    process.once("SIGINT", done);
    process.once("SIGTERM", done);
  });
}

try {
  await main();
} catch (error) {
  terminal.say(`\n${terminal.paint("red", "The story broke.")}`);
  terminal.say(
    error instanceof StoryBroken ? error.message : error instanceof Error ? (error.stack ?? "") : String(error),
  );
  process.exitCode = 1;
}
