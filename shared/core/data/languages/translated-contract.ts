/** What a contract of another language comes to, and the tools to read one. */
import type { DocumentPath } from "../../../text/document/document.ts";

export type ContractLanguage = "odcs" | "json-schema" | "table-schema";

/** Something that a contract asks and this suite does not check. */
export interface SkippedCheck {
  /** The keyword, as the contract has it. */
  readonly check: string;
  readonly column: string | null;
  readonly reason: string;
}

export interface TranslatedContract {
  readonly language: ContractLanguage;
  /** Of the language, or of the contract where the language has no versions; as the contract says it. */
  readonly version: string | undefined;
  /** In this suite's own form, not yet validated. */
  readonly contract: Mapping;
  /** From a place in this suite's form to the one in the contract as it was written. */
  readonly toOriginal: (path: DocumentPath) => DocumentPath;
  readonly skipped: readonly SkippedCheck[];
}

export type Mapping = Readonly<Record<string, unknown>>;

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const asMapping = (value: unknown): Mapping => (isMapping(value) ? value : {});
export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const asText = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
