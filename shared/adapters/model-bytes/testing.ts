/** Bytes in artifacts and releases of the local GitHub: for tests. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { LocalGitHub } from "@mlops-actions/localhub";
import { strToU8, type Zippable, zipSync } from "fflate";
import type { FileRecord } from "../../records/fields.ts";
import { digestOf } from "../files/digest.ts";
import { createTestClient } from "../github/testing.ts";

export type Texts = Readonly<Record<string, string>>;

export const zipOf = (texts: Texts): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, strToU8(text)])) as Zippable);

export const recordsOf = (texts: Texts): readonly FileRecord[] =>
  Object.entries(texts).map(([path, text]) => ({ path, bytes: Buffer.byteLength(text), digest: digestOf(text) }));

/** Publishes a release of the head of main with these files. @returns the ids of its files by name */
export async function publishRelease(
  hub: LocalGitHub,
  tag: string,
  assets: Readonly<Record<string, Uint8Array | string>>,
): Promise<Readonly<Record<string, number>>> {
  const { rest, repository } = createTestClient(hub);
  const { data } = await rest.repos.createRelease({ ...repository, tag_name: tag });
  const ids: Record<string, number> = {};
  for (const [name, content] of Object.entries(assets)) ids[name] = await uploadAsset(hub, data.id, name, content);
  return ids;
}

async function uploadAsset(
  hub: LocalGitHub,
  release: number,
  name: string,
  content: Uint8Array | string,
): Promise<number> {
  const { owner, repo } = createTestClient(hub).repository;
  const url = `${hub.apiUrl}/repos/${owner}/${repo}/releases/${release}/assets?name=${encodeURIComponent(name)}`;
  const headers = { authorization: `Bearer ${hub.token}`, "content-type": "application/octet-stream" };
  const response = await fetch(url, { method: "POST", headers, body: Buffer.from(content) });
  const { id } = (await response.json()) as { readonly id?: number };
  if (id === undefined) throw new Error(`the upload of ${name} ended with ${response.status}`);
  return id;
}

/** Deletes a release's file, and uploads another one under its name. @returns the new id */
export async function replaceAsset(
  hub: LocalGitHub,
  tag: string,
  name: string,
  content: Uint8Array | string,
): Promise<number> {
  const { rest, repository } = createTestClient(hub);
  const { data: release } = await rest.repos.getReleaseByTag({ ...repository, tag });
  const asset = release.assets.find((one) => one.name === name);
  await rest.repos.deleteReleaseAsset({ ...repository, asset_id: asset?.id ?? 0 });
  return uploadAsset(hub, release.id, name, content);
}

/** As GNU tar writes it, by GNU tar. */
export function tarOf(texts: Texts): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "tar-"));
  try {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return execFileSync("tar", ["--create", "--file=-", "--directory", folder, "."]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
