import { parseConfig, type Env } from "../config.ts";
import { hookToken } from "../keys/hook-mac.ts";
import type { Job } from "./job.ts";

/** Where WaveSpeed reports this job; null: it is polled only. */
export function hookAddress({ id, mode }: Pick<Job, "id" | "mode">, env: Env): string | null {
  const { publicUrl, secrets } = parseConfig(env);
  if (publicUrl === null || mode === "test") return null;
  return `${publicUrl}/hooks/wavespeed/${id}?t=${hookToken(id, secrets)}`;
}
