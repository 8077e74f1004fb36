/** `on:`, once GitHub's parser has accepted it. */
import type { EventFilter, InputDefinition, Triggers } from "./model.ts";
import { plainText } from "./plain-text.ts";
import { optionalText } from "./read-steps.ts";
import { isList, isMapping, type Json, mapMappings } from "./values.ts";

type Mapping = Readonly<Record<string, Json>>;

const filterKeys = {
  types: "types",
  branches: "branches",
  "branches-ignore": "branchesIgnore",
  tags: "tags",
  "tags-ignore": "tagsIgnore",
  paths: "paths",
  "paths-ignore": "pathsIgnore",
  workflows: "workflows",
} as const;

export function readTriggers(on: Json | undefined): Triggers {
  const events = eventsOf(on);
  const call = events["workflow_call"];
  return {
    events: Object.fromEntries(Object.entries(events).map(([name, event]) => [name, readFilter(event)])),
    schedule: listOf(isMapping(on) ? on["schedule"] : undefined)
      .filter(isMapping)
      .map((entry) => ({ cron: plainText(entry["cron"]), timezone: optionalText(entry["timezone"]) })),
    dispatchInputs: readInputs(events["workflow_dispatch"]?.["inputs"]),
    call: call && {
      inputs: readInputs(call["inputs"]),
      secrets: mapMappings(call["secrets"], (secret) => ({ required: secret["required"] === true })),
      outputs: mapMappings(call["outputs"], (output) => ({ value: plainText(output["value"]) })),
    },
  };
}

/** The three forms of `on:` as one: event name to its mapping. */
function eventsOf(on: Json | undefined): Readonly<Record<string, Mapping>> {
  if (isMapping(on)) return mapMappings(on, (event) => event);
  return Object.fromEntries(listOf(on).map((name) => [plainText(name), {}]));
}

function readFilter(event: Mapping): EventFilter {
  return Object.fromEntries(
    Object.entries(filterKeys).flatMap(([key, field]) =>
      event[key] === undefined ? [] : [[field, listOf(event[key]).map(plainText)]],
    ),
  );
}

function readInputs(inputs: Json | undefined): Readonly<Record<string, InputDefinition>> {
  return mapMappings(inputs, (input) => ({
    type: inputType(input["type"]),
    description: optionalText(input["description"]),
    required: input["required"] === true,
    default: input["default"],
    options: listOf(input["options"]).map(plainText),
  }));
}

function inputType(type: Json | undefined): InputDefinition["type"] {
  return type === "boolean" || type === "number" || type === "choice" || type === "environment" ? type : "string";
}

/** Where a list is allowed, GitHub reads a single value as a list of one. */
function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}
