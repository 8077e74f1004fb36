/** The doctor has nothing against the templates: whoever copies one and follows its README is well. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { examine } from "./examine.ts";
import { createFacts, FILES, SETTINGS } from "./testing.ts";

const folder = new URL("../../../workflows-templates/", import.meta.url);
const templates = readdirSync(folder).filter((name) => name.endsWith(".yml"));
const SEVERAL = FILES["mlops.yml"].replace(/model: .*/, "models: { visits: { files: [m] }, fraud: { files: [m] } }");

/** What the how-to says is required: the check of the job that judges, or the status of trainings on demand. */
const requiring = (...contexts: readonly string[]) => ({
  rules: (SETTINGS.rules ?? []).map((rule) =>
    rule.type === "required_status_checks"
      ? { ...rule, requiredChecks: contexts.map((context) => ({ context, app: 15368 })) }
      : rule,
  ),
  ledgerRules: new Map(["visits", "fraud"].map((model) => [`mlops-ledger/${model}`, [...(SETTINGS.rules ?? [])]])),
  protectedTags: ["refs/tags/*@*", "refs/tags/*#*"],
});

/** Of the templates that judge, and so take the place of the repository's own workflow. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  ...{ "pull-request.yml": ["gate"], "several-models.yml": ["gate"], "train-on-demand.yml": ["mlops/gate"] },
};

test.each(templates)("%s", (name) => {
  const text = readFileSync(new URL(name, folder), "utf8").replaceAll("OWNER/", "them/");
  const required = REQUIRED[name];
  const facts = createFacts({
    files: {
      // The one that judges takes the place of the repository's own.
      ...(required && { "pull-request.yml": "" }),
      // Its data is checked where it trains.
      ...(name === "train-on-demand.yml" && { "mlops.yml": FILES["mlops.yml"].replace(/data: .*\n/, "") }),
      ...(name === "several-models.yml" && { "mlops.yml": SEVERAL }),
      ...(name === "promote.yml" && { "promote.yml": "" }),
    },
    workflows: { [`template-${name}`]: text },
    settings: requiring(...(required ?? ["data", "gate"])),
  });
  const found = examine(facts).filter(({ severity }) => severity !== "note");
  expect(found.map(({ problem }) => [problem.code, problem.message])).toEqual([]);
});
