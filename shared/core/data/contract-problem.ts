/** Collects what is wrong with a part of a contract, each with its place. */
import type { Problem } from "../../problem/problem.ts";
import type { Document, DocumentPath } from "../../text/document/document.ts";

/** @param path below the part; @param code without `contract-` */
export type AddProblem = (path: DocumentPath, code: string, message: string, fix: string) => void;

export function addTo(
  document: Document,
  part: DocumentPath,
  prefix = "",
): AddProblem & { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const add: AddProblem = (path, code, message, fix) => {
    const place = document.placeOf([...part, ...path]);
    problems.push({ code: `contract-${code}`, message: `${prefix}${message}`, place, fix });
  };
  return Object.assign(add, { problems });
}
