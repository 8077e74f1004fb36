/** The end of a report, folded: what was judged, by which rules, against what, and where to read on. */
import type { ReportRecords } from "../core/gate/assert-consistent.ts";
import { ADVISORY_REASONS } from "../core/policy/trust-levels.ts";
import type { Verdict } from "../records/verdict.ts";
import { dataProvenance } from "./data-findings.ts";
import type { ReportContext } from "./decision.ts";
import {
  EMPTY_MARKDOWN,
  formatCount,
  inlineName,
  joinMarkdown,
  link,
  type Markdown,
  md,
  shortCommit,
} from "./markdown.ts";
import { type Block, RANK } from "./report-tree.ts";

/** One line of what counts, and the links in it. */
export function provenance({ verdict, data }: ReportRecords, context: ReportContext): Block {
  const { runUrl, head } = context;
  const commit = (sha: string): Markdown => linkCommit(sha, context);
  const links = [...changesLink(verdict, context), ...(runUrl === undefined ? [] : [link(md`job summary`, runUrl)])];
  const further = links.length === 0 ? [] : [joinMarkdown(links, " · ")];
  if (verdict === undefined) {
    const about = head === undefined ? [] : [md`About ${commit(head)}`];
    return {
      kind: "lines",
      lines: [joinMarkdown([...about, ...(data ? [dataProvenance(data)] : []), ...links], " · ")],
    };
  }
  const advisory = context.advisory ? md` · ${ADVISORY_REASONS[context.advisory]}` : EMPTY_MARKDOWN;
  const items = [...describeParts(verdict, commit), ...further].map((text) => ({ rank: RANK.judged, text }));
  return {
    kind: "section",
    title: md`${summarise(verdict, context.isMerged)}${advisory}`,
    open: false,
    blocks: [{ kind: "list", itemNoun: "line", items }],
  };
}

const linkCommit = (sha: string, { repositoryUrl }: ReportContext): Markdown =>
  link(shortCommit(sha), repositoryUrl === undefined ? undefined : `${repositoryUrl}/commit/${sha}`);

/** What lies between the two: the reason for the difference is somewhere in it. */
function changesLink(verdict: Verdict | undefined, { repositoryUrl }: ReportContext): readonly Markdown[] {
  if (!verdict?.baseline || repositoryUrl === undefined) return [];
  return [
    link(md`changes since the baseline`, `${repositoryUrl}/compare/${verdict.baseline.commit}...${verdict.head}`),
  ];
}

function summarise({ policy, baseline }: Verdict, isMerged = false): Markdown {
  if (policy === null)
    return baseline === null
      ? md`There is nothing to compare with yet: ${isMerged ? "later changes are compared with this run" : "the first merge makes it"}`
      : md`Compared with ${shortCommit(baseline.commit)}`;
  if (baseline?.commit === policy.ref)
    return md`Judged by ${inlineName(policy.path)} and the baseline at ${shortCommit(policy.ref)}`;
  const against = baseline === null ? md`without a baseline` : md`against ${shortCommit(baseline.commit)}`;
  return md`Judged by ${inlineName(policy.path)} at ${shortCommit(policy.ref)}, ${against}`;
}

function describeParts(
  { head, judged, policy, baseline, changes }: Verdict,
  commit: (sha: string) => Markdown,
): readonly Markdown[] {
  const what = head === judged ? commit(head) : md`${commit(head)}, as the test merge ${commit(judged)}`;
  return [
    md`Measured: ${what}`,
    ...(policy === null ? [] : [md`Rules: ${inlineName(policy.path)} at ${commit(policy.ref)}`]),
    ...(baseline === null ? [] : [md`Baseline: ${commit(baseline.commit)} from ${baseline.source}`]),
    ...describeChanges(changes),
  ];
}

/** What else differs from the baseline's training: `torch 2.10.0 → 2.11.0, 1.4 kWh`. */
function describeChanges(changes: Verdict["changes"]): readonly Markdown[] {
  if (changes === undefined) return [];
  const { environment = [], params = [], commitsBehind = 0 } = changes;
  const lists = [
    { title: md`Parameters and data`, list: params },
    { title: md`Training, against the baseline's`, list: environment },
  ];
  return [
    ...lists.flatMap(({ title, list }) => (list.length === 0 ? [] : [md`${title}: ${listChanges(list, MAX_CHANGES)}`])),
    ...(commitsBehind === 0
      ? []
      : [md`Merged with a base that is ${formatCount(commitsBehind, "commit")} behind its branch`]),
  ];
}

const MAX_CHANGES = 20;
const MAX_OPEN_CHANGES = 4;

/** In one line, for everybody: what may explain the difference. */
export function changedLine({ changes }: Pick<Verdict, "changes">): Markdown | undefined {
  const { params = [], data } = changes ?? {};
  const parts = [
    ...(data === true ? [md`other data`] : []),
    ...(params.length > 0 ? [listChanges(params, MAX_OPEN_CHANGES)] : []),
  ];
  return parts.length === 0 ? undefined : md`**Changed:** ${joinMarkdown(parts, ", ")}.`;
}

function listChanges(list: readonly Change[], most: number): Markdown {
  const more = list.length > most ? [md`${list.length - most} more`] : [];
  return joinMarkdown([...list.slice(0, most).map(describeChange), ...more], ", ");
}

function describeChange({ name, before, after }: Change): Markdown {
  if (before === null) return md`${inlineName(name)} ${after ?? ""}`;
  return after === null ? md`${inlineName(name)} ${before} → none` : md`${inlineName(name)} ${before} → ${after}`;
}

type Change = NonNullable<NonNullable<Verdict["changes"]>["environment"]>[number];
