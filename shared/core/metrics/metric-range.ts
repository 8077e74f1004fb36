/** Whether a metric lies between 0 and 1 by its definition, by the last words of its name. */

const BOUNDED = new Set(
  `accuracy acc precision prec recall sensitivity specificity tpr tnr fpr fnr fdr ppv npv f1 f1score f2 f2score f05 fbeta
  auc rocauc aucroc auroc prauc aucpr auprc averageprecision ap map ndcg mrr hitrate iou miou dice dicescore jaccard ssim bleu rouge1
  rouge2 rougel brier brierscore ece hammingloss errorrate zerooneloss passrate winrate successrate exactmatch em
  balancedaccuracy top1accuracy top5accuracy top1 top5`.split(/\s+/),
);

/** By its name alone: a tool may write percent, so the values must lie there, too. */
export function isBetween0And1(name: string): boolean {
  const words = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  return words.some((_, at) => BOUNDED.has(words.slice(at).join("")));
}
