/** The public interface of check-data: inputs, outputs, permissions. */
import { allowUnverifiedTls } from "../../shared/action/assert-safe-environment.ts";
import { input } from "../../shared/action/input.ts";
import { output } from "../../shared/action/output.ts";
import { defineAction } from "../../shared/action/spec.ts";

export const spec = defineAction({
  name: "check-data",
  summary: "Check data files against a contract, and fail with file and line of everything that breaks it",
  branding: { icon: "check-square", color: "green" },
  inputs: {
    files: input.paths({
      doc: "Files in CSV, JSON Lines or Parquet, or globs, one per line; gzip, zstd and zip are unpacked. Empty: `data.files` of the trusted `.github/mlops.yml`",
      default: "",
      example: "data/*.csv",
    }),
    contract: input.path({
      doc: "Path of the contract, which is read from the base branch and never from the change under test. Empty: `data.contract` of the trusted policy",
      default: "",
      example: "contracts/visits.yml",
    }),
    model: input.text({
      doc: "Which of the policy's `models`: needed where there are several, unless `files` and `contract` are both given. The report names it",
      default: "",
      example: "visits",
    }),
    results: input.paths({
      doc: "Results that Great Expectations, pandera or dbt have written in this job, one path or glob per line: what does not hold there is a finding here. Of their values nothing is kept",
      default: "",
      example: "target/run_results.json",
    }),
    record: input.path({ doc: "Where to write the data report", default: "data-report.json" }),
    sarif: input.path({
      doc: "Where to write the findings as SARIF 2.1.0, for code scanning. Empty: nowhere",
      default: "",
      example: "findings.sarif",
    }),
    junit: input.path({
      doc: "Where to write the findings as JUnit XML, for systems that show test results. Empty: nowhere",
      default: "",
      example: "findings.xml",
    }),
    token: input.secret({
      doc: "Reads the policy and the contract from the base branch",
      default: "${{ github.token }}",
    }),
    "allow-unverified-tls": allowUnverifiedTls,
  },
  outputs: {
    outcome: output.oneOf(
      ["pass", "fail", "error"],
      "Whether the data satisfies its contract; `error`: not decided",
      "error",
    ),
    record: output.path("The data report, `mlops-actions/data-report`"),
    "data-digest": output.text("SHA-256 over paths and content of all files, to identify the data that is trained on"),
    findings: output.text("Number of findings: checks that a column of a file breaks, however often"),
  },
  permissions: { contents: { access: "read", reason: "reads the policy and the contract at a trusted commit" } },
});
