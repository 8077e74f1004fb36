import { expect, test } from "vitest";
import { startLocalGitHub } from "../../index.ts";

const workflow = (steps: string): Readonly<Record<string, string>> => ({
  ".github/workflows/ci.yml": `on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`,
});

async function play(steps: string) {
  await using github = await startLocalGitHub({ files: workflow(steps) });
  await github.waitUntilIdle();
  const [run] = github.runs();
  return { conclusion: run?.attempts.at(-1)?.conclusion, log: run === undefined ? "" : github.log(run) };
}

test("a usual beginning of a job runs unchanged, with what this machine has", async () => {
  const { conclusion, log } = await play(`
      - uses: actions/setup-node@v6
        id: node
        with: { node-version: "1.2", cache: npm }
      - uses: actions/setup-python@v6
        id: python
        with: { python-version: 3.x }
      - uses: actions/cache@v5
        id: cache
        with: { path: data, key: "data-1", restore-keys: "data-" }
      - run: |
          echo "node=$(node --version) v\${{ steps.node.outputs.node-version }}"
          echo "python=\${{ steps.python.outputs.python-path }}"
          echo "hit=\${{ steps.cache.outputs.cache-hit }}"
`);
  expect([conclusion, log]).toEqual(["success", expect.stringMatching(/node=(v\S+) \1/)]);
  expect(log).toContain("asks for node-version 1.2");
  expect(log).not.toContain("asks for python-version");
  expect(log).toMatch(/python=\S+/);
  expect(log).toContain("Cache not found for input keys: data-1, data-");
  expect(log).toContain("hit=false");
});

test.each([
  ["      - uses: actions/cache@v5\n        with: { path: data }\n", "Input required and not supplied: key"],
  [
    "      - uses: actions/cache@v5\n        with: { path: d, key: k, fail-on-cache-miss: true }\n",
    "fail-on-cache-miss is set",
  ],
])("%j fails as the real one does", async (steps, says) => {
  const { conclusion, log } = await play(steps);
  expect([conclusion, log]).toEqual(["failure", expect.stringContaining(says)]);
});
