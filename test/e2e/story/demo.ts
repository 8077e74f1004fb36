/** `npm run demo`: plays the story, tells it in the terminal, writes the report. `--keep` leaves the page open. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readAsset } from "@mlops-actions/localhub/markdown";
import { renderReport } from "./report/render-report.ts";
import { runStory } from "./run-story.ts";
import { createFixture, type StoryFixture } from "./story-fixture.ts";
import { StoryError, type StoryLine, type StoryStep } from "./story-step.ts";
import { createTerminal } from "./terminal.ts";

const REPORT_FOLDER = fileURLToPath(new URL("../../../demo-report/", import.meta.url));
const { values } = parseArgs({ options: { keep: { type: "boolean", default: false } } });
const terminal = createTerminal(process.stdout);

const MARKS = { done: ["✓", "green"], stopped: ["✕", "red"], waits: ["◷", "yellow"], note: ["·", "plain"] } as const;

const started = performance.now();
const seconds = (): number => (performance.now() - started) / 1000;

async function printStory(stage: StoryFixture): Promise<readonly StoryStep[]> {
  const acts: StoryStep[] = [];
  for (const story = runStory(stage); ; ) {
    const { value: act, done } = await terminal.withProgress("playing", () => story.next());
    if (done) return acts;
    acts.push(act);
    terminal.writeLine(`\n${terminal.bold(`${String(acts.length).padStart(2)}  ${act.title}`)}`);
    for (const line of act.lines) terminal.writeLine(formatLine(line));
  }
}

function formatLine({ mark, text }: StoryLine): string {
  const [glyph, colour] = MARKS[mark];
  return terminal.wrap(`    ${terminal.paint(colour, glyph)} `, 6, text);
}

async function writeReport(acts: readonly StoryStep[]): Promise<string> {
  const own = await readFile(new URL("report/report.css", import.meta.url), "utf8");
  const assets = await Promise.all(["github-markdown.css", "page.css", "mermaid.js"].map(readAsset));
  const [markdown = "", page = "", mermaid = ""] = assets.map((asset) => asset?.body.toString());
  await mkdir(REPORT_FOLDER, { recursive: true });
  const file = join(REPORT_FOLDER, "index.html");
  await writeFile(file, renderReport({ acts, seconds: seconds(), styles: [markdown, page, own], mermaid }));
  return relative(process.cwd(), file);
}

async function main(): Promise<void> {
  await using stage = await createFixture();
  const acts = await printStory(stage);
  const took = seconds();
  const report = await writeReport(acts);
  terminal.writeLine(`\n${terminal.bold("The end")}, after ${took.toFixed(1)} s. Read it again: ${report}`);
  if (!values.keep) return;
  terminal.writeLine(
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
  terminal.writeLine(`\n${terminal.paint("red", "The story broke.")}`);
  terminal.writeLine(
    error instanceof StoryError ? error.message : error instanceof Error ? (error.stack ?? "") : String(error),
  );
  process.exitCode = 1;
}
