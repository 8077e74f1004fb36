/** What has happened in an environment, for the job summary. */
import type { LedgerEvent } from "../core/promotion/ledger-answers.ts";
import { inlineName, md, shortHash } from "./markdown.ts";
import { type Block, RANK } from "./report-tree.ts";

/** The others are in the ledger. */
const NEWEST = 10;

/** @param events oldest first; the newest are shown, and come first */
export const historyTable = (events: readonly LedgerEvent[]): Block => ({
  kind: "table",
  itemNoun: "earlier entry",
  columns: [
    { title: "When (UTC)", align: "left" },
    { title: "What", align: "left" },
    { title: "Version, model", align: "left" },
    { title: "In place of", align: "left" },
    { title: "Requested by", align: "left" },
    { title: "Approved by", align: "left" },
    { title: "Reason", align: "left" },
    { title: "Bytes", align: "left" },
  ],
  rows: events
    .slice(-NEWEST)
    .reverse()
    .map(({ at, what, version, replaces, requestedBy, approvedBy, reason, bytes }) => ({
      rank: RANK.same,
      cells: [
        md`${at.slice(0, 16).replace("T", " ")}`,
        md`${what}`,
        version === null ? md`–` : md`${inlineName(version.version)}, ${shortHash(version.modelDigest)}`,
        replaces === null ? md`–` : inlineName(replaces.version),
        md`${requestedBy}`,
        md`${approvedBy.join(", ") || "–"}`,
        md`${reason || "–"}`,
        md`${bytes.join("; ") || "–"}`,
      ],
    })),
});
