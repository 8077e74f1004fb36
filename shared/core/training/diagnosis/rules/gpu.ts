/** GPUs: memory, faults of the program, hardware, drivers, and processes that lose each other. */
import { inError, inLine, type Rule } from "../rule.ts";

const FIX_ASYNCHRONOUS =
  "Run it with CUDA_LAUNCH_BLOCKING=1 to see which call it was; if it comes with any call, suspect the GPU";

export const GPU_RULES: readonly Rule[] = [
  // Hardware first: CUDA reports it in the same form as faults of a program.
  inLine("hardware", /uncorrectable ECC error|CUDA_ERROR_ECC_UNCORRECTABLE/i),
  inLine("hardware", /GPU has fallen off the bus|GPU is lost\. Reboot|CUDA error: GPU is lost/i),
  inLine("hardware", /hardware stack error|NVLink uncorrectable|uncorrectable NVLink error/i),

  inLine("gpu-oom", /\bCUDA out of memory\. Tried to allocate|\bHIP out of memory\. Tried to allocate/),
  inError("gpu-oom", /^(?:torch\.)?(?:cuda\.)?OutOfMemoryError: /),
  inLine("gpu-oom", /CUDA error: out of memory|CUDA_ERROR_OUT_OF_MEMORY|cudaErrorMemoryAllocation/),
  inLine("gpu-oom", /RESOURCE_EXHAUSTED: (?:Out of memory|Failed to allocate)/),
  inLine("gpu-oom", /OOM when allocating tensor with shape/),
  inError("gpu-oom", /MPS backend out of memory|XPU out of memory/),
  inError("gpu-oom", /CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_ALLOC_FAILED|CUSOLVER_STATUS_ALLOC_FAILED/, {
    confidence: "medium",
  }),
  inError("gpu-oom", /cupy\.cuda\.memory\.OutOfMemoryError/),

  inLine("gpu-fault", /CUDA error: (?:an illegal memory access was encountered|misaligned address)/),
  inLine("gpu-fault", /CUDA_ERROR_(?:ILLEGAL_ADDRESS|MISALIGNED_ADDRESS|ASSERT)\b/),
  inLine("gpu-fault", /device-side assert triggered/),
  inLine("gpu-fault", /CUDA error: an illegal instruction was encountered/),
  inError("gpu-fault", /CUDA error: unspecified launch failure|CUDA_ERROR_LAUNCH_FAILED/, {
    ...{ confidence: "medium", fix: FIX_ASYNCHRONOUS },
  }),
  inError("gpu-fault", /CUBLAS_STATUS_(?:EXECUTION_FAILED|INTERNAL_ERROR)|CUDNN_STATUS_EXECUTION_FAILED/, {
    ...{ confidence: "medium", fix: FIX_ASYNCHRONOUS },
  }),

  inError("gpu-busy", /CUDA-capable device\(s\) is\/are busy or unavailable|CUDA_ERROR_DEVICE_UNAVAILABLE/),

  inLine("driver", /CUDA driver version is insufficient for CUDA runtime version/),
  inError("driver", /The NVIDIA driver on your system is too old/),
  inError("driver", /Found no NVIDIA driver on your system/),
  inLine("driver", /Driver\/library version mismatch/, {
    fix: "Reboot the runner: its driver was updated while the old one was loaded",
  }),
  inLine("driver", /NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver/),
  inError("driver", /no kernel image is available for execution on the device/, {
    fix: "Install a build of the framework for this GPU's compute capability",
  }),
  inError("driver", /the provided PTX was compiled with an unsupported toolchain/),
  inError("driver", /forward compatibility was attempted on non supported HW/),
  inError("driver", /system not yet initialized|CUDA_ERROR_SYSTEM_NOT_READY/, {
    fix: "Start the fabric manager of the runner (nvidia-fabricmanager), of the driver's own version",
  }),
  inError("driver", /libcuda\.so(?:\.1)?: cannot open shared object file/),
  inError("driver", /Torch not compiled with CUDA enabled|Distributed package doesn't have NCCL built in/, {
    fix: "Install a build of the framework with CUDA",
  }),
  inError("driver", /No CUDA GPUs are available|no CUDA-capable device is detected|CUDA_ERROR_NO_DEVICE/),
  inError("driver", /CUDA error: invalid device ordinal/, {
    fix: "Ask for no more GPUs than CUDA_VISIBLE_DEVICES names",
  }),

  inLine("collective", /Watchdog caught collective operation timeout/),
  inError("collective", /\bNCCL error in: |ncclSystemError|ncclRemoteError|ncclInternalError|ncclUnhandledCudaError/),
  inError("collective", /gloo\/transport\/\S+\] (?:Connection closed by peer|Timed out waiting|Connection reset)/),
  inError("collective", /^(?:torch\.distributed\.)?Dist(?:Backend|Network|Store)?Error: /),
  inError("collective", /The client socket has (?:timed out|failed to connect)/),
  inError("collective", /client\(s\) joined\. |RendezvousTimeoutError|Timed out after \d+ seconds waiting for clients/),
];
