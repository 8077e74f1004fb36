/**
 * Handles the workflow commands that one step prints. New for each step, as on GitHub: `stop-commands` ends with it.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { errorMessage } from "../../workflow-language/error-message.ts";
import type { Masker } from "../log/masker.ts";
import type { StepLog } from "../log/step-log.ts";
import { readAnnotationLocation } from "./annotation-location.ts";
import { readMatchers } from "./matcher-config.ts";
import { parseCommand, type WorkflowCommand } from "./parse-command.ts";
import type { ProblemMatchers } from "./problem-matcher.ts";

/** The state that a command can change. */
export interface CommandTarget {
  readonly log: StepLog;
  readonly masker: Masker;
  readonly matchers: ProblemMatchers;
  readonly workspace: string;
  /** Whether commands are shown when they are handled, until the step uses `::echo::`. */
  readonly debug: boolean;
  /** A variable of the step's environment. */
  variable(name: string): string | undefined;
  setOutput(name: string, value: string): void;
  saveState(name: string, value: string): void;
  setVariable(name: string, value: string): void;
  addPath(path: string): void;
  /** The step has failed, whatever its exit code will be. */
  fail(): void;
}

export interface StepCommands {
  /** Handles a line of output: executes the command in it, or shows the line. */
  handleLine(text: string): void;
}

type CommandHandler = (command: WorkflowCommand, target: CommandTarget) => void;

/** actions/runner: not echoed, either because they show themselves or because they contain a secret. */
const SILENT = new Set(["add-mask", "debug", "error", "notice", "warning"]);
/** Shorter tokens would hide ordinary text (actions/runner, `ActionCommandManager`). */
const MAX_UNMASKED_TOKEN_LENGTH = 6;
const BLOCKED_VARIABLE = "NODE_OPTIONS";

export function createStepCommands(target: CommandTarget): StepCommands {
  let resumeToken: string | undefined;
  let echo = target.debug;
  const handlers: Readonly<Record<string, CommandHandler>> = {
    ...COMMAND_HANDLERS,
    echo(command) {
      const value = command.data.trim().toLowerCase();
      if (value !== "on" && value !== "off") {
        throw new Error(
          `Invalid echo command value. Possible values can be: 'on', 'off'. Current value is: '${command.data}'.`,
        );
      }
      echo = value === "on";
    },
  };
  const isKnown = (name: string): boolean => {
    const lower = name.toLowerCase();
    return Object.hasOwn(handlers, lower) || lower === "stop-commands" || lower === resumeToken?.toLowerCase();
  };

  function handle(command: WorkflowCommand, line: string): boolean {
    const name = command.name.toLowerCase();
    if (resumeToken !== undefined) {
      if (name !== resumeToken.toLowerCase()) return false;
      target.log.output(line);
      resumeToken = undefined;
      return true;
    }
    if (name === "stop-commands") {
      stop(command.data, line);
      return true;
    }
    const silent = SILENT.has(name);
    if (echo && !silent) target.log.output(line);
    if (echo && name === "add-mask") target.log.output("::add-mask::***");
    try {
      handlers[name]?.(command, target);
    } catch (error) {
      target.log.annotate("error", `Unable to process command '${silent ? name : line}' successfully.`);
      target.log.annotate("error", errorMessage(error));
      target.fail();
    }
    return true;
  }

  function stop(token: string, line: string): void {
    const invalid = token === "" || token.toLowerCase() === "pause-logging" || isKnown(token);
    if (invalid && !allows(target, "ACTIONS_ALLOW_UNSECURE_STOPCOMMAND_TOKENS")) {
      target.log.annotate("error", INVALID_STOP_TOKEN);
      target.fail();
      return;
    }
    resumeToken = token;
    if (token.length > MAX_UNMASKED_TOKEN_LENGTH) target.masker.add(token);
    target.log.output(line);
  }

  return {
    handleLine(text) {
      const command = parseCommand(text, isKnown);
      if (command !== undefined && handle(command, text)) return;
      if (!target.matchers.scan(text, target.log)) target.log.output(text);
    },
  };
}

