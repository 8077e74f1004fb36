/** What can be wrong in the data that the schema accepts: one set and several at once, and names of sets. */
import type { Problem } from "../../problem/problem.ts";
import { findClosestMatch } from "../../text/document/closest-match.ts";
import {
  type Document,
  type DocumentPath,
  formatChoices,
  formatPath,
  quoteText,
} from "../../text/document/document.ts";
import { emptyMapping, missingKey, twoForms } from "./key-problems.ts";
import type { Data2 } from "./policy-2-train.ts";

/** @param at where it stands */
export function dataProblems(data: Data2, at: DocumentPath, document: Document): readonly Problem[] {
  const { sets, leakage = [], drift = [], references = [], unique = [] } = data;
  const names = Object.keys(sets ?? {});
  return [
    ...formProblems(data, at, document),
    ...leakage.flatMap(({ between }, index) => {
      const path = [...at, "leakage", index, "between"];
      const unknown = between.flatMap((name, side) => unknownSet(name, names, [...path, side], document));
      return unknown.length === 0 && between[0] === between[1] ? [sameSet(between[0], path, document)] : unknown;
    }),
    ...references.flatMap(({ from, to }, index) => {
      const path = [...at, "references", index];
      return [
        ...unknownSet(from.set, names, [...path, "from", "set"], document),
        ...unknownSet(to.set, names, [...path, "to", "set"], document),
        ...(from.keys.length === to.keys.length ? [] : [otherKeys([...path, "to", "keys"], document)]),
      ];
    }),
    ...unique.flatMap(({ set }, index) => {
      const path = [...at, "unique", index];
      if (set !== undefined) return unknownSet(set, names, [...path, "set"], document);
      return names.length === 0 ? [] : [missingKey(path, "set", "there are several sets", document)];
    }),
    ...drift.flatMap(({ set }, index) =>
      set === undefined ? [] : unknownSet(set, names, [...at, "drift", index, "set"], document),
    ),
  ];
}

function formProblems({ sets, contract, files }: Data2, at: DocumentPath, document: Document): readonly Problem[] {
  if (sets !== undefined) {
    const short = [...(contract === undefined ? [] : ["contract"]), ...(files === undefined ? [] : ["files"])];
    const empty = Object.keys(sets).length === 0;
    return [
      ...short.map((key) => twoForms([...at, key], [...at, "sets"], document)),
      ...(empty ? [emptyMapping([...at, "sets"], document)] : []),
    ];
  }
  return [
    ...(contract === undefined ? [missingKey(at, "contract", "it says what the data must satisfy", document)] : []),
    ...(files === undefined ? [missingKey(at, "files", "they are what is checked", document)] : []),
  ];
}

function unknownSet(
  name: string,
  names: readonly string[],
  path: DocumentPath,
  document: Document,
): readonly Problem[] {
  if (names.includes(name)) return [];
  const meant = findClosestMatch(name, names);
  return [
    {
      code: "policy-unknown-set",
      message: `${formatPath(path)}: data.sets has no set ${quoteText(name)}`,
      place: document.placeOf(path),
      fix:
        names.length === 0
          ? 'Name the sets of files under "sets:"'
          : `Write ${formatChoices(meant === undefined ? names : [meant])}`,
    },
  ];
}

const otherKeys = (path: DocumentPath, document: Document): Problem => ({
  code: "policy-keys-differ",
  message: `${formatPath(path)}: as many columns must be named as in from`,
  place: document.placeOf(path),
  fix: "Name the columns in the same order on both sides",
});

const sameSet = (name: string, path: DocumentPath, document: Document): Problem => ({
  code: "policy-unknown-set",
  message: `${formatPath(path)}: a set shares all examples with itself, and ${quoteText(name)} stands here twice`,
  place: document.placeOf([...path, 1]),
  fix: "Write the name of another set",
});
