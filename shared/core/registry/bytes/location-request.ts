/** Where a workflow says that the bytes are: one place a line, in the order in which they are tried. */
import { type ActionError, userError } from "../../../problem/problem.ts";
import { location, type ModelLocation } from "../../../records/location.ts";
import { quoteText } from "../../../text/document/document.ts";

/** A place that GitHub or the repository is asked about. */
export type PlaceToFind =
  | { readonly kind: "artifact"; readonly name: string | undefined }
  | { readonly kind: "release-asset"; readonly tag: string; readonly asset: string | undefined }
  | { readonly kind: "git-lfs" }
  | { readonly kind: "dvc"; readonly remote: string | undefined };

/** A place that is recorded as it is written, and not asked. */
export interface StatedPlace {
  readonly kind: "stated";
  readonly location: ModelLocation;
}

export type LocationRequest = PlaceToFind | StatedPlace;

const LOCATION_FORMS =
  "artifact [name], release <tag> [asset], git-lfs, dvc [remote], oci://registry/name@sha256:…, s3://bucket/key, gs://bucket/key, hf://owner/name@<commit>, mlflow <server> <run> <source>, command <what it fetches from>";

const STORES_BY_CONTENT = { immutable: true } as const;

/** @throws ActionError `location-malformed` */
export function parseLocationRequest(line: string): LocationRequest {
  const [word = "", ...rest] = line.trim().split(/\s+/);
  const [first, second, third] = rest;
  const needs = (count: number, most: number): boolean => rest.length >= count && rest.length <= most;
  if (word === "artifact" && needs(0, 1)) return { kind: "artifact", name: first };
  if (word === "release" && needs(1, 2)) return { kind: "release-asset", tag: first ?? "", asset: second };
  if (word === "git-lfs" && needs(0, 0)) return { kind: "git-lfs" };
  if (word === "dvc" && needs(0, 1)) return { kind: "dvc", remote: first };
  if (word === "mlflow" && needs(3, 3)) {
    return state(line, { kind: "mlflow", server: withoutSecret(line, first), run: second, source: third });
  }
  if (word === "command" && needs(1, 200)) return state(line, { kind: "command", description: rest.join(" ") });
  if (rest.length > 0) throw malformed(line);
  return state(line, parseAddress(line, word));
}

function parseAddress(line: string, address: string): Readonly<Record<string, unknown>> {
  const [, scheme, place = ""] = /^([a-z0-9]+):\/\/(.+)$/.exec(address) ?? [];
  // What follows is a signature, which opens the store to everybody who reads the tag.
  if (/[?#]/.test(place)) throw malformed(line, "an address with a query may contain a signature: leave it out");
  const [, name, version = ""] = /^(.+)@([^@]+)$/.exec(place) ?? [undefined, place];
  switch (scheme) {
    case "s3":
    case "gs":
      return { kind: scheme, uri: address };
    case "hf":
      return { kind: "hf", uri: `hf://${name}`, revision: version, ...STORES_BY_CONTENT };
    case "oci":
      if (/:[^/]*$/.test(name ?? "")) throw malformed(line, "a tag can be moved: the digest is enough");
      return { kind: "oci", image: name, digest: version, ...STORES_BY_CONTENT };
    default:
      throw malformed(line);
  }
}

/** @throws ActionError for a user or a password in it */
function withoutSecret(line: string, address = ""): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    url.username === "" &&
    url.password === "" &&
    url.search === ""
  )
    return address;
  throw malformed(line, "the server is an address such as https://mlflow.example, without user and password");
}

/** By the schema of the record, so that what is written is what can be read. */
function state(line: string, value: Readonly<Record<string, unknown>>): StatedPlace {
  const parsed = location.safeParse(value);
  if (!parsed.success) throw malformed(line, parsed.error.issues[0]?.message);
  return { kind: "stated", location: parsed.data };
}

/** Of an address that may contain a secret, nothing is shown. */
const malformed = (line: string, why?: string): ActionError =>
  userError({
    code: "location-malformed",
    message: `${quoteText(/[?@]/.test(line) ? line.replace(/:\/\/.*$/s, "://…") : line)} names no place${why === undefined ? "" : `: ${why}`}`,
    fix: `Write one of these, one a line: ${LOCATION_FORMS}`,
  });
