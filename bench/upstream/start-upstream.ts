import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { FakeOptions } from "./fake-wavespeed.ts";

export interface Upstream {
  url: string;
  /** What it would charge for all its tasks. */
  bill(): Promise<{ tasks: number; micros: number }>;
  end(): void;
}

/** The fake WaveSpeed in a process of its own. */
export async function startUpstream(options: FakeOptions): Promise<Upstream> {
  const child = fork(join(import.meta.dirname, "serve.ts"), { execArgv: [] });
  const listening = once(child, "message");
  child.send(options);
  const [port] = (await listening) as [number];
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    bill: async () => {
      const { data } = (await (await fetch(`${url}/bill`)).json()) as { data: { tasks: number; micros: number } };
      return data;
    },
    end: () => void child.kill("SIGKILL"),
  };
}

/** What makes `npm start` send its live jobs there. */
export const upstreamEnv = ({ url }: Upstream): Record<string, string> => ({
  WAVESPEED_BASE_URL: url,
  WAVESPEED_API_KEY: "fake_account_key",
});
