/** A runner names its proxies in `http_proxy`, `https_proxy` and `no_proxy`; Node's `fetch` uses them only on request. */
import http from "node:http";
import { userError } from "../../problem/problem.ts";

let enabled = false;

/** Makes `fetch` of this process go through the proxies that the environment names. */
export function enableProxies(env: NodeJS.ProcessEnv = process.env): void {
  const named = ["http_proxy", "https_proxy"].some((name) => env[name] || env[name.toUpperCase()]);
  if (!named || enabled) return;
  // Since Node 24.14; the runner has carried 24.19 since version 2.336.
  if (typeof http.setGlobalProxyFromEnv !== "function") {
    throw userError({
      code: "proxy-unsupported",
      message: `this runner needs a proxy, and its Node ${process.versions.node} cannot use one`,
      fix: "Update the runner to version 2.336 or newer",
    });
  }
  http.setGlobalProxyFromEnv(env);
  enabled = true;
}
