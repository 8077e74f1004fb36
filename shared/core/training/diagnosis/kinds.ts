/** The kinds of failures: what each means, what to do, and whether another attempt can help. */
import type * as z from "zod";
import type { diagnosis } from "../../../records/resources.ts";

type RecordedDiagnosis = z.infer<typeof diagnosis>;

/** As the record has it, and what to do. */
export interface Diagnosis extends RecordedDiagnosis {
  readonly kind: DiagnosisKind;
  /** An imperative, without a full stop. */
  readonly fix: string;
}

export type DiagnosisKind = keyof typeof KINDS;

interface Kind {
  /** Completes "the training failed: …". */
  readonly message: string;
  readonly fix: string;
  readonly retry: RecordedDiagnosis["retry"];
}

const kind = (retry: Kind["retry"], message: string, fix: string): Kind => ({ retry, message, fix });

export const KINDS = {
  "gpu-oom": kind(
    "no",
    "a GPU ran out of memory",
    "Use a smaller batch, gradient accumulation or a lower precision, or a GPU with more memory; look for other processes on it",
  ),
  "host-oom": kind(
    "no",
    "the machine ran out of memory (RAM)",
    "Load less at once, use fewer data loader workers, or a machine with more memory",
  ),
  "shared-memory": kind(
    "no",
    "the shared memory (/dev/shm) of the data loader's workers is full",
    "Give the container more (`--shm-size` or `--ipc=host` in the job's container options), or use fewer workers",
  ),
  hardware: kind(
    "other-runner",
    "a GPU reported a hardware fault",
    "Run it on another machine, and have this one's GPU checked, or reset by its administrator, before it trains again",
  ),
  "gpu-fault": kind(
    "no",
    "the program made an invalid access on the GPU",
    "Run it with CUDA_LAUNCH_BLOCKING=1 to see which call it was; most often an index or a label is out of range",
  ),
  "gpu-busy": kind(
    "other-runner",
    "a GPU is used by another process, or not available",
    "End what is left of earlier jobs on this runner, or use another one",
  ),
  collective: kind(
    "once",
    "the processes lost each other (NCCL or Gloo)",
    "Look at the first process that failed; if none did, check the network between the machines and NCCL_SOCKET_IFNAME, and set NCCL_DEBUG=INFO",
  ),
  driver: kind(
    "other-runner",
    "the GPU's driver and the program do not fit together",
    "Install a build for the runner's CUDA version, or update its driver; a container needs the NVIDIA runtime and `--gpus`",
  ),
  divergence: kind(
    "no",
    "the training diverged: it computed numbers that are not finite",
    "Lower the learning rate, clip gradients, check the data for missing values, or use bfloat16 instead of float16",
  ),
  stall: kind(
    "once",
    "the training stopped making progress",
    "Look for a deadlock: data loader workers, a process that waits for another one, a download without a time limit; py-spy dump shows where it stands",
  ),
  "disk-full": kind(
    "no",
    "the disk is full",
    "Free space on the runner, keep fewer checkpoints, or write to a larger disk",
  ),
  limit: kind(
    "no",
    "a limit of the system for this process was reached",
    "Raise the limit (ulimit), or use fewer files, workers or threads",
  ),
  "data-mismatch": kind(
    "no",
    "the data does not fit the model: a shape, a type or a label is another one than expected",
    "Compare what the data has with what the model expects; check-data with a contract finds it before the training",
  ),
  "file-missing": kind(
    "no",
    "a file that the training needs is not there",
    "Fetch it before the training (checkout with lfs, dvc pull, a download step), or correct its path",
  ),
  import: kind(
    "no",
    "a package or library is missing, or is of another version than the code expects",
    "Install what the code needs before the training, from a lockfile",
  ),
  command: kind(
    "no",
    "the command could not be run",
    "Correct the program's name, install it on the runner, or make it executable",
  ),
  auth: kind(
    "no",
    "a service refused the credentials",
    "Give the step a credential that may read this (`env:` from a secret, or a cloud role by OIDC), and accept the model's or data set's terms",
  ),
  network: kind(
    "once",
    "a service could not be reached",
    "Try again; if it stays, check the runner's network, proxy and firewall, or fetch the files before the training",
  ),
  killed: kind(
    "once",
    "something outside the training ended it",
    "Ask who administers the runner: a job limit, another user, or the machine's shutdown",
  ),
  crash: kind(
    "no",
    "a native library crashed",
    "Set PYTHONFAULTHANDLER=1 to see where; most often two packages were built for different versions",
  ),
  exception: kind("no", "the program ended with an error", "Read its traceback in the log"),
} as const satisfies Readonly<Record<string, Kind>>;
