import { readFileSync } from "node:fs";

/** The kernel counts processor time in hundredths of a second (USER_HZ on every Linux that Node runs on). */
const TICK_MICROS = 10_000;

/** After the command's name, which may contain spaces: utime is field 14 of the line, stime 15 (proc(5)). */
const UTIME_AFTER_NAME = 11;

/** Processor time that a process has used, user and system; null where there is no /proc. */
export function cpuMicrosOf(pid: number | undefined): number | null {
  if (process.platform !== "linux" || pid === undefined) return null;
  const line = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[UTIME_AFTER_NAME]) + Number(fields[UTIME_AFTER_NAME + 1])) * TICK_MICROS;
}
