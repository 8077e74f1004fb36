/** `npm run demo`: runs the story, prints it in the terminal, writes the report. `--keep` keeps the local GitHub running. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readAsset } from "@mlops-actions/localhub/markdown";
import { endingOf } from "./observe.ts";
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

async function printStory(fixture: StoryFixture): Promise<readonly StoryStep[]> {
  const steps: StoryStep[] = [];
  for (const story = runStory(fixture); ; ) {
    const { value: step, done } = await terminal.withProgress("running", () => story.next());
    if (done) return steps;
    steps.push(step);
    terminal.writeLine(`\n${terminal.bold(`${String(steps.length).padStart(2)}  ${step.title}`)}`);
    for (const line of step.lines) terminal.writeLine(formatLine(line));
  }
}

function formatLine({ mark, text }: StoryLine): string {
  const [glyph, colour] = MARKS[mark];
  return terminal.wrap(`    ${terminal.paint(colour, glyph)} `, 6, text);
}

async function writeReport(steps: readonly StoryStep[], { github }: StoryFixture): Promise<string> {
  const own = await readFile(new URL("report/report.css", import.meta.url), "utf8");
  const assets = await Promise.all(["github-markdown.css", "page.css", "mermaid.js"].map(readAsset));
  const [markdown = "", page = "", mermaid = ""] = assets.map((asset) => asset?.body.toString());
  await mkdir(REPORT_FOLDER, { recursive: true });
  const file = join(REPORT_FOLDER, "index.html");
  await writeFile(
    file,
    renderReport({ steps, ending: endingOf(github), seconds: seconds(), styles: [markdown, page, own], mermaid }),
  );
  return relative(process.cwd(), file);
}

/** Whoever interrupts leaves no job running: the local GitHub is closed first. */
const interrupted = new Promise<undefined>((done) => {
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => done(undefined));
});

async function main(): Promise<void> {
  await using fixture = await terminal.withProgress("starting a local GitHub", () => createFixture());
  const story = printStory(fixture);
  // What breaks off with the local GitHub is not news.
  story.catch(() => {});
  const steps = await Promise.race([story, interrupted]);
  if (steps === undefined) {
    process.exitCode = 130;
    return;
  }
  const took = seconds();
  const report = await writeReport(steps, fixture);
  terminal.writeLine(
    `\n${terminal.bold("Done")} after ${took.toFixed(1)} s. See all comments and summaries in ${report}`,
  );
  if (!values.keep) return;
  terminal.writeLine(
    `The local GitHub keeps running: ${fixture.github.url}/${fixture.github.repository.fullName}  (Ctrl-C stops it)`,
  );
  await interrupted;
}

try {
  await main();
} catch (error) {
  terminal.writeLine(`\n${terminal.paint("red", "The demo failed.")}`);
  terminal.writeLine(
    error instanceof StoryError ? error.message : error instanceof Error ? (error.stack ?? "") : String(error),
  );
  process.exitCode = 1;
}
// Progress that is still shown for a story that was broken off must not hold the process.
if (process.exitCode === 130) process.exit();
