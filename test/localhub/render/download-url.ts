/** URLs of files that can be downloaded without a token: they have a signature and an expiry time instead. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { pageUrl } from "./urls.ts";

/** GitHub docs, "Download a repository archive (tar)": those of private repositories are valid for five minutes. */
const FILE_LIFETIME_MS = 5 * 60_000;
const SECRET = randomBytes(32);

/**
 * The URL of a repository's file, signed if the repository is private. @param path Below the server's root, escaped.
 */
export function fileUrl(world: World, repository: Repository, path: string): string {
  return repository.private ? signedDownloadUrl(world, path, FILE_LIFETIME_MS) : pageUrl(world, path);
}

/** @param path Below the server's root, escaped. @param lifetime Milliseconds of the world's clock. */
export function signedDownloadUrl(world: World, path: string, lifetime: number): string {
  const until = world.clock.now().getTime() + lifetime;
  return `${pageUrl(world, path)}?token=${until}.${signature(world, `/${path}`, until).toString("base64url")}`;
}

/** Whether the URL has a valid signature of this world that has not expired. */
export function isSignedUrl(world: World, url: URL): boolean {
  const [until = "", received = ""] = (url.searchParams.get("token") ?? "").split(".");
  const expected = signature(world, url.pathname, Number(until));
  const bytes = Buffer.from(received, "base64url");
  if (bytes.length !== expected.length || !timingSafeEqual(bytes, expected)) return false;
  return Number(until) > world.clock.now().getTime();
}

/** Depends on the world too: one process may have several. */
const signature = (world: World, pathname: string, until: number): Buffer =>
  createHmac("sha256", SECRET).update(`${world.directory}\n${until}\n${pathname}`).digest();
