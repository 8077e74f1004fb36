/** `github.actions.results.api.v1.CacheService`: cache v2, as `@actions/cache` calls it. */
import { addCache, type CacheLimits, findCache, GITHUB_CACHE_LIMITS, readCache } from "../operations/runs/caches.ts";
import type { Job } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { type BlobStore, blobIdOf } from "./blob-store.ts";
import { cacheScopesOf } from "./cache-scopes.ts";
import { DOWNLOAD_MINUTES, type SignedUrls, UPLOAD_MINUTES } from "./signed-url.ts";
import { TwirpError, type TwirpService } from "./twirp.ts";

/** An entry that is being uploaded by a job: when the job ends without finalizing it, the key is free again. */
interface Reservation {
  readonly job: Job;
  readonly blob: string;
}

/** `@actions/cache` and the docs: at most 512 characters, no commas. */
const KEY = /^[^,]{1,512}$/;

export function createCacheService(
  world: World,
  blobs: BlobStore,
  urls: SignedUrls,
  limits: CacheLimits = GITHUB_CACHE_LIMITS,
): TwirpService {
  const reservations = new Map<string, Reservation>();
  const reservationKey = (job: Job, ref: string, key: string, version: string): string =>
    JSON.stringify([job.run.repository.id, ref, key, version]);

  return {
    CreateCacheEntry(job, request) {
      const key = request.required("key");
      const version = request.required("version");
      if (!KEY.test(key))
        throw new TwirpError("invalid_argument", "a cache key has 1 to 512 characters and no comma in it");
      const ref = cacheScopesOf(job.run).write;
      if (ref === undefined) return { ok: false, message: "cache write denied: token has no writable scopes" };

      const reserved = reservationKey(job, ref, key, version);
      const holder = reservations.get(reserved)?.job;
      const taken = holder !== undefined && holder.status !== "completed";
      if (taken || findCache(world, job.run.repository, { ref, key, version }) !== undefined)
        throw new TwirpError("already_exists", "cache entry with the same key, version, and scope already exists");

      const blob = blobs.reserve();
      reservations.set(reserved, { job, blob });
      return { ok: true, signed_upload_url: urls.sign(blob, "w", UPLOAD_MINUTES) };
    },

    FinalizeCacheEntryUpload(job, request) {
      const key = request.required("key");
      const version = request.required("version");
      const ref = cacheScopesOf(job.run).write ?? "";
      const reserved = reservationKey(job, ref, key, version);
      const reservation = reservations.get(reserved);
      if (reservation?.job !== job) throw new TwirpError("not_found", "cache entry reservation not found");
      const blob = blobs.seal(reservation.blob);
      reservations.delete(reserved);
      if (blob === undefined) throw new TwirpError("failed_precondition", "nothing was uploaded for the cache entry");
      const size = Number(request.text("size_bytes"));
      if (blob.size !== size)
        throw new TwirpError("failed_precondition", `${blob.size} bytes were uploaded, not the expected ${size}`);
      const entry = addCache(world, job.run.repository, { key, version, ref, size, file: blob.file }, limits);
      return { ok: true, entry_id: String(entry.id) };
    },

    GetCacheEntryDownloadURL(job, request) {
      const entry = readCache(world, job.run.repository, {
        refs: cacheScopesOf(job.run).read,
        keys: [request.required("key"), ...request.texts("restore_keys")],
        version: request.required("version"),
      });
      if (entry === undefined) return { ok: false };
      return {
        ok: true,
        signed_download_url: urls.sign(blobIdOf(entry.file), "r", DOWNLOAD_MINUTES),
        matched_key: entry.key,
      };
    },
  };
}
