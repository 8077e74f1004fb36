/** A client of the artifact service: Twirp with the job's runtime token, and signed blob URLs. */
import type { BuiltinContext } from "../../runner/job.ts";

export interface StoredArtifact {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly digest: string;
}

/** Where artifacts can be read from. */
export interface ArtifactSource {
  /** The run's artifacts, the newest of each name. */
  list(): Promise<readonly StoredArtifact[]>;
  download(artifact: StoredArtifact): Promise<{ readonly content: Uint8Array; readonly isZip: boolean }>;
}

/** The artifacts of the current run, which can also be written. */
export interface ArtifactClient extends ArtifactSource {
  /** @throws Error when the name is taken. */
  upload(artifact: ArtifactUpload): Promise<number>;
  delete(artifact: StoredArtifact): Promise<void>;
}

export interface ArtifactUpload {
  readonly name: string;
  readonly content: Uint8Array;
  /** `sha256:…` */
  readonly digest: string;
  readonly mimeType: string;
  readonly expiresAt: Date | undefined;
}

const SERVICE = "twirp/github.actions.results.api.v1.ArtifactService";

/** @throws Error when the job has no artifact service, as on an Enterprise Server of that age. */
export function createArtifactClient({ env, signal }: Pick<BuiltinContext, "env" | "signal">): ArtifactClient {
  const { ACTIONS_RESULTS_URL: url, ACTIONS_RUNTIME_TOKEN: token } = env;
  if (url === undefined || token === undefined) throw new Error("this GitHub has no artifact v4 service");
  const [run, job] = idsOf(token);
  const own = { workflow_run_backend_id: run, workflow_job_run_backend_id: job };

  async function call(
    method: string,
    message: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, unknown>>> {
    const response = await fetch(new URL(`/${SERVICE}/${method}`, url), {
      ...{ method: "POST", signal, body: JSON.stringify(message) },
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    });
    const body: unknown = await response.json().catch(() => ({}));
    const fields = typeof body === "object" && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
    if (!response.ok) throw new Error(`Failed to ${method}: (${response.status}) ${String(fields["msg"] ?? "")}`);
    return fields;
  }

  /** The service needs the id of the job that uploaded an artifact: known from listing it. */
  const jobs = new Map<number, string>();
  const artifactFields = ({ name, id }: StoredArtifact) => ({
    ...{ workflow_run_backend_id: run, workflow_job_run_backend_id: jobs.get(id) ?? job, name },
  });

  return {
    async list() {
      const { artifacts } = await call("ListArtifacts", own);
      const listed: readonly Readonly<Record<string, unknown>>[] = Array.isArray(artifacts) ? artifacts : [];
      for (const each of listed) jobs.set(Number(each["database_id"]), String(each["workflow_job_run_backend_id"]));
      const all = listed.map(readArtifact).sort((one, other) => one.id - other.id);
      return [...new Map(all.map((artifact) => [artifact.name, artifact])).values()];
    },
    async upload({ name, content, digest, mimeType, expiresAt }) {
      const expiry = expiresAt === undefined ? {} : { expires_at: expiresAt.toISOString() };
      const created = await call("CreateArtifact", { ...own, ...expiry, name, mime_type: mimeType, version: 7 });
      const stored = await fetch(String(created["signed_upload_url"]), {
        ...{ method: "PUT", signal, body: Buffer.from(content) },
        headers: { "x-ms-blob-type": "BlockBlob", "content-type": mimeType },
      });
      if (!stored.ok) throw new Error(`Failed to upload ${name}: (${stored.status}) ${await stored.text()}`);
      const size = String(content.length);
      const finished = await call("FinalizeArtifact", { ...own, name, size, hash: digest });
      return Number(finished["artifact_id"]);
    },
    async download(artifact) {
      const { signed_url: signedUrl } = await call("GetSignedArtifactURL", artifactFields(artifact));
      const response = await fetch(String(signedUrl), { signal });
      if (!response.ok) throw new Error(`Failed to download ${artifact.name}: (${response.status})`);
      const isZip = response.headers.get("content-type")?.includes("zip") ?? false;
      return { content: new Uint8Array(await response.arrayBuffer()), isZip };
    },
    async delete(artifact) {
      await call("DeleteArtifact", artifactFields(artifact));
    },
  };
}

function readArtifact(source: Readonly<Record<string, unknown>>): StoredArtifact {
  return {
    id: Number(source["database_id"]),
    name: String(source["name"]),
    size: Number(source["size"]),
    digest: String(source["digest"] ?? ""),
  };
}

/** The run and the job are in the token's `scp` claim, which only the service verifies. */
function idsOf(token: string): readonly [run: string, job: string] {
  const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString() || "{}");
  const scopes = String((claims as { readonly scp?: unknown }).scp ?? "").split(" ");
  const [, run, job] = scopes.map((scope) => scope.split(":")).find(([name]) => name === "Actions.Results") ?? [];
  if (run === undefined || job === undefined) throw new Error("the job's runtime token contains no run and job id");
  return [run, job];
}
