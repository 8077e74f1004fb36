/** The command line: which commands there are, and what each of them takes. What they do is in files of their own. */
import { Command, CommanderError, Option, type OutputConfiguration } from "commander";
import { POLICY_PATH } from "../core/policy/policy.ts";
import { ActionError, formatProblem } from "../problem/problem.ts";
import { type CommandContext, type CommandResult, printable } from "./command.ts";
import type { GateOptions } from "./gate/gather.ts";

export interface Ended {
  readonly out: string;
  readonly error: string;
  readonly code: number;
}

/** @param words of the command line, without the program's own name */
export async function runProgram(words: readonly string[], context: CommandContext): Promise<Ended> {
  let [out, error, code] = ["", "", 0];
  const program = createProgram(async (result, isJson) => {
    out += isJson ? `${JSON.stringify(result.value, null, 2)}\n` : result.text;
    code = result.code;
  }, context);
  configure(program, { writeOut: (text) => (out += text), writeErr: (text) => (error += text) });
  try {
    await program.parseAsync([...words], { from: "user" });
  } catch (thrown) {
    if (thrown instanceof CommanderError) return { out, error, code: thrown.exitCode };
    if (!(thrown instanceof ActionError)) throw thrown;
    error += thrown.problems.map((problem) => `${printable(formatProblem(problem))}\n`).join("");
    code = 1;
  }
  return { out, error, code };
}

type Show = (result: CommandResult, isJson: boolean) => void;

function createProgram(show: Show, context: CommandContext): Command {
  const program = new Command("mlops-actions")
    .description("The decisions of mlops-actions on this computer. What counts is decided on GitHub.")
    .showHelpAfterError("(--help shows what can be written)");
  const add = (name: string, description: string, examples: readonly string[]): Command =>
    program
      .command(name)
      .description(description)
      .option("--json", "print the result as JSON")
      .addHelpText("after", `\nExamples:\n${examples.map((example) => `  mlops-actions ${example}`).join("\n")}`);
  const end = (result: CommandResult, { json = false }: { readonly json?: boolean }): void => show(result, json);

  add("init", "write the first workflow, policy and contract for this repository", [
    "init",
    "init --yes --actions OWNER/mlops-actions@v1",
  ])
    .option("--yes", "take every guess, and ask nothing")
    .option(
      "--actions <owner/name@ref>",
      "from where workflows take the actions (default: the release of this program)",
    )
    .action(async ({ yes = false, actions = "", ...options }) => {
      const { init } = await import("./init/init-command.ts");
      end(await init({ yes, actions }, context), options);
    });
  add("check", "check data files against a contract", ["check contracts/visits.yml data/*.csv"])
    .argument("<contract>", "path of the contract, in any of the languages that check-data reads")
    .argument("<files...>", "paths or globs of data files")
    .action(async (contract: string, files: string[], options) => {
      const { check } = await import("./contract-command.ts");
      end(await check(contract, files, context), options);
    });
  add("infer", "draft a contract from a data file", ["infer data/visits.csv > contracts/visits.yml"])
    .argument("<file>", "path of a data file")
    .action(async (file: string, options) => {
      const { infer } = await import("./contract-command.ts");
      end(await infer(file, context), options);
    });
  add("diff", "say what changes from one contract to another", ["diff old.yml contracts/visits.yml"])
    .argument("<old>", "path of the contract as it was")
    .argument("<new>", "path of the contract as it is")
    .action(async (before: string, after: string, options) => {
      const { diff } = await import("./contract-command.ts");
      end(await diff(before, after, context), options);
    });

  const gateCommands = async () => import("./gate/gate-command.ts");
  withGateOptions(
    add("gate", "judge metrics by the policy of this folder", [
      "gate metrics.json",
      "gate metrics.json --base origin/release",
      "gate new/metrics.json --baseline old/metrics.json",
    ]),
  ).action(async (files: string[], options) =>
    end(await (await gateCommands()).gate(files, toGateOptions(options), context), options),
  );
  withGateOptions(
    add("explain", "say what each rule compared, and which values it would accept", [
      "explain verdict.json",
      "explain metrics.json",
    ]),
  ).action(async (files: string[], options) =>
    end(await (await gateCommands()).explain(files, toGateOptions(options), context), options),
  );
  withGateOptions(add("report", "write what the comment says, and the report as a page", ["report metrics.json"]))
    .option("--out <folder>", "where to write them", "mlops-report")
    .action(async (files: string[], options) =>
      end(
        await (await gateCommands()).report(files, { ...toGateOptions(options), out: options.out }, context),
        options,
      ),
    );
  add("simulate", "say how often the rules would have stopped earlier results", [
    "simulate verdict.json",
    "simulate runs/1/metrics.json runs/2/metrics.json runs/3/metrics.json",
  ])
    .argument("<files...>", "metric files or training records, oldest first; or one verdict of the default branch")
    .addOption(policyOption())
    .addOption(modelOption())
    .action(async (files: string[], options) =>
      end(
        await (await gateCommands()).simulate(files, { policy: options.policy, model: options.model }, context),
        options,
      ),
    );
  add("doctor", "say which gates and protections of this repository are not real", ["doctor", "doctor --offline"])
    .option("--offline", "examine only the folder, and ask no GitHub")
    .option("--repository <owner/name>", "the repository on GitHub (default: where the folder was cloned from)")
    .option("--api <address>", "GitHub's API (default: by the remote)")
    .addHelpText(
      "after",
      "\nThe token in GH_TOKEN or GITHUB_TOKEN needs to read contents, administration and environments.",
    )
    .action(async (options) => {
      const { doctor } = await import("./doctor/doctor-command.ts");
      const { repository = "", api = "", offline = false } = options;
      end(await doctor({ repository, api, offline, token: context.token }, context), options);
    });
  return program;
}

const policyOption = (): Option => new Option("--policy <file>", "path of the policy").default(POLICY_PATH);

const modelOption = (): Option => new Option("--model <name>", "which of the policy's models").default("");

const withGateOptions = (command: Command): Command =>
  command
    .argument("<files...>", "paths or globs of metric files, or a training record")
    .addOption(policyOption())
    .addOption(modelOption())
    .option("--base <commit>", "branch, tag or commit to compare with (default: the default branch)")
    .option("--baseline <files...>", "metric files to compare with, in place of those at the base");

const toGateOptions = ({ policy, model = "", base = "", baseline = [] }: Partial<GateOptions>): GateOptions => ({
  ...{ policy: policy ?? POLICY_PATH, model, base, baseline },
});

/** Commands made by `command` have the settings of the program only when they are set before. */
function configure(program: Command, output: OutputConfiguration): void {
  for (const command of [program, ...program.commands]) command.exitOverride().configureOutput(output);
}
