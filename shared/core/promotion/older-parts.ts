/** All parts of a ledger, one after the other: its file has the newest, and each part names the file that was before it. */
import { type ActionError, refused } from "../../problem/problem.ts";
import type { Part } from "../../records/promotion-record.ts";
import { promotionRecord2 } from "../../records/promotion-record-2.ts";
import type { Ledger } from "./ledger.ts";

/** Some 60,000 promotions; a chain that somebody made longer is not followed to its end. */
const MAX_PARTS = 4_000;

export interface WholeLedger {
  /** From the first entry on; where a part is missing, from the first entry that is left. */
  readonly text: string;
  /** How many files it was read from. */
  readonly files: number;
  /** Why nothing before it can be read. */
  readonly missing: ActionError | undefined;
}

/** @param text of the file @param name of the ledger, for messages */
export async function readWhole(text: string, name: string, readOlder: Ledger["readOlder"]): Promise<WholeLedger> {
  const texts = [text];
  for (let first = readFirstPart(text); first !== undefined; ) {
    const older = texts.length < MAX_PARTS ? await readOlder(first.before) : undefined;
    if (older === undefined) return { text: texts.join(""), files: texts.length, missing: partMissing(first, name) };
    texts.unshift(older === "" || older.endsWith("\n") ? older : `${older}\n`);
    first = readFirstPart(older);
  }
  return { text: texts.join(""), files: texts.length, missing: undefined };
}

/** The part that a file begins with; `undefined`: it begins with the first entry, or with a line that is none. */
export function readFirstPart(text: string): Part | undefined {
  const [line = ""] = text.split("\n", 1);
  try {
    const read = promotionRecord2.safeParse(JSON.parse(line));
    return read.data?.type === "part" ? read.data : undefined;
  } catch {
    return undefined;
  }
}

const partMissing = ({ seq, before }: Part, name: string): ActionError =>
  refused({
    code: "ledger-part-missing",
    message: `the entries before ${seq} are missing: the branch's history has no file ${before.blob} with the content that this entry names`,
    place: { file: name, line: 1 },
    fix: "Restore the branch from a clone that has that file in its history: somebody has rewritten the branch, or the entry was forged. In a clone, fetch the whole branch first: git fetch --unshallow",
  });
