/** Runs a job written as YAML with the real runner, and records all its reports. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readWorkflow } from "../workflow-language/read-workflow.ts";
import { createRunner } from "./create-runner.ts";
import type {
  ActionSource,
  FetchedAction,
  JobAssignment,
  JobResult,
  ObservedAnnotation,
  RunningJob,
  StepConclusion,
} from "./job.ts";
import type { Timing } from "./timing.ts";

export interface RecordedStep {
  readonly number: number;
  readonly name: string;
  readonly lines: string[];
  readonly annotations: ObservedAnnotation[];
  summary: string;
  conclusion: StepConclusion | undefined;
}

export interface RecordedJob {
  readonly result: JobResult;
  readonly steps: readonly RecordedStep[];
  /** The step of that name. @throws Error when there is none. */
  step(name: string): RecordedStep;
  /** All lines of the job. */
  readonly log: string;
}

export interface JobRequest {
  /** The job's YAML: `steps:` and any other keys of the job. */
  readonly job: string;
  readonly assignment?: Partial<Omit<JobAssignment, "contexts" | "services" | "runner">>;
  readonly contexts?: Partial<JobAssignment["contexts"]>;
  readonly services?: Partial<JobAssignment["services"]>;
  readonly runner?: Partial<JobAssignment["runner"]>;
  readonly timing?: Partial<Timing>;
  /** Files in the workspace when the job starts, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Actions of repositories, by `uses:`; each with its files by path. */
  readonly actions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Called with each line as it is logged. */
  readonly onLine?: (line: string, job: RunningJob) => void;
  /** The folder of the machine; a temporary one when absent. */
  readonly directory?: string;
}

/** Short enough for a test, long enough for a busy machine. */
const QUICK: Partial<Timing> = { openPipes: 300 };

export async function runAndRecordJob(request: JobRequest): Promise<RecordedJob> {
  const directory = request.directory ?? temporaryFolder();
  try {
    return await record(request, directory);
  } finally {
    if (request.directory === undefined) rmSync(directory, { recursive: true, force: true });
  }
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "localhub-runner-"));
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

async function record(request: JobRequest, directory: string): Promise<RecordedJob> {
  const steps: RecordedStep[] = [];
  const byNumber = (number: number): RecordedStep => {
    const step = steps.find((each) => each.number === number);
    if (step === undefined) throw new Error(`step ${number} was reported before it started`);
    return step;
  };
  writeFiles(join(directory, "_work", "app", "app"), request.files ?? {});
  const running = createRunner({ timing: { ...QUICK, ...request.timing } })(assignmentOf(request, directory), {
    stepStarted: (number, name) =>
      void steps.push({ number, name, lines: [], annotations: [], summary: "", conclusion: undefined }),
    line(number, text) {
      byNumber(number).lines.push(text);
      request.onLine?.(text, running);
    },
    annotation: (number, annotation) => void byNumber(number).annotations.push(annotation),
    summary(number, markdown) {
      byNumber(number).summary = markdown;
    },
    stepCompleted(number, conclusion) {
      byNumber(number).conclusion = conclusion;
    },
  });
  const result = await running.result;
  return {
    result,
    steps,
    step(name) {
      const step = steps.find((each) => each.name === name);
      if (step === undefined) throw new Error(`no step "${name}" among ${steps.map((each) => each.name).join(", ")}`);
      return step;
    },
    log: steps.flatMap(({ lines }) => lines).join("\n"),
  };
}

function assignmentOf(request: JobRequest, directory: string): JobAssignment {
  const body = request.job.replaceAll(/^/gm, "    ");
  const text = `on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n${body}\n`;
  const [job] = readWorkflow(".github/workflows/test.yml", text).jobs;
  if (job?.kind !== "steps") throw new Error("the test needs a job with steps");
  return {
    name: "test",
    steps: job.steps,
    env: [job.env],
    defaults: job.defaults,
    outputs: job.outputs,
    environmentUrl: undefined,
    timeoutMinutes: 360,
    event: { action: "opened" },
    masks: [],
    actions: directorySource(directory, request.actions ?? {}),
    ...request.assignment,
    contexts: {
      github: { repository: "octo/app", sha: "0".repeat(40), ref: "refs/heads/main", event_name: "push", job: "test" },
      ...{ vars: {}, secrets: {}, needs: {}, strategy: {}, matrix: null, inputs: null, job: {} },
      ...request.contexts,
    },
    services: {
      apiUrl: "http://127.0.0.1:1",
      graphqlUrl: "http://127.0.0.1:1/graphql",
      serverUrl: "http://github.localhost",
      token: "",
      ...{ resultsUrl: undefined, runtimeToken: undefined, idTokenUrl: undefined, idTokenToken: undefined },
      cacheMode: "write",
      ...request.services,
    },
    runner: {
      name: "test-runner",
      os: "Linux",
      arch: "X64",
      environment: "self-hosted",
      directory,
      env: { PATH: process.env["PATH"] ?? "", HOME: directory },
      ...request.runner,
    },
  };
}

function directorySource(directory: string, actions: NonNullable<JobRequest["actions"]>): ActionSource {
  return {
    async fetch(uses): Promise<FetchedAction> {
      const files = actions[uses];
      if (files === undefined) throw new Error(`Unable to resolve action ${uses}, repository not found`);
      const folder = join(directory, "_actions", uses.replaceAll(/[@/$]/g, "_"));
      writeFiles(folder, files);
      const [name = "", ref = ""] = uses.split("@");
      return { kind: "directory", directory: folder, repository: name, ref };
    },
  };
}