const annotate: CommandHandler = (command, target) => {
  const level = command.name.toLowerCase();
  if (level !== "error" && level !== "warning" && level !== "notice") return;
  target.log.annotate(level, command.data, readAnnotationLocation(command.properties, target.workspace));
};

const COMMAND_HANDLERS: Readonly<Record<string, CommandHandler>> = {
  error: annotate,
  warning: annotate,
  notice: annotate,
  debug: (command, { log }) => log.debug(command.data),
  group: (command, { log }) => log.output(`##[group]${command.data}`),
  endgroup: (_, { log }) => log.output("##[endgroup]"),
  "add-mask"(command, { log, masker }) {
    if (command.data.trim() === "") {
      log.annotate("warning", "Can't add secret mask for empty string in ##[add-mask] command.");
    } else masker.add(command.data);
  },
  "set-output"(command, target) {
    warnDeprecated(command, target);
    target.setOutput(required(command, "name"), command.data);
  },
  "save-state"(command, target) {
    warnDeprecated(command, target);
    target.saveState(required(command, "name"), command.data);
  },
  "set-env"(command, target) {
    assertUnsecureCommandsAllowed(command, target);
    const name = required(command, "name");
    if (name.toUpperCase() === BLOCKED_VARIABLE) {
      target.log.annotate("error", `Can't update ${BLOCKED_VARIABLE} environment variable using ::set-env:: command.`);
    } else target.setVariable(name, command.data);
  },
  "add-path"(command, target) {
    assertUnsecureCommandsAllowed(command, target);
    if (command.data === "") throw new Error("Value cannot be null or empty. (Parameter 'path')");
    target.addPath(command.data);
  },
  "add-matcher"(command, { log, matchers, workspace }) {
    if (command.data === "") log.annotate("warning", "File path must be specified.");
    else matchers.add(readMatchers(readFileSync(resolve(workspace, command.data), "utf8")));
  },
  "remove-matcher"(command, { log, matchers, workspace }) {
    const owner = command.properties.get("owner") ?? "";
    if (owner !== "" && command.data !== "") {
      log.annotate(
        "warning",
        "Either specify an owner name or a file path in ##[remove-matcher] command. Both values cannot be set.",
      );
    } else if (owner !== "") {
      matchers.remove([owner]);
    } else if (command.data !== "") {
      matchers.remove(
        readMatchers(readFileSync(resolve(workspace, command.data), "utf8")).map((matcher) => matcher.owner),
      );
    } else {
      log.annotate("warning", "Either an owner name or a file path must be specified in ##[remove-matcher] command.");
    }
  },
};

function required(command: WorkflowCommand, property: string): string {
  const value = command.properties.get(property);
  if (value) return value;
  throw new Error(`Required field '${property}' is missing in ##[${command.name.toLowerCase()}] command.`);
}

function allows(target: CommandTarget, variable: string): boolean {
  return target.variable(variable)?.toLowerCase() === "true";
}

const INVALID_STOP_TOKEN =
  "You cannot use a endToken that is an empty string, the string 'pause-logging', or another workflow command. For more information see: https://docs.github.com/actions/learn-github-actions/workflow-commands-for-github-actions#example-stopping-and-starting-workflow-commands or opt into insecure command execution by setting the `ACTIONS_ALLOW_UNSECURE_STOPCOMMAND_TOKENS` environment variable to `true`.";

function warnDeprecated(command: WorkflowCommand, { log }: CommandTarget): void {
  log.annotate(
    "warning",
    `The \`${command.name.toLowerCase()}\` command is deprecated and will be disabled soon. Please upgrade to using Environment Files. For more information see: https://github.blog/changelog/2022-10-11-github-actions-deprecating-save-state-and-set-output-commands/`,
  );
}

function assertUnsecureCommandsAllowed(command: WorkflowCommand, target: CommandTarget): void {
  if (allows(target, "ACTIONS_ALLOW_UNSECURE_COMMANDS")) return;
  throw new Error(
    `The \`${command.name.toLowerCase()}\` command is disabled. Please upgrade to using Environment Files or opt into unsecure command execution by setting the \`ACTIONS_ALLOW_UNSECURE_COMMANDS\` environment variable to \`true\`. For more information see: https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/`,
  );
}
