/** What the machine says and what the training uses of it, for as long as it runs. */
import { availableParallelism } from "node:os";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { readKernelMessages, readUptime } from "../../shared/adapters/machine/kernel-messages.ts";
import { readOomKills } from "../../shared/adapters/machine/oom-kills.ts";
import { probePython } from "../../shared/adapters/machine/probe-python.ts";
import { readChildSeconds } from "../../shared/adapters/machine/process-usage.ts";
import { readGpus } from "../../shared/adapters/machine/read-gpus.ts";
import { findProgram } from "../../shared/adapters/process/find-program.ts";
import type { MachineFacts } from "../../shared/core/training/preflight/machine-facts.ts";
import { type PythonEnvironment, versionsOf } from "../../shared/core/training/python-environment.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";
import type { MachineProbe } from "./describe-machine.ts";
import { type GpuSampler, sampleGpus } from "./sample-gpus.ts";
import { type ProcessSampler, sampleProcesses } from "./sample-processes.ts";

/** What is known at the end. */
export interface MachineReport {
  readonly oomKills: number | null;
  readonly kernelMessages: readonly string[];
  readonly idleGpuSeconds: number | null;
  readonly recoveryActions: readonly string[];
  readonly resources: NonNullable<TrainingRecord["resources"]>;
  /** Of the interpreter that the training ran in. */
  readonly versions: Readonly<Record<string, string>>;
  readonly packages: Readonly<Record<string, string>> | undefined;
}

export interface MachineWatch {
  /** @param leader the first process of the training's group */
  readonly started: (leader: number) => void;
  /** One line for each GPU. */
  readonly load: () => readonly string[];
  /** How a training ended decides what is worth asking: after a cancellation, there is no time. */
  readonly end: (how: "success" | "failure" | "cancelled") => Promise<MachineReport>;
}

/** How long a driver may take to answer for the first time, in milliseconds. */
const DRIVER_PATIENCE = 60_000;

/** @param env where tools are found */
export function watchMachine(probe: MachineProbe, env: NodeJS.ProcessEnv): MachineWatch {
  const before = Promise.all([readOomKills(), readUptime(), readChildSeconds()]);
  let isOver = false;
  let smi: string | undefined;
  let gpus: GpuSampler | undefined;
  const startGpus = async (): Promise<void> => {
    const { devices } = (await probe.within(DRIVER_PATIENCE)).facts;
    smi = devices.length === 0 ? undefined : await findProgram("nvidia-smi", env["PATH"]);
    if (smi !== undefined && !isOver) gpus = sampleGpus(smi, devices, env);
  };
  // Not waited for: the training begins whatever the driver does.
  void startGpus();
  let processes: ProcessSampler | undefined;
  return {
    started(leader) {
      processes ??= sampleProcesses(leader);
    },
    load: () => gpus?.usage()?.describe() ?? [],
    async end(how) {
      const seconds = await readChildSeconds();
      isOver = true;
      gpus?.stop();
      const { facts } = probe.soFar();
      const [killsBefore, startedAt, secondsBefore] = await before;
      const used = processes?.stop();
      const usage = gpus?.usage();
      const python = how === "cancelled" || used?.python === undefined ? undefined : await probePython(used.python);
      const resources = {
        ...{ gpus: [], energyJoules: null, ...usage?.summarise(digestOf) },
        ...describeDriver(facts),
        cpus: availableParallelism(),
        ...(seconds !== null && secondsBefore !== null && { cpuSeconds: Math.max(0, seconds - secondsBefore) }),
        ...(facts.memory !== null && { memoryBytes: facts.memory }),
        ...(used && used.peakBytes > 0 && { memoryPeakBytes: used.peakBytes }),
        ...(facts.diskFree !== null && { diskFreeBytes: facts.diskFree }),
        ...(usage && { intervalSeconds: 1 }),
      };
      const memory = used?.curve ?? [];
      const curves = [...(usage?.summarise(digestOf).curves ?? []), ...memory];
      return {
        ...(await readSigns(how === "failure", { killsBefore, startedAt, smi, facts })),
        idleGpuSeconds: usage?.idleSeconds ?? null,
        resources: { ...resources, ...(curves.length > 0 && { curves }) },
        ...describePython(python),
      };
    },
  };
}

function describeDriver({ devices, cuda }: MachineFacts): { readonly driver?: string; readonly cuda?: string } {
  const driver = devices[0]?.gpu.driver ?? null;
  return { ...(driver !== null && { driver }), ...(cuda !== null && { cuda }) };
}

const describePython = (python: PythonEnvironment | undefined): Pick<MachineReport, "versions" | "packages"> => ({
  versions: python === undefined ? {} : versionsOf(python),
  packages: python?.packages,
});

interface Before {
  readonly killsBefore: number | null;
  readonly startedAt: number | null;
  readonly smi: string | undefined;
  readonly facts: MachineFacts;
}

/** Why a training may have failed; nobody asks about another one. */
async function readSigns(
  failed: boolean,
  { killsBefore, startedAt, smi, facts }: Before,
): Promise<Pick<MachineReport, "oomKills" | "kernelMessages" | "recoveryActions">> {
  if (!failed) return { oomKills: null, kernelMessages: [], recoveryActions: [] };
  const [kills, kernelMessages, now] = await Promise.all([
    readOomKills(),
    startedAt === null ? [] : readKernelMessages(startedAt),
    readGpus(smi),
  ]);
  return {
    oomKills: kills === null || killsBefore === null ? null : Math.max(0, kills - killsBefore),
    kernelMessages,
    recoveryActions: facts.devices.flatMap(({ gpu }) => {
      const later = now.gpus.find(({ index }) => index === gpu.index)?.recoveryAction ?? null;
      return later === null || later === gpu.recoveryAction ? [] : [later];
    }),
  };
}
