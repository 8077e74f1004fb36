/** `npm run localhub -- path/to/repo`: serves a repository of this computer until Ctrl-C. */
import { statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { parseAction, parseEnvironment, parseNamedTexts, readNamedTexts } from "./cli-arguments.ts";
import { startLocalGitHub } from "./index.ts";

const USAGE = `npm run localhub -- [path/to/repo] [options]

Serves a folder as a repository of a GitHub on this computer: page, REST API, git over HTTP, workflows that run.

  --push              run the workflows on push, as if the folder had just been pushed (default: none runs by itself)
  --port N            a fixed port (default: a free one)
  --people a,b        people with write access, besides the owner (default: alice,bob)
  --runner a,b        a self-hosted runner with these labels; may be given again
  --secret A=text     a secret; may be given again, and a file .secrets in the folder has more, one NAME=text a line
  --var A=text        a variable, and a file .vars, in the same way
  --environment a=x,y an environment, and who may approve what is deployed to it; may be given again
  --check name        a check that must pass before a merge into the default branch; may be given again
  --action o/n@v=DIR  a folder as the action o/n at the tag v; may be given again
  --profile NAME      github.com (default) or ghes-3.19
  --help              this text
`;

// `on` and not `once`: a second Ctrl-C must not cut the clean-up short.
const interrupted = new Promise<void>((done) => {
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => done());
});

try {
  await serve();
} catch (error) {
  if (process.env["MLOPS_DEBUG"]) throw error;
  process.stderr.write(`localhub: ${explain(error)}\n`);
  process.exitCode = 1;
}

async function serve(): Promise<void> {
  const { values, positionals } = readArguments();
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const folder = resolve(positionals[0] ?? ".");
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`there is no folder ${folder}`);
  if (positionals.length > 1) throw new Error("only one folder can be served; --help lists the options");
  const { profile, port = "0" } = values;
  if (profile !== "github.com" && profile !== "ghes-3.19") {
    throw new Error(`there is no profile "${profile}"; choose github.com or ghes-3.19`);
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Error(`"${port}" is not a port; write a number up to 65535, or leave --port out for a free one`);
  }
  const people = values.people.split(",").map((login) => login.trim());
  const github = await startLocalGitHub({
    repository: `local/${basename(folder).replaceAll(/[^\w.-]/g, "-") || "repository"}`,
    directory: folder,
    people: Object.fromEntries(people.map((login) => [login, "write" as const])),
    secrets: { ...readNamedTexts(join(folder, ".secrets")), ...parseNamedTexts(values.secret, "--secret") },
    variables: { ...readNamedTexts(join(folder, ".vars")), ...parseNamedTexts(values.var, "--var") },
    environments: Object.fromEntries(values.environment.map(parseEnvironment)),
    runners: values.runner.map((labels, index) => ({ name: `runner-${index + 1}`, labels: labels.split(",") })),
    profile,
    limits: "off",
    port: Number(port),
  });
  const { fullName, defaultBranch } = github.repository;
  if (values.check.length > 0) github.protect(defaultBranch, { checks: values.check });
  for (const action of values.action.map(parseAction)) {
    await github.addRepository(action.repository, { directory: action.folder, tag: action.tag });
  }
  const remote = new URL(`/${fullName}.git`, github.url);
  remote.username = "x-access-token";
  remote.password = github.token;
  process.stdout.write(`${fullName} is served.

  page    ${github.url}/${fullName}
  API     ${github.apiUrl}
  token   ${github.token}
  git     git remote add local ${remote.href}

${values.push ? "The workflows on push run now." : "No workflow has run: --push runs those on push."}
Push a branch to it and open a pull request on the page, or with POST /repos/${fullName}/pulls. Ctrl-C stops it.
`);
  if (values.push) github.announcePush().catch((error: unknown) => process.stdout.write(`--push: ${explain(error)}\n`));
  await interrupted;
  // In a test these are failures; here they are only printed.
  for (const { method, path, message } of github.takeConformanceErrors())
    process.stdout.write(`does not match GitHub's API: ${method} ${path}: ${message}\n`);
  await github.close();
}

function readArguments() {
  return parseArgs({
    allowPositionals: true,
    options: {
      port: { type: "string" },
      people: { type: "string", default: "alice,bob" },
      runner: { type: "string", multiple: true, default: [] },
      push: { type: "boolean", default: false },
      secret: { type: "string", multiple: true, default: [] },
      var: { type: "string", multiple: true, default: [] },
      environment: { type: "string", multiple: true, default: [] },
      check: { type: "string", multiple: true, default: [] },
      action: { type: "string", multiple: true, default: [] },
      profile: { type: "string", default: "github.com" },
      help: { type: "boolean", default: false },
    },
  });
}

/** One line for what the caller can put right. */
function explain(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(explain).join("; ");
  if (!(error instanceof Error)) return String(error);
  const { code, port } = error as Error & { readonly code?: unknown; readonly port?: number };
  if (code === "EADDRINUSE") return `port ${port} is in use; choose another, or leave --port out for a free one`;
  if (code === "EACCES" && port !== undefined) return `port ${port} is reserved; choose one above 1023`;
  if (String(code).startsWith("ERR_PARSE_ARGS")) return `${error.message.split(". ")[0]}; --help lists the options`;
  return error.message.trim().split("\n").join(": ");
}
