/** `npm run localhub -- path/to/repo`: serves a repository of this computer until Ctrl-C. */
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { startLocalGitHub } from "./index.ts";

const USAGE = `npm run localhub -- [path/to/repo] [options]

Serves a folder as a repository of a GitHub on this computer: page, REST API, git over HTTP, workflows that run.

  --port N            a fixed port (default: a free one)
  --people a,b        people with write access, besides the owner (default: alice,bob)
  --runner a,b        a self-hosted runner with these labels; may be given again
  --profile NAME      github.com (default) or ghes-3.19
  --help              this text
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    port: { type: "string" },
    people: { type: "string", default: "alice,bob" },
    runner: { type: "string", multiple: true, default: [] },
    profile: { type: "string", default: "github.com" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  process.stdout.write(USAGE);
} else {
  await serve();
}

async function serve(): Promise<void> {
  const folder = resolve(positionals[0] ?? ".");
  const { profile } = values;
  if (profile !== "github.com" && profile !== "ghes-3.19")
    throw new Error(`there is no profile "${profile}"\n\n${USAGE}`);
  const github = await startLocalGitHub({
    repository: `local/${basename(folder).replaceAll(/[^\w.-]/g, "-") || "repository"}`,
    directory: folder,
    people: Object.fromEntries(values.people.split(",").map((login) => [login.trim(), "write" as const])),
    runners: values.runner.map((labels, index) => ({ name: `runner-${index + 1}`, labels: labels.split(",") })),
    profile,
    limits: "off",
    ...(values.port !== undefined && { port: Number(values.port) }),
  });
  const { fullName } = github.repository;
  const remote = new URL(`/${fullName}.git`, github.url);
  remote.username = "x-access-token";
  remote.password = github.token;
  process.stdout.write(`${fullName} is served.

  page    ${github.url}/${fullName}
  API     ${github.apiUrl}
  token   ${github.token}
  git     git remote add local ${remote.href}

Push a branch to it, open a pull request (gh api, or POST /repos/${fullName}/pulls), and watch the page. Ctrl-C ends it.
`);
  await new Promise<void>((done) => {
    process.once("SIGINT", done);
    process.once("SIGTERM", done);
  });
  // A test should fail over these; a person wants to know, and to get the prompt back.
  for (const { method, path, message } of github.takeMisses())
    process.stdout.write(`missed: ${method} ${path}: ${message}\n`);
  await github.close();
}
