/** The artifacts of one run, and who may download them. */
import { describe, expect, test } from "vitest";
import { startLocalGitHub } from "../index.ts";

const MAKE = `
on: push
jobs:
  make:
    runs-on: ubuntu-latest
    steps:
      - run: mkdir -p out/deep && echo '{"mae":2.5}' > out/record.json && echo x > out/deep/x.txt
      - uses: actions/upload-artifact@v7
        with: { name: record, path: out }
`;
const fetching = (permissions: string): string => `
on: { workflow_dispatch: { inputs: { run: { required: true } } } }
permissions: ${permissions}
jobs:
  fetch:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v8
        with:
          run-id: \${{ inputs.run }}
          github-token: \${{ github.token }}
          merge-multiple: true
      - run: cat record.json deep/x.txt
`;

describe("the artifact of another run", () => {
  const download = async (permissions: string): Promise<{ conclusion: string | null | undefined; log: string }> => {
    await using github = await startLocalGitHub({
      files: { ".github/workflows/make.yml": MAKE, ".github/workflows/fetch.yml": fetching(permissions) },
    });
    await github.waitUntilIdle();
    const inputs = { run: String(github.runs({ event: "push" })[0]?.id) };
    const run = await github.run("fetch.yml", { inputs });
    return { conclusion: run.attempts.at(-1)?.conclusion, log: github.log(run) };
  };

  test("is downloaded with a token that may read actions", async () => {
    const { conclusion, log } = await download("{ actions: read }");
    expect(conclusion).toBe("success");
    expect(log).toMatch(/\{"mae":2\.5\}\nx/);
  });

  test("is not downloaded with one that may not", async () => {
    const { conclusion, log } = await download("{ contents: read }");
    expect(conclusion).toBe("failure");
    expect(log).toContain("Unable to download artifact(s): Resource not accessible by integration");
  });
});
