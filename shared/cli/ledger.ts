/** The program of `npm run ledger`: finds the ledger and prints what `core/promotion` answers. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { inspect, parseArgs } from "node:util";
import { assertTagsMatchLedger } from "../core/promotion/assert-tags-match-ledger.ts";
import type { LedgerState } from "../core/promotion/ledger.ts";
import { getCurrentVersion, isUnsettled } from "../core/promotion/ledger.ts";
import { findPeriods, findTrainedOn, listEvents } from "../core/promotion/ledger-answers.ts";
import { readFirstPart, readWhole } from "../core/promotion/older-parts.ts";
import { verifyLedger } from "../core/promotion/verify-ledger.ts";
import { setOddTagsAside } from "../core/registry/odd-tags.ts";
import { ledgerBranchName } from "../core/registry/ref-name.ts";
import { parseTagName } from "../core/registry/tag-name.ts";
import { ActionError } from "../problem/problem.ts";
import type { ModelVersionRecord } from "../records/model-version.ts";
import { listLedgerBranches, readRegistered, readTagRefs } from "./clone-tags.ts";

class UsageError extends Error {}

interface Source {
  readonly repository: string;
  readonly file: string | undefined;
}

/** One line for people, and the same for programs. */
interface Answer {
  readonly text: string;
  readonly value: object;
}

/** Everything that is there about one model. */
interface Known {
  readonly ledger: LedgerState;
  /** The first entry that was read: a file has the newest parts alone. */
  readonly from: number;
  /** Number of assignment tags; `undefined`: there are no tags to compare with. */
  readonly assignments: number | undefined;
  readonly registered: readonly ModelVersionRecord[];
}

const QUESTIONS: Readonly<Record<string, (words: readonly string[], known: Known) => readonly Answer[]>> = {
  history: ([environment], { ledger }) =>
    listEvents(ledger, environment).map((event) => {
      const { at, environment: to, what, version, replaces, requestedBy, approvedBy, reason, bytes, run } = event;
      const approved = approvedBy.length === 0 ? "" : `, approved by ${approvedBy.join(", ")}`;
      const why = reason === "" ? "" : `: ${reason}`;
      const places = bytes.length === 0 ? "" : `; bytes: ${bytes.join("; ")}`;
      const model = version === null ? "" : ` (model ${version.modelDigest.replace("sha256:", "").slice(0, 12)})`;
      const before = replaces === null ? "" : ` in place of ${replaces.version}`;
      const done = `${what} ${version?.version ?? "to nothing"}${model}${before}`;
      const text = `${at}  ${to}  ${done}  by ${requestedBy}${approved} in run ${run}${why}${places}`;
      return { text, value: event };
    }),
  at: ([environment = "", date = ""], { ledger }) => {
    if (environment === "")
      throw new UsageError("name an environment and a date, such as: at visits production 2026-01-31");
    const [from, to] = readDate(date);
    if (isUnsettled(ledger, environment))
      throw new UsageError(`the ledger was broken, and ${environment} is not repaired`);
    return findPeriods(ledger, environment, from, to).map((period) => {
      const { version, from: since, to: until } = period;
      const text = `${version.version}  commit ${version.commit.slice(0, 12)}  model ${version.modelDigest}  from ${since} to ${until ?? "now"}`;
      return { text, value: period };
    });
  },
  data: ([digest = ""], { ledger, registered }) => {
    if (!/^(sha256:)?[0-9a-f]{8,64}$/.test(digest))
      throw new UsageError("give a digest, or at least its first 8 digits");
    return findTrainedOn(ledger, digest, registered).map((found) => {
      const where = found.environments.length === 0 ? "no environment" : found.environments.join(", ");
      return { text: `${found.version.version}  data ${found.dataDigest}  promoted to ${where}`, value: found };
    });
  },
  verify: (_, { ledger, from, assignments }) => {
    const environments = [...ledger.environments.keys()].map((name) => {
      const current = getCurrentVersion(ledger, name)?.version.version ?? "nothing";
      return { name, current: isUnsettled(ledger, name) ? "not repaired" : current };
    });
    const checked = assignments === undefined ? "without its tags" : `with ${assignments} assignment tags`;
    const list = environments.map(({ name, current }) => `${name}: ${current}`).join("; ");
    return [
      {
        text: `valid, ${ledger.seq} entries${from === 1 ? "" : `, of which the first ${from - 1} are in older parts and were not read`}, ${checked}. ${list}`,
        value: {
          ...(from > 1 && { from }),
          entries: ledger.seq,
          newest: ledger.digest,
          tags: assignments ?? 0,
          environments,
        },
      },
    ];
  },
};

/** A day, or a moment. */
function readDate(text: string): readonly [from: string, to: string] {
  const day = /^\d{4}-\d\d-\d\d$/.test(text);
  const moment = new Date(day ? `${text}T00:00:00Z` : text);
  const isDate = day || /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text);
  if (!isDate || Number.isNaN(moment.getTime()))
    throw new UsageError(`${JSON.stringify(text)} is no date; write 2026-01-31, or 2026-01-31T12:00:00Z`);
  return [moment.toISOString(), day ? `${text}T23:59:59.999Z` : moment.toISOString()];
}

