/** Entry of the threads that check pieces of large files. */
import { parentPort, workerData } from "node:worker_threads";
import { servePieces } from "../../shared/adapters/data/threads/piece-worker.ts";

if (parentPort !== null) servePieces(workerData, parentPort);
