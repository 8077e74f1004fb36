/**
 * Metrics whose better direction is beyond dispute, by the last words of their names: `val_roc_auc` ends with `roc auc`.
 * Left out is what depends on the use, such as a number of parameters, a threshold or a plain "score".
 */

const HIGHER = `
  accuracy; acc; acc norm; balanced accuracy; top 1; top 5; top 1 accuracy; top 5 accuracy; prec; precision; recall; sensitivity;
  specificity; tpr; tnr; ppv; npv; true positive rate; true negative rate; f1; f1 score; f1 micro; f1 macro; f1 weighted; f2;
  f2 score; f0.5; fbeta; fbeta score; f measure; g mean; youden j; auc; roc auc; auc roc; auroc; pr auc; auc pr; auprc; aucpr;
  average precision; ap; ap 50; ap 75; map; map 50; map 75; map 50 95; mean average precision; mar; average recall;
  ndcg; dcg; mrr; mean reciprocal rank; hit rate; hits; hr; r precision; r2; r2 score; adjusted r2; d2 score;
  explained variance; pearson; pearsonr; pearson r; spearman; spearmanr; spearman rho; kendall tau; kendalltau; correlation; corr;
  ccc; mcc; matthews corrcoef; matthews correlation coefficient; kappa; cohen kappa; quadratic kappa; qwk; jaccard; iou; miou;
  mean iou; dice; dice score; dice coefficient; panoptic quality; pq; pck; oks; mota; hota; idf1; psnr; ssim; ms ssim;
  inception score; clip score; clipscore; bleu; bleu 1; bleu 4; sacrebleu; rouge 1; rouge 2; rouge l; rouge lsum; meteor; chrf;
  chrf++; comet; bleurt; bertscore; bert score; cider; spice; exact match; em; squad f1; pass; pass rate; win rate; elo;
  success rate; success; solve rate; resolved; resolve rate; completion rate; reward; mean reward; episode reward; episode return;
  ep rew mean; return; mc1; mc2; faithfulness; groundedness; answer relevancy; answer relevance; answer correctness;
  context precision; context recall; context relevancy; helpfulness; harmlessness; truthfulness; instruction following;
  silhouette; silhouette score; calinski harabasz; calinski harabasz score; homogeneity; completeness; v measure;
  adjusted rand; adjusted rand score; ari; nmi; ami; fowlkes mallows; purity; log likelihood; loglikelihood; elbo; gini; lift;
  concordance index; c index; qini; auuc; nse; kge; pesq; stoi; sdr; si sdr; sisdr; mos; utmos; tm score; gdt ts; lddt; plddt;
  throughput; tokens per second; tokens per sec; samples per second; images per second; steps per second; examples per second;
  requests per second; rows per second; qps; rps; fps; tflops; mfu; goodput; gpu utilization; cache hit rate; availability
`;

const LOWER = `
  loss; losses; mae; mean absolute error; mse; mean squared error; rmse; root mean squared error; nrmse; mape;
  mean absolute percentage error; smape; wape; wmape; mase; rmsse; msle; rmsle; medae; median absolute error; max error;
  error; err; error rate; errors; misclassification rate; nll; negative log likelihood; cross entropy; ce; bce; xent; log loss;
  logloss; hinge; huber; pinball; crps; deviance; perplexity; ppl; word perplexity; byte perplexity; bits per byte; bpb; bpc;
  bits per character; brier; brier score; ece; mce; ace; calibration error; wer; cer; ter; per; mer; wil; der; eer; min dcf;
  fid; kid; fvd; lpips; niqe; brisque; fpr; fnr; fdr; false positive rate; false negative rate; false discovery rate; miss rate;
  false alarm rate; far; frr; latency; latency p50; latency p90; latency p95; latency p99; p50 latency; p95 latency; p99 latency;
  response time; ttft; time to first token; tpot; itl; inference time; prediction time; runtime; duration; elapsed; train time;
  training time; wall time; epoch time; step time; memory; memory usage; peak memory; gpu memory; vram; model size; cost; price;
  energy; power; emissions; carbon; co2; toxicity; toxicity rate; hallucination rate; hallucinations; attack success rate;
  jailbreak rate; violation rate; aic; bic; davies bouldin; davies bouldin score; inertia; hamming loss; zero one loss;
  coverage error; edit distance; levenshtein; chamfer distance; hausdorff distance; hausdorff; hd95; assd; asd; epe;
  endpoint error; nme; ade; fde; ate; rpe; id switches; idsw; absrel; sqrel; psi; kl; kl divergence; kld; js divergence; mmd;
  wasserstein; wasserstein distance; earth mover distance; drift; demographic parity difference; equalized odds difference;
  statistical parity difference; disparity; regret; overfit; rejection rate; drop rate; failure rate; timeout rate; staleness
`;

const parse = (list: string): readonly string[] =>
  list
    .split(";")
    .map((name) => name.trim().replaceAll(/[\s]+/g, ""))
    .filter((name) => name !== "");

/** By the words of the name, written together. */
export const KNOWN_DIRECTIONS: ReadonlyMap<string, "higher" | "lower"> = new Map([
  ...parse(HIGHER).map((name) => [name, "higher"] as const),
  ...parse(LOWER).map((name) => [name, "lower"] as const),
]);
