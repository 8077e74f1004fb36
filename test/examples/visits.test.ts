/** The example's data is the file that its source names, and its trainings give the numbers that the story uses. */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const example = fileURLToPath(new URL("../../docs/examples/visits/", import.meta.url));
const FEATURES = ["lncoins", "idp", "lpi", "fmde", "physlm", "disea", "hlthg", "hlthf", "hlthp"];
/** `.ci/run` installs it, so it must exist in CI. */
const python = spawnSync("python3", ["-c", "import sklearn"]).status === 0;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "visits-"));
  cpSync(example, folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function train(program: "node" | "python3", script: string, params: object = {}): Readonly<Record<string, string>> {
  execFileSync(program === "node" ? process.execPath : program, [script], {
    cwd: folder,
    env: { ...process.env, TRAIN_PARAMS: JSON.stringify(params) },
  });
  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  return { metrics: read("metrics.json"), model: read("model.json") };
}

const metricsOf = (params: object) => JSON.parse(train("node", "train.mjs", params)["metrics"] ?? "");

test("the data is the file that its source and its export name", () => {
  const bytes = readFileSync(join(example, "data/visits.csv"));
  const digest = createHash("sha256").update(bytes).digest("hex");
  expect(readFileSync(join(example, "data/SOURCE.md"), "utf8")).toContain(digest);
  expect(readFileSync(join(example, "export-data.py"), "utf8")).toContain(digest);
  expect(bytes.toString().trimEnd().split("\n")).toHaveLength(20_191);
});

test("the policy fits on a screen", () => {
  const lines = readFileSync(join(example, ".github/mlops.yml"), "utf8").trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(25);
});

describe("the training", () => {
  test("gives the same bytes every time, in less than two seconds", () => {
    const started = performance.now();
    const first = train("node", "train.mjs");
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(train("node", "train.mjs")).toEqual(first);
    expect(JSON.parse(first["metrics"] ?? "")).toEqual({
      mae: 2.632871,
      poisson_deviance: 4.235441,
      slices: {
        "excellent-health": { mae: 2.363224 },
        "good-health": { mae: 2.777723 },
        "fair-health": { mae: 3.196695 },
        "poor-health": { mae: 4.588631 },
      },
    });
  });

  test("with capped visits is better overall and for everybody but people in poor health", () => {
    const [plain, capped] = [metricsOf({}), metricsOf({ max_visits: 4 })];
    const change = (slice: string): number => capped.slices[slice].mae / plain.slices[slice].mae - 1;
    expect(capped.mae).toBeLessThan(plain.mae * 0.95);
    for (const slice of ["excellent-health", "good-health", "fair-health"]) expect(change(slice)).toBeLessThan(-0.04);
    expect(change("poor-health")).toBeGreaterThan(0.05);
  });

  test("with the feature for free care is better everywhere", () => {
    const [plain, better] = [metricsOf({}), metricsOf({ features: [...FEATURES, "free_care"] })];
    expect(better.mae).toBeLessThan(plain.mae);
    expect(better.poisson_deviance).toBeLessThan(plain.poisson_deviance);
    expect(better.slices["poor-health"].mae).toBeLessThan(plain.slices["poor-health"].mae);
  });

  test.each([
    ["an unknown feature", { features: ["lncoins", "age"] }, 'there is no feature "age"'],
    ["the target as a feature", { features: ["mdvis"] }, 'there is no feature "mdvis"'],
  ])("refuses %s", (_, params, message) => {
    expect(() => metricsOf(params)).toThrow(message);
  });
});

describe("the training with scikit-learn", () => {
  test("runs in CI", () => {
    expect(python || !process.env["CI"]).toBe(true);
  });

  test.skipIf(!python)("writes the same model and the same metrics (skipped: python3 has no scikit-learn)", () => {
    const params = { features: [...FEATURES, "free_care", "coinsurance_x_diseases"], max_visits: 8 };
    const [node, sklearn] = [train("node", "train.mjs", params), train("python3", "train.py", params)];
    expect(sklearn["metrics"]).toBe(node["metrics"]);
    expect(JSON.parse(sklearn["model"] ?? "")).toEqual(JSON.parse(node["model"] ?? ""));
  });
});
