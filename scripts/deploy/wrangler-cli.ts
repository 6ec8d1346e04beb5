import { spawn } from "node:child_process";
import { join } from "node:path";

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the pinned wrangler with no terminal to ask questions on; `show` passes its words on. */
export function runWrangler(root: string, args: readonly string[], show: boolean): Promise<Ran> {
  const child = spawn(process.execPath, [join(root, "node_modules/wrangler/bin/wrangler.js"), ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      CI: "1",
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_HIDE_BANNER: "true",
    },
  });
  const ran = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      ran[name] += text;
      if (show) process[name].write(text);
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, ...ran }));
  });
}

/** As `runWrangler`, but a failure ends the deploy and names the command. */
export async function mustRun(root: string, args: readonly string[], show: boolean): Promise<string> {
  const { code, stdout, stderr } = await runWrangler(root, args, show);
  if (code === 0) return stdout;
  const said = show ? "" : `:\n${stderr || stdout}`;
  throw new Error(`wrangler ${args.join(" ")} failed with code ${code}${said}`);
}
