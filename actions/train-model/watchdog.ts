/** Entry of the watchdog, which the action starts beside the training. */
import { runWatchdog } from "../../shared/adapters/process/run-watchdog.ts";

await runWatchdog();
