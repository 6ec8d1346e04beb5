import { readFileSync } from "node:fs";

/** Megabytes of memory that a process has in use (VmRSS of proc(5)); null where there is no /proc. */
export function residentMegabytes(pid: number | undefined): number | null {
  if (process.platform !== "linux" || pid === undefined) return null;
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) / 1_024;
}
