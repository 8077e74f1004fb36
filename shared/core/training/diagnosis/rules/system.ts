/** The machine: memory, disk, limits, commands, packages, credentials, the network. */
import { inError, inLine, type Rule } from "../rule.ts";

export const SYSTEM_RULES: readonly Rule[] = [
  inLine("shared-memory", /out of shared memory\. Please try to raise your shared memory limit/),
  inError("shared-memory", /unable to (?:open|write|mmap).{0,80}<\/torch_\w+>|unable to allocate shared memory/),
  inError("shared-memory", /\bwrite to file <\/torch_|No space left on device.{0,20}\/dev\/shm/),

  inError("host-oom", /DefaultCPUAllocator: (?:can't allocate memory|not enough memory)/),
  inError("host-oom", /^(?:numpy\.)?(?:\w+\.)*_?(?:Array)?MemoryError(?:: |$)/),
  inError("host-oom", /\[Errno 12\] Cannot allocate memory|std::bad_alloc/),
  inLine("host-oom", /JavaScript heap out of memory/, {
    fix: "Give Node more with --max-old-space-size, or load less at once",
  }),
  inLine("host-oom", /java\.lang\.OutOfMemoryError/, { fix: "Give the JVM more with -Xmx, or load less at once" }),
  inError("host-oom", /^terminate called after throwing an instance of 'std::bad_alloc'/),

  inLine("disk-full", /\bNo space left on device\b/),
  inLine("disk-full", /\[Errno 122\] Disk quota exceeded|: Disk quota exceeded$/),
  inError("disk-full", /PytorchStreamWriter failed writing file/, { confidence: "medium" }),

  inLine("limit", /\[Errno 24\] Too many open files|: Too many open files$/, {
    fix: 'Raise the limit with "ulimit -n 65536" before the command, or use fewer workers',
  }),
  inError("limit", /received 0 items of ancdata/, {
    fix: 'Raise the limit with "ulimit -n 65536", or call torch.multiprocessing.set_sharing_strategy("file_system")',
  }),
  inError("limit", /can't start new thread|Resource temporarily unavailable/, { confidence: "medium" }),

  inError("import", /^ModuleNotFoundError: /),
  inError("import", /^ImportError: /),
  inError("import", /\.so[\d.]*: (?:cannot open shared object file|undefined symbol)/),
  inLine("import", /: error while loading shared libraries: /),
  inLine("import", /^Error: Cannot find module '|^Error \[ERR_MODULE_NOT_FOUND\]: /),
  inError("import", /numpy\.dtype size changed, may indicate binary incompatibility/, {
    fix: "Install builds of the packages that were made for the same version of NumPy",
  }),
  inError("import", /A module that was compiled using NumPy 1\.x cannot be run in/),

  inLine("command", /^\S*bash: (?:line \d+: )?[^:]{1,200}: command not found$/),
  inLine("command", /^\S+\.sh: line \d+: [^:]{1,200}: (?:command not found|Permission denied)$/),
  inLine("command", /^\S*bash: (?:line \d+: )?[^:]{1,200}: (?:No such file or directory|Permission denied)$/),
  inLine("command", /can't open file '[^']{1,300}': \[Errno 2\] No such file or directory$/),

  inError("auth", /HTTP Error 40[13]\b|\b40[13] Client Error\b/),
  inLine("auth", /^fatal: (?:Authentication failed for |could not read (?:Username|Password) for )/),
  inLine("auth", /^\S{0,80}: Permission denied \(publickey/),
  inError("auth", /GatedRepoError|Access to (?:model|dataset) \S+ is restricted|Invalid user token/),
  inError("auth", /Unable to locate credentials|NoCredentialsError|DefaultCredentialsError/),
  inError(
    "auth",
    /\((?:ExpiredToken|ExpiredTokenException|AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|403)\)/,
  ),
  inLine("auth", /^wandb: ERROR .{0,80}(?:api_key not configured|API key)/),
  inError("auth", /AuthenticationFailed|PermissionDenied: 403|Forbidden: 403/),

  inError("network", /Name or service not known|Temporary failure in name resolution|getaddrinfo failed/),
  inLine("network", /^fatal: unable to access '[^']{1,300}': (?:Could not resolve|Failed to connect|Connection)/),
  inError("network", /\[Errno 1(?:04|10|11|13)\]|Connection (?:refused|reset by peer|timed out)|Read timed out/),
  inError(
    "network",
    /Max retries exceeded with url|\b(?:429|50[0-4]) (?:Client|Server) Error\b|HTTP Error (?:429|50[0-4])/,
  ),

  inError("file-missing", /^FileNotFoundError: |^\S*: No such file or directory$/),
];
