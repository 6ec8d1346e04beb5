import type { SimulatedAccount } from "./simulated-account.ts";
import type { Upload } from "./upload-store.ts";

/** Well under the 2 MB that one row may hold. */
const PART_BYTES = 1024 * 1024;

/** Writes a stream part by part; false, and nothing kept, unless it has exactly the ticket's size. */
export async function storeUpload(
  stub: DurableObjectStub<SimulatedAccount>,
  upload: Upload,
  stream: ReadableStream<Uint8Array> | null,
): Promise<boolean> {
  const pending = new Uint8Array(PART_BYTES);
  let filled = 0;
  let position = 0;
  let total = 0;
  const flush = async (): Promise<void> => {
    if (filled > 0) await stub.writePart(upload.id, position, pending.slice(0, filled));
    position += 1;
    filled = 0;
  };
  for await (const chunk of stream ?? []) {
    total += chunk.length;
    if (total > upload.size) break;
    for (let taken = 0; taken < chunk.length;) {
      const piece = chunk.subarray(taken, taken + PART_BYTES - filled);
      pending.set(piece, filled);
      filled += piece.length;
      taken += piece.length;
      if (filled === PART_BYTES) await flush();
    }
  }
  await flush();
  await stub.endUpload(upload.id, total === upload.size);
  return total === upload.size;
}

/** The stored bytes, read part by part as the client takes them. */
export function streamUpload(stub: DurableObjectStub<SimulatedAccount>, id: string): ReadableStream<Uint8Array> {
  let position = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = await stub.readPart(id, position);
      position += 1;
      if (part === null) controller.close();
      else controller.enqueue(part);
    },
  });
}
