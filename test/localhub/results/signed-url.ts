/** URLs of blobs with their own permission and expiry, in the parameters of an Azure shared access signature. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../world/clock.ts";

/** How long a URL to write to, and one to read from, is valid. */
export const UPLOAD_MINUTES = 60;
export const DOWNLOAD_MINUTES = 10;

/** `r` to read, `w` to write. */
type BlobAccess = "r" | "w";

export interface SignedUrls {
  /** @param fileName The file name for a download. */
  sign(blob: string, access: BlobAccess, minutes: number, fileName?: string): string;
  verify(
    url: URL,
  ): { readonly blob: string; readonly access: BlobAccess; readonly fileName: string | undefined } | undefined;
}

/** Azure's path format for hosts given by IP address, `/account/container/blob`, as its client library expects. */
const ROOT = "/results/blobs/";

export const isBlobPath = (path: string): boolean => path.startsWith(ROOT);

export function createSignedUrls(origin: () => string, clock: Clock): SignedUrls {
  const secret = randomBytes(32);
  const signature = (blob: string, access: string, expiry: string, fileName: string): Buffer =>
    createHmac("sha256", secret)
      .update(JSON.stringify([blob, access, expiry, fileName]))
      .digest();

  return {
    sign(blob, access, minutes, fileName = "") {
      const expiry = new Date(clock.now().getTime() + minutes * 60_000).toISOString();
      const url = new URL(ROOT + blob, origin());
      url.searchParams.set("se", expiry);
      url.searchParams.set("sp", access);
      if (fileName !== "") url.searchParams.set("rscd", fileName);
      url.searchParams.set("sig", signature(blob, access, expiry, fileName).toString("base64"));
      return url.href;
    },
    verify(url) {
      const blob = url.pathname.slice(ROOT.length);
      const access = url.searchParams.get("sp") ?? "";
      const expiry = url.searchParams.get("se") ?? "";
      const fileName = url.searchParams.get("rscd") ?? "";
      const given = Buffer.from(url.searchParams.get("sig") ?? "", "base64");
      const expected = signature(blob, access, expiry, fileName);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      if (new Date(expiry) <= clock.now()) return undefined;
      return { blob, access: access === "w" ? "w" : "r", fileName: fileName === "" ? undefined : fileName };
    },
  };
}
