import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("loads in plain Node, on first use, and does not change how other JSON is loaded", async () => {
  const url = new URL("./read-workflow.ts", import.meta.url).href;
  const script = `
    import { registerHooks } from "node:module";
    let loaded = 0;
    registerHooks({
      load(url, context, next) {
        if (url.includes("/@actions/workflow-parser/")) loaded += 1;
        return next(url, context);
      },
    });
    const { readWorkflow } = await import(${JSON.stringify(url)});
    const before = loaded;
    const jobs = readWorkflow("w.yml", "on: push\\njobs: { a: { runs-on: x } }").jobs.length;
    const json = await import("data:application/json,{}").catch((error) => error.code);
    console.log(JSON.stringify({ before, later: loaded > 0, jobs, json }));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  expect(JSON.parse(stdout)).toEqual({ before: 0, later: true, jobs: 1, json: "ERR_IMPORT_ATTRIBUTE_MISSING" });
});
