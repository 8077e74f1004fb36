/** The area under the ROC curve of both sides: DeLong's test, or by influences where cases have weights or clusters. */
import { type Inconclusive, inconclusive, isInconclusive } from "../inconclusive.ts";
import { compareAreas, findAreaInfluences } from "../ranking/delong.ts";
import { compareInfluences, isPlain, type SideBySide, type UsablePair } from "./side-by-side.ts";

export function compareScores(positive: string, usable: readonly UsablePair<number>[]): SideBySide | Inconclusive {
  if (usable.some(({ pair }) => pair.weight !== undefined)) {
    return inconclusive("not-supported", "an area under the curve of weighted cases is not compared");
  }
  const cases = {
    positive: usable.map(({ pair }) => pair.label === positive),
    candidate: usable.map(({ candidate }) => candidate),
    baseline: usable.map(({ baseline }) => baseline),
  };
  const areas = findAreaInfluences(cases);
  if (isInconclusive(areas)) return areas;
  const { candidate, baseline, influences } = areas;
  const result = isPlain(usable) ? compareAreas(cases) : compareInfluences(candidate - baseline, influences, usable, 1);
  return { candidate, baseline, result };
}
