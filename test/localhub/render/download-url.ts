/** Addresses of files that can be fetched without a token of one's own: they carry a signature and an end instead. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { pageUrl } from "./urls.ts";

/** GitHub docs, "Download a repository archive (tar)": those of private repositories last five minutes. */
const FILE_LIFETIME_MS = 5 * 60_000;
const SECRET = randomBytes(32);

/** Where a file of a repository is; only a private one's needs the signature. @param path Below the hub's root, escaped. */
export function fileUrl(world: World, repository: Repository, path: string): string {
  return repository.private ? signedDownloadUrl(world, path, FILE_LIFETIME_MS) : pageUrl(world, path);
}

/** @param path Below the hub's root, escaped. @param lifetime Milliseconds of the world's clock. */
export function signedDownloadUrl(world: World, path: string, lifetime: number): string {
  const until = world.clock.now().getTime() + lifetime;
  return `${pageUrl(world, path)}?token=${until}.${signature(world, `/${path}`, until).toString("base64url")}`;
}

/** Whether the address carries a signature of this hub that still counts. */
export function isSignedUrl(world: World, url: URL): boolean {
  const [until = "", given = ""] = (url.searchParams.get("token") ?? "").split(".");
  const expected = signature(world, url.pathname, Number(until));
  const bytes = Buffer.from(given, "base64url");
  if (bytes.length !== expected.length || !timingSafeEqual(bytes, expected)) return false;
  return Number(until) > world.clock.now().getTime();
}

/** Bound to the hub as well: several may live in one process. */
const signature = (world: World, pathname: string, until: number): Buffer =>
  createHmac("sha256", SECRET).update(`${world.directory}\n${until}\n${pathname}`).digest();
