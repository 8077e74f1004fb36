/** What ledger, tags and deployments say together, for the job summary: drift first, then what runs where and what ran when. */
import type { Drift, ModelFacts } from "../core/promotion/drift.ts";
import { listEnvironments } from "../core/promotion/find-drift.ts";
import { isUnsettled } from "../core/promotion/ledger.ts";
import { listPeriods, type Period } from "../core/promotion/ledger-answers.ts";
import { fitReport, SUMMARY_LIMIT } from "./fit-report.ts";
import { formatCount, inlineName, type Markdown, md, shortHash } from "./markdown.ts";
import { type Block, RANK } from "./report-tree.ts";

/** Periods of an environment that are shown; the others are in the ledger. */
const NEWEST = 10;

export function renderReconciliation(models: readonly ModelFacts[], drift: readonly Drift[]): string {
  const blocks: Block[] = [
    { kind: "lines", lines: [headline(drift)] },
    ...(drift.length === 0 ? [] : [driftTable(drift)]),
    ...models.flatMap(modelBlocks),
  ];
  return fitReport({ blocks, fullReport: md`the ledgers` }, SUMMARY_LIMIT);
}

function headline(drift: readonly Drift[]): Markdown {
  if (drift.length === 0) return md`### ✅ Ledger, tags, deployments and environments agree`;
  const errors = drift.filter(({ severity }) => severity === "error").length;
  const warnings = drift.length - errors;
  const parts = [
    ...(errors === 0 ? [] : [formatCount(errors, "error")]),
    ...(warnings === 0 ? [] : [formatCount(warnings, "warning")]),
  ].join(" and ");
  return errors === 0 ? md`### ⚠️ Drift: ${parts}` : md`### ❌ Drift: ${parts}`;
}

const driftTable = (drift: readonly Drift[]): Block => ({
  kind: "table",
  itemNoun: "difference",
  columns: ["", "Model", "Environment", "What differs", "What to do"].map((title) => ({ title, align: "left" })),
  rows: drift.map(({ severity, model, environment, problem: { code, message, fix } }) => ({
    rank: severity === "error" ? RANK.failing : RANK.judged,
    cells: [
      severity === "error" ? md`❌ error` : md`⚠️ warning`,
      inlineName(model),
      environment === undefined ? md`–` : inlineName(environment),
      md`${message} (${inlineName(code)})`,
      md`${fix}`,
    ],
  })),
});

function modelBlocks({ model, reading, environments }: ModelFacts): readonly Block[] {
  const { state, broken } = reading;
  const isValid = broken === undefined;
  const ledger = isValid
    ? md`The ledger of ${inlineName(model)} is valid: ${formatCount(state.seq, "entry", "entries")}, the newest ${state.digest === null ? md`–` : shortHash(state.digest)}.`
    : md`The ledger of ${inlineName(model)} is broken after entry ${state.seq}: what follows is as of that entry.`;
  const rows = listEnvironments({ environments, reading }).flatMap((name) =>
    isUnsettled(state, name)
      ? [{ rank: RANK.judged, cells: [inlineName(name), md`not repaired`, md`–`, md`–`, md`–`, md`–`] }]
      : listPeriods(state, name)
          .slice(-NEWEST)
          .reverse()
          .map((period) => toRow(name, period)),
  );
  return [{ kind: "lines", lines: [ledger] }, ...(rows.length === 0 ? [] : [periodTable(rows)])];
}

const toRow = (environment: string, { version, from, to, dataDigest }: Period) => ({
  rank: to === null ? RANK.judged : RANK.same,
  cells: [
    inlineName(environment),
    inlineName(version.version),
    shortHash(version.commit),
    dataDigest === null ? md`–` : shortHash(dataDigest),
    md`${minute(from)}`,
    to === null ? md`**now**` : md`${minute(to)}`,
  ],
});

const periodTable = (
  rows: readonly { readonly rank: (typeof RANK)[keyof typeof RANK]; readonly cells: readonly Markdown[] }[],
): Block => ({
  kind: "table",
  itemNoun: "period",
  columns: ["Environment", "Version", "Commit", "Data", "From (UTC)", "To"].map((title) => ({ title, align: "left" })),
  rows,
});

const minute = (time: string): string => time.slice(0, 16).replace("T", " ");
