import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface EvaluatedAlone {
  compileMs: number;
  evaluateMs: number;
}

/**
 * What compiling a Worker's code takes, and what evaluating it does, told apart: in a new process of Node, whose engine is
 * workerd's, because workerd's clock stands still while a module is evaluated.
 */
export function evaluateAlone(code: string): EvaluatedAlone {
  const dir = mkdtempSync(join(tmpdir(), "wavegate-bench-"));
  try {
    const file = join(dir, "worker.js");
    writeFileSync(file, code);
    const child = join(import.meta.dirname, "evaluate-once.ts");
    const flags = ["--no-warnings", "--experimental-vm-modules", child, file];
    return JSON.parse(execFileSync(process.execPath, flags, { encoding: "utf8" })) as EvaluatedAlone;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
