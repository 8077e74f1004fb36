/** Attestations of artifacts. */
import { attestationsOf, storeAttestation } from "../../operations/git/attestations.ts";
import type { Attestation } from "../../world/releases.ts";
import { type Call, created, ok, type Reply, type Route, route } from "../route.ts";

export const attestationRoutes: readonly Route[] = [
  route("repos/create-attestation", ({ world, repository, body, requiredCaller: caller }) => {
    const { bundle } = body as { readonly bundle: Readonly<Record<string, unknown>> };
    return created({ id: storeAttestation(world, repository, bundle, caller).id });
  }),

  route("repos/list-attestations", listAttestations),
];

/** Pages use cursors: `after` and `before` are the attestation at the edge of the page the client has seen. */
function listAttestations(call: Call): Reply {
  const { repository, path, query, url } = call;
  const found = attestationsOf(repository, path["subject_digest"] ?? "", query["predicate_type"]);
  const size = Math.min(Number(query["per_page"] ?? 30) || 30, 100);
  const [after, before] = [position(found, query["after"]), position(found, query["before"])];
  const start = before === undefined ? (after ?? -1) + 1 : Math.max(0, before - size);
  const shown = found.slice(start, before === undefined ? start + size : before);
  const links = [
    ...(found[start + shown.length] ? [link(url, "after", shown.at(-1), "next")] : []),
    ...(start > 0 ? [link(url, "before", shown[0], "prev")] : []),
  ];
  const attestations = shown.map((one) => ({
    bundle: one.bundle,
    repository_id: repository.id,
    initiator: one.initiator.kind === "Bot" ? "github-actions" : "user",
  }));
  return ok({ attestations }, links.length > 0 ? { link: links.join(", ") } : undefined);
}

function position(found: readonly Attestation[], cursor: string | undefined): number | undefined {
  const at = found.findIndex(({ id }) => String(id) === cursor);
  return at < 0 ? undefined : at;
}

function link(url: URL, side: "after" | "before", edge: Attestation | undefined, relation: string): string {
  const other = new URL(url);
  other.searchParams.delete("after");
  other.searchParams.delete("before");
  other.searchParams.set(side, String(edge?.id ?? ""));
  return `<${other.href}>; rel="${relation}"`;
}
