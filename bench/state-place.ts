import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../scripts/start/options.ts";

/** Where a subject keeps its state: on a RAM disk no fsync takes time. */
export type Place = "disk" | "ram";

const RAM_DISK = "/dev/shm";

/** A new directory there. Whoever makes it removes it. */
export function makeStateDir(place: Place): string {
  if (place === "ram" && !existsSync(RAM_DISK)) {
    throw new UsageError(`--state: no RAM disk at ${RAM_DISK} (Linux has one); use --state disk`);
  }
  return mkdtempSync(join(place === "ram" ? RAM_DISK : tmpdir(), "wavegate-bench-"));
}

/** `--state disk|ram|both`. Throws a UsageError that names the rule. */
export function placesFlag(text: string): readonly Place[] {
  if (text === "both") return ["ram", "disk"];
  if (text === "disk" || text === "ram") return [text];
  throw new UsageError(`--state: disk, ram or both, got ${JSON.stringify(text)}`);
}
