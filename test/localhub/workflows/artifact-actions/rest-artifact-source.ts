/** The artifacts of any run of any repository, over the REST API: used for `run-id` with a `github-token`. */
import type { ArtifactSource, StoredArtifact } from "./artifact-client.ts";

export interface RemoteRun {
  readonly apiUrl: string;
  readonly repository: string;
  readonly run: string;
  readonly token: string;
}

interface ArtifactPage {
  readonly total_count: number;
  readonly artifacts: readonly {
    readonly id: number;
    readonly name: string;
    readonly size_in_bytes: number;
    readonly digest?: string | null;
  }[];
}

const PAGE = 100;

export function createRestArtifactSource(
  { apiUrl, repository, run, token }: RemoteRun,
  signal: AbortSignal,
): ArtifactSource {
  const headers = { authorization: `Bearer ${token}`, "user-agent": "actions/download-artifact" };

  async function request(path: string): Promise<Response> {
    const response = await fetch(`${apiUrl}/repos/${repository}/actions/${path}`, { headers, signal });
    if (response.ok) return response;
    const body: unknown = await response.json().catch(() => undefined);
    const message = typeof body === "object" && body !== null && "message" in body ? String(body.message) : "";
    throw new Error(`${message || `HTTP ${response.status}`} (GET actions/${path} of ${repository})`);
  }

  return {
    async list() {
      const found = new Map<string, StoredArtifact>();
      for (let page = 1, more = true; more; page += 1) {
        const response = await request(`runs/${run}/artifacts?per_page=${PAGE}&page=${page}`);
        const { artifacts, total_count } = (await response.json()) as ArtifactPage;
        for (const { id, name, size_in_bytes: size, digest } of artifacts) {
          const known = found.get(name);
          if (known === undefined || known.id < id) found.set(name, { id, name, size, digest: digest ?? "" });
        }
        more = artifacts.length === PAGE && page * PAGE < total_count;
      }
      return [...found.values()];
    },
    async download({ id }) {
      const response = await request(`artifacts/${id}/zip`);
      const isZip = response.headers.get("content-type")?.includes("zip") ?? false;
      return { content: new Uint8Array(await response.arrayBuffer()), isZip };
    },
  };
}
