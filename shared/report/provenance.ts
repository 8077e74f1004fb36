/** The last line of a report: what was judged, by which rules, against what, and where to read on. */
import type { ReportRecords } from "../core/gate/assert-consistent.ts";
import type { Verdict } from "../records/verdict.ts";
import { dataProvenance } from "./data-findings.ts";
import type { ReportContext } from "./decision.ts";
import { inlineName, joinMarkdown, link, type Markdown, md, shortHash } from "./markdown.ts";

/** Which commit was judged, by which policy, against which baseline. */
export function provenance(
  { verdict, data }: ReportRecords,
  { runUrl, repositoryUrl, head, isAdvisory = false }: ReportContext,
): Markdown {
  const commit = (sha: string): Markdown =>
    link(shortHash(sha), repositoryUrl === undefined ? undefined : `${repositoryUrl}/commit/${sha}`);
  const what = verdict ? [describeJudgement(verdict, commit)] : head === undefined ? [] : [md`About ${commit(head)}`];
  const parts = [
    ...what,
    ...(verdict === undefined && data ? [dataProvenance(data)] : []),
    ...(isAdvisory ? [md`advisory: the change could edit its own judgement`] : []),
    ...changesLink(verdict, repositoryUrl),
    ...(runUrl === undefined ? [] : [link(md`job summary`, runUrl)]),
  ];
  return md`<sub>${joinMarkdown(parts, " · ")}</sub>`;
}

/** What lies between the two: the reason for the difference is somewhere in it. */
function changesLink(verdict: Verdict | undefined, repositoryUrl: string | undefined): readonly Markdown[] {
  if (!verdict?.baseline || repositoryUrl === undefined) return [];
  return [link(md`changes since then`, `${repositoryUrl}/compare/${verdict.baseline.commit}...${verdict.head}`)];
}

function describeJudgement({ head, judged, policy, baseline }: Verdict, commit: (sha: string) => Markdown): Markdown {
  const what = head === judged ? commit(head) : md`${commit(head)} (test merge ${commit(judged)})`;
  if (policy === null) {
    return baseline === null
      ? md`Measured ${what}; there is nothing to compare with yet: the first merge makes it`
      : md`Compared ${what} with ${commit(baseline.commit)} from ${baseline.source}`;
  }
  const against =
    baseline === null ? md`without a baseline` : md`against ${commit(baseline.commit)} from ${baseline.source}`;
  return md`Judged ${what} by ${inlineName(policy.path)} at ${commit(policy.ref)}, ${against}`;
}