const git = (repository: string, ...words: readonly string[]): string =>
  execFileSync("git", ["-C", repository, ...words], {
    encoding: "utf8",
    maxBuffer: 1 << 30,
    stdio: ["ignore", "pipe", "ignore"],
  });

function readText(model: string, { repository, file }: Source): { readonly name: string; readonly text: string } {
  if (file !== undefined) return { name: file, text: readFileSync(file, "utf8") };
  const branch = ledgerBranchName(model);
  for (const ref of [`refs/remotes/origin/${branch}`, `refs/heads/${branch}`]) {
    try {
      return { name: `${ref}:ledger.jsonl`, text: git(repository, "show", `${ref}:ledger.jsonl`) };
    } catch {
      // The next one, if there is one.
    }
  }
  throw new UsageError(`there is no ledger of ${model} in ${repository}: fetch the branch ${branch}; see --help`);
}

const digestOf = (content: string): string => `sha256:${createHash("sha256").update(content).digest("hex")}`;

/** Git finds the older parts in the history of the branch, by their content. */
async function readParts(model: string, source: Source): Promise<{ readonly name: string; readonly text: string }> {
  const { name, text } = readText(model, source);
  if (source.file !== undefined) return { name, text };
  const { files, missing, ...whole } = await readWhole(text, name, async ({ blob, digest }) => {
    try {
      const older = git(source.repository, "cat-file", "blob", blob);
      return digestOf(older) === digest ? older : undefined;
    } catch {
      return undefined;
    }
  });
  if (missing !== undefined) throw missing;
  return { name: files === 1 ? name : `${name} with its older parts`, ...whole };
}

async function readModel(model: string, source: Source): Promise<Known> {
  const { name, text } = await readParts(model, source);
  const ledger = verifyLedger(text, name, model, digestOf);
  const from = readFirstPart(text)?.seq ?? 1;
  if (source.file !== undefined) return { ledger, from, assignments: undefined, registered: [] };
  const inClone = (...words: readonly string[]): string => git(source.repository, ...words);
  const { tags } = setOddTagsAside(readTagRefs(inClone, model));
  assertTagsMatchLedger(ledger, model, tags);
  const assignments = tags.filter((tag) => parseTagName(tag.name)?.kind === "assignment").length;
  return { ledger, from, assignments, registered: readRegistered(inClone, model, tags, digestOf) };
}

interface Answered {
  readonly answers: readonly Answer[];
  /** One for each model whose ledger cannot be believed. */
  readonly errors: readonly string[];
}

async function answer(words: readonly string[]): Promise<Answered> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      repository: { type: "string" },
      file: { type: "string" },
      all: { type: "boolean" },
      json: { type: "boolean" },
    },
  });
  const [question = "", ...more] = positionals;
  const ask = Object.hasOwn(QUESTIONS, question) ? QUESTIONS[question] : undefined;
  const source = { repository: values.repository ?? ".", file: values.file };
  const models = values.all ? listModels(source) : more.splice(0, 1);
  if (ask === undefined || models.length === 0)
    throw new UsageError(`ask one of ${Object.keys(QUESTIONS).join(", ")}, and name a model, or --all; see --help`);
  if (!values.all) return { answers: ask(more, await readModel(models[0] ?? "", source)), errors: [] };
  const answers: Answer[] = [];
  const errors: string[] = [];
  for (const model of models) {
    try {
      const own = ask(more, await readModel(model, source));
      answers.push(...own.map(({ text, value }) => ({ text: `${model}  ${text}`, value: { model, ...value } })));
    } catch (error) {
      // What is wrong with one says nothing about the others.
      if (!(error instanceof ActionError)) throw error;
      errors.push(`${model}: ${error.message}`);
    }
  }
  return { answers, errors };
}

function listModels({ repository, file }: Source): readonly string[] {
  if (file !== undefined) throw new UsageError("a file is the ledger of one model: name it in place of --all");
  const models = listLedgerBranches((...words) => git(repository, ...words));
  if (models.length > 0) return models;
  throw new UsageError(`there is no ledger in ${repository}: fetch the branches mlops-ledger/*; see --help`);
}

/** Names and reasons were written by anybody: nothing of them may steer a terminal. */
const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, "?");

const isJson = process.argv.includes("--json");
try {
  const { answers, errors } = await answer(process.argv.slice(2));
  for (const { text, value } of answers) process.stdout.write(`${isJson ? JSON.stringify(value) : printable(text)}\n`);
  if (answers.length === 0 && errors.length === 0 && !isJson) process.stdout.write("nothing\n");
  for (const error of errors) process.stderr.write(`ledger: ${printable(error)}\n`);
  if (errors.length > 0) process.exitCode = 1;
} catch (error) {
  const isKnown = error instanceof UsageError || error instanceof ActionError || "code" in (error as object);
  process.stderr.write(isKnown ? `ledger: ${printable((error as Error).message)}\n` : `${inspect(error)}\n`);
  process.exitCode = 1;
}
