/** The thread that checks pieces of a file. */
import type { MessagePort } from "node:worker_threads";
import { firstLineOfPiece } from "../../../core/data/checked-part.ts";
import { addRules } from "../../../core/data/compile-contract.ts";
import { CsvScan } from "../../../core/data/scan/csv-scan.ts";
import { openSpillFile } from "../spill-file.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./messages.ts";

export function servePieces(start: WorkerStart, port: MessagePort): void {
  const { contract, names, spillDescriptor, memoryPerColumn } = start;
  const scan = new CsvScan(addRules(contract), { spill: { file: openSpillFile(spillDescriptor), memoryPerColumn } });
  scan.openPart(names);
  const send = (message: FromWorker, transferred: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, [...transferred]);
  port.on("message", (message: ToWorker) => {
    if (message.kind === "piece") {
      const { piece, buffer, length, isLast } = message;
      const lines = scan.checkPiece(new Uint8Array(buffer, 0, length), firstLineOfPiece(piece), isLast);
      send({ kind: "checked", piece, lines, buffer }, [buffer]);
    } else {
      send({ kind: "finished", part: scan.part });
      port.close();
    }
  });
}
