/** The page's requests: views by path, forms by `/-/act/…`, and a stream that makes an open page reload on changes. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { isCollaborator } from "../operations/people/access.ts";
import type { Mount } from "../rest/serving/server.ts";
import { ApiError } from "../world/api-error.ts";
import type { Account } from "../world/identity.ts";
import type { World } from "../world/world.ts";
import { readAsset } from "./assets.ts";
import { html } from "./html.ts";
import { renderPage } from "./layout.ts";
import { performAction } from "./perform-action.ts";
import { resolveView } from "./resolve-view.ts";
import type { PageServices } from "./services.ts";

/** The page may load from, and send to, this server only. Mermaid writes its styles into the document. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

export function servePage(services: PageServices): Mount {
  const { world } = services;
  return async (request, response, url) => {
    const path = decoded(url.pathname);
    if (path === undefined) {
      response.writeHead(400, { "content-type": "text/plain" }).end("This address has an incomplete % escape.\n");
      return true;
    }
    if (path === "/-/events") return stream(world, request, response);
    if (path.startsWith("/-/assets/")) {
      const asset = await readAsset(path.slice("/-/assets/".length));
      if (asset === undefined) return false;
      response.writeHead(200, { "content-type": asset.type, "cache-control": "max-age=3600" }).end(asset.body);
      return true;
    }
    if (request.method === "POST" && path.startsWith("/-/act/")) {
      await handleForm(services, request, response, url, path.slice("/-/act/".length));
      return true;
    }
    if (request.method !== "GET") return false;
    const actor = actorOf(world, request);
    const view = await resolveView(services, path, actor);
    if (view === undefined) return false;
    if (view.kind === "file") {
      const disposition = `attachment; filename="${view.name.replaceAll(/[^\w.-]/g, "_")}"`;
      response.writeHead(200, { "content-type": "application/octet-stream", "content-disposition": disposition });
      response.end(view.body);
      return true;
    }
    const props = { ...view, people: people(world), actor, currentPath: path };
    send(response, 200, renderPage(props, view.body));
    return true;
  };
}

async function handleForm(
  services: PageServices,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  action: string,
): Promise<void> {
  const { world } = services;
  const actor = actorOf(world, request);
  const redirect = (to: string, cookie?: string): void => {
    response.writeHead(303, { location: to, ...(cookie !== undefined && { "set-cookie": cookie }) }).end();
  };
  try {
    // A page of another origin must not be able to submit our forms.
    if (request.headers.origin !== url.origin) throw new ApiError(403, "This form was sent from another page.");
    const fields = new URLSearchParams(await text(request));
    if (action === "become") {
      const login = fields.get("login") ?? "";
      const to = fields.get("back") ?? "/";
      return redirect(
        /^\/(?!\/)/.test(to) ? to : "/",
        `actor=${encodeURIComponent(login)}; Path=/; SameSite=Strict; HttpOnly`,
      );
    }
    if (actor === undefined) throw new ApiError(401, "There is no user to act as: create a user first.");
    redirect(await performAction(services, action, fields, { actor, token: undefined }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const back = URL.parse(request.headers.referer ?? "", url.href)?.pathname ?? "/";
    const body = html`<p class="refusal"><strong>Refused:</strong> ${inWords(error)}</p><p><a href="${back}">Back</a></p>`;
    send(
      response,
      error.status,
      renderPage({ title: "Refused", people: people(world), actor, currentPath: "/" }, body),
    );
  }
}

/** "Validation Failed" alone says nothing: the errors say what is wrong. */
function inWords({ message, errors = [] }: ApiError): string {
  const details = errors.map((error) =>
    typeof error === "string" ? error : (error.message ?? `${error.field ?? error.resource}: ${error.code}`),
  );
  return [message, ...details].join(": ");
}

/** The current user: the one in the cookie, or the first user. */
function actorOf(world: World, request: IncomingMessage): Account | undefined {
  const chosen = /(?:^|;\s*)actor=([^;]*)/.exec(request.headers.cookie ?? "")?.[1];
  const all = people(world);
  const login = decoded(chosen ?? "");
  return all.find((account) => account.login === login) ?? all[0];
}

/** `undefined` for text with a `%` that is not an escape of UTF-8. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const people = (world: World): readonly Account[] =>
  [...world.accounts.values()].filter((account) => account.kind === "User" && !isPublisher(world, account));

/** Who only publishes actions that the first repository uses: nobody acts as them. */
function isPublisher({ repositories }: World, account: Account): boolean {
  const [first, ...others] = repositories.values();
  if (first === undefined || isCollaborator(first, account)) return false;
  const own = others.filter(({ owner }) => owner === account);
  return own.length > 0 && own.every(({ forkOf }) => forkOf === undefined);
}

function stream(world: World, request: IncomingMessage, response: ServerResponse): boolean {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write(": listening\n\n");
  // Many events are published at once; the page needs only one message for them.
  let scheduled = false;
  const subscription = world.subscribe(({ event }) => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      response.write(`data: ${event}\n\n`);
    });
  });
  request.once("close", () => subscription[Symbol.dispose]());
  return true;
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": POLICY,
    "cache-control": "no-store",
  });
  response.end(body);
}

const MAX_FORM_BYTES = 1024 * 1024;

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_FORM_BYTES) throw new ApiError(413, "This form is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
