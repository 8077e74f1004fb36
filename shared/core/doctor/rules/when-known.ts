/** Rules about GitHub's settings, which are not always known. */
import type { Problem } from "../../../problem/problem.ts";
import type { RepositoryFacts } from "../facts.ts";
import type { DoctorRule } from "../finding.ts";
import type { RepositorySettings } from "../settings.ts";

/** Settings have no file: the page where they are changed stands in for it. */
export const at = ({ repository }: RepositorySettings, page: string): Pick<Problem, "place"> => ({
  place: { file: `${repository}/settings/${page}` },
});

type SettingsRule = (settings: RepositorySettings, facts: RepositoryFacts) => ReturnType<DoctorRule>;

export const whenKnown =
  (rule: SettingsRule): DoctorRule =>
  (facts) =>
    facts.settings === undefined ? [] : rule(facts.settings, facts);
