import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** CHROMIUM, or the first of its usual names that is on the path. */
export function findChromium(): string {
  const names = process.env["CHROMIUM"] ?? "chromium chromium-browser google-chrome";
  for (const name of names.split(" ")) {
    try {
      return execFileSync("/bin/sh", ["-c", `command -v "${name}"`], { encoding: "utf8" }).trim();
    } catch {
      continue;
    }
  }
  throw new Error(`the browser tests need ${names}: apt-get install chromium, or set CHROMIUM to its path`);
}

/** A page opened in a browser without a window and with a profile of its own; `close` ends all of it. */
export function openPage(url: string): { close(): void } {
  const profile = mkdtempSync(join(tmpdir(), "wavegate-browser-"));
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"];
  // No other host can be reached, whatever the browser itself would like to ask.
  const offline = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"];
  const browser = spawn(findChromium(), [...flags, ...offline, `--user-data-dir=${profile}`, url], {
    stdio: "ignore",
    detached: true,
  });
  return {
    close() {
      if (browser.pid !== undefined) process.kill(-browser.pid, "SIGKILL");
      rmSync(profile, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}
