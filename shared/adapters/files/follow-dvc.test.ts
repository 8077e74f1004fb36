import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createWorkspaceFiles } from "./create-workspace-files.ts";
import { followDvc } from "./follow-dvc.ts";

test("a dvc.yaml stands for the metric files that it lists; what is missing is found missing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dvc-"));
  mkdirSync(join(folder, "live"));
  writeFileSync(join(folder, "live/dvc.yaml"), "metrics: [metrics.json, more.yaml]\n");
  writeFileSync(join(folder, "live/metrics.json"), "{}");
  const files = createWorkspaceFiles(folder);
  const patterns = await followDvc(files, ["other.json", "live/dvc.yaml", "absent/dvc.yaml", "**/dvc.yaml"]);
  expect(patterns).toEqual(["other.json", "live/metrics.json", "live/more.yaml", "absent/dvc.yaml", "**/dvc.yaml"]);
  await expect(files.list(["live/more.yaml"])).rejects.toThrow("live/more.yaml");
});
