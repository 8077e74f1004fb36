/**
 * GraphQL node ids in the format GitHub has used since 2021: a prefix for the type, then URL-safe base64 of a
 * MessagePack array. For objects inside a repository, the repository's id comes first: `[0, id]` or `[0, repository id,
 * id]`. Clients must treat them as opaque; the real format is used for tests of code that logs or compares them.
 */
const PREFIX = {
  account: "U",
  organization: "O",
  bot: "BOT",
  app: "A",
  team: "T",
  repository: "R",
  issue: "I",
  pull: "PR",
  review: "PRR",
  comment: "IC",
  label: "LA",
  commit: "C",
  status: "SC",
  "check-suite": "CS",
  "check-run": "CR",
  deployment: "DE",
  "deployment-status": "DES",
  environment: "EN",
  gate: "GA",
  "branch-policy": "GBP",
  release: "RE",
  asset: "RA",
  workflow: "W",
  run: "WFR",
  ruleset: "RRS",
  ref: "REF",
  tag: "TA",
  blob: "B",
  invitation: "RI",
} as const;

export type NodeKind = keyof typeof PREFIX;

/** @param identity The object's id, or a string for objects without one (a commit's SHA, a ref's name). */
export function nodeId(kind: NodeKind, identity: number | string, repositoryId?: number): string {
  const parts: (number | string)[] = repositoryId === undefined ? [0, identity] : [0, repositoryId, identity];
  const bytes = Buffer.concat([Buffer.from([0x90 | parts.length]), ...parts.map(packed)]);
  return `${PREFIX[kind]}_${bytes.toString("base64url")}`;
}

function packed(value: number | string): Buffer {
  if (typeof value === "string") {
    const text = Buffer.from(value);
    return Buffer.concat([Buffer.from([0xda, text.length >> 8, text.length & 0xff]), text]);
  }
  if (value === 0) return Buffer.from([0]);
  const bytes = Buffer.alloc(value > 0xffff_ffff ? 9 : 5);
  if (value > 0xffff_ffff) {
    bytes[0] = 0xcf;
    bytes.writeBigUInt64BE(BigInt(value), 1);
  } else {
    bytes[0] = 0xce;
    bytes.writeUInt32BE(value, 1);
  }
  return bytes;
}
