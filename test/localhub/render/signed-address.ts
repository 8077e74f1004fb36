/**
 * Addresses of files that can be fetched without a token of one's own. On a private repository the address carries a
 * signature and lasts five minutes (GitHub docs, "Download a repository archive (tar)").
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { page } from "./urls.ts";

const LIFETIME_MS = 5 * 60_000;
const SECRET = randomBytes(32);

/** @param path Below the hub's root, escaped. */
export function fileAddress(world: World, repository: Repository, path: string): string {
  const address = page(world, path);
  if (!repository.private) return address;
  const until = world.clock.now().getTime() + LIFETIME_MS;
  return `${address}?token=${until}.${signature(world, `/${path}`, until).toString("base64url")}`;
}

/** Whether the address carries a signature of this hub that still counts. */
export function isSigned(world: World, url: URL): boolean {
  const [until = "", given = ""] = (url.searchParams.get("token") ?? "").split(".");
  const expected = signature(world, url.pathname, Number(until));
  const bytes = Buffer.from(given, "base64url");
  if (bytes.length !== expected.length || !timingSafeEqual(bytes, expected)) return false;
  return Number(until) > world.clock.now().getTime();
}

/** Bound to the hub as well: several may live in one process. */
const signature = (world: World, pathname: string, until: number): Buffer =>
  createHmac("sha256", SECRET).update(`${world.directory}\n${until}\n${pathname}`).digest();
