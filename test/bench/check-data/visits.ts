/** A file of twelve columns in which eight of 33 checks find something, each once in 100,003 rows, and its contract. */
import { closeSync, openSync, writeSync } from "node:fs";

export const CONTRACT = String.raw`version: 1
columns:
  - { name: id, type: integer, unique: true }
  - { name: user_code, type: string, pattern: 'U[0-9]{8}' }
  - { name: zip, type: string, pattern: '[0-9]{5}' }
  - { name: age, type: integer, min: 0, max: 120, nullable: true }
  - { name: score, type: number, min: 0, max: 1 }
  - { name: amount, type: number, min: 0, max-decimals: 2 }
  - { name: country, type: string, enum: [US, DE, FR, IN, JP, BR, GB, NG] }
  - { name: plan, type: string, enum: [free, pro, team, enterprise] }
  - { name: email, type: string, pattern: '[^@\s]+@[^@\s]+\.[a-z]+' }
  - { name: signup, type: date, min: "2015-01-01", max: "2026-12-31" }
  - { name: updated, type: timestamp }
  - { name: note, type: string, max-length: 200, nullable: true }
`;

const COUNTRIES = ["US", "DE", "FR", "IN", "JP", "BR", "GB", "NG"];
const PLANS = ["free", "pro", "team", "enterprise"];
const PERIOD = 100_003;
const FLUSH_AT = 1 << 20;

/** Clean rows with violations planted, or rows in which every cell but the note is wrong. */
export function writeVisits(path: string, rows: number, kind: "planted" | "all-bad" = "planted"): void {
  const file = openSync(path, "w");
  const days = Array.from({ length: 4000 }, (_, day) => isoTime(Date.UTC(2015, 0, 1) + day * 86_400_000).slice(0, 10));
  let text = "id,user_code,zip,age,score,amount,country,plan,email,signup,updated,note\n";
  for (let row = 0; row < rows; row += 1) {
    text += kind === "planted" ? visit(row, days) : BAD_ROW;
    if (text.length < FLUSH_AT) continue;
    writeSync(file, text);
    text = "";
  }
  writeSync(file, text);
  closeSync(file);
}

const BAD_ROW = `x1,X123,123,150,7.5,-1.005,XX,gold,not-an-email,2014-12-31,2026-01-01 25:00:00,\n`;

function visit(row: number, days: readonly string[]): string {
  const place = row % PERIOD;
  const age = place === 21 ? "abc" : place === 13 ? "150" : row % 33 === 0 ? "" : 18 + ((row * 17) % 70);
  const note = row % 4 !== 0 ? "" : row % 20 === 0 ? `"has, comma and ""quote"" ${row}"` : `note ${row}`;
  return `${[
    place === 5 ? row - 1 : row,
    place === 7 ? "X123" : `U${String((row * 7919) % 100_000_000).padStart(8, "0")}`,
    String((row * 31) % 100_000).padStart(5, "0"),
    age,
    place === 11 ? "" : ((hash(row) % 1_000_000) / 1e6).toFixed(6),
    place === 17 ? "-1.00" : ((hash(row + 1) % 10_000_000) / 100).toFixed(2),
    place === 19 ? "XX" : COUNTRIES[hash(row + 2) % COUNTRIES.length],
    PLANS[hash(row + 3) % PLANS.length],
    place === 23 ? "not-an-email" : `user${row}@example${row % 97}.com`,
    days[hash(row + 4) % days.length],
    isoTime(Date.UTC(2026, 0, 1) + (hash(row + 5) % 20_000_000) * 1000),
    note,
  ].join(",")}\n`;
}

const isoTime = (time: number): string => new Date(time).toISOString().slice(0, 19).replace("T", " ");

function hash(value: number): number {
  const mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
