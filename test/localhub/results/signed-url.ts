/** Addresses of blobs that carry their own permission and end, in the parameters of an Azure shared access signature. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../world/clock.ts";

/** `r` to read, `w` to write. */
type BlobAccess = "r" | "w";

export interface SignedUrls {
  /** @param fileName What a download should be saved as. */
  sign(blob: string, access: BlobAccess, minutes: number, fileName?: string): string;
  verify(
    url: URL,
  ): { readonly blob: string; readonly access: BlobAccess; readonly fileName: string | undefined } | undefined;
}

/** Azure's path form for hosts named by address, `/account/container/blob`: what its client library expects to parse. */
const ROOT = "/results/blobs/";

export const isBlobPath = (path: string): boolean => path.startsWith(ROOT);

export function createSignedUrls(origin: () => string, clock: Clock): SignedUrls {
  const secret = randomBytes(32);
  const signature = (blob: string, access: string, end: string, fileName: string): Buffer =>
    createHmac("sha256", secret)
      .update(JSON.stringify([blob, access, end, fileName]))
      .digest();

  return {
    sign(blob, access, minutes, fileName = "") {
      const end = new Date(clock.now().getTime() + minutes * 60_000).toISOString();
      const url = new URL(ROOT + blob, origin());
      url.searchParams.set("se", end);
      url.searchParams.set("sp", access);
      if (fileName !== "") url.searchParams.set("rscd", fileName);
      url.searchParams.set("sig", signature(blob, access, end, fileName).toString("base64"));
      return url.href;
    },
    verify(url) {
      const blob = url.pathname.slice(ROOT.length);
      const access = url.searchParams.get("sp") ?? "";
      const end = url.searchParams.get("se") ?? "";
      const fileName = url.searchParams.get("rscd") ?? "";
      const given = Buffer.from(url.searchParams.get("sig") ?? "", "base64");
      const expected = signature(blob, access, end, fileName);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      if (new Date(end) <= clock.now()) return undefined;
      return { blob, access: access === "w" ? "w" : "r", fileName: fileName === "" ? undefined : fileName };
    },
  };
}
