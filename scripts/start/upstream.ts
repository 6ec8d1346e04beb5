import { UsageError, type StartOptions, type Variables } from "./options.ts";

export interface Upstream {
  baseUrl: string;
  apiKey: string;
  /** Where WaveSpeed sends webhooks; empty: nowhere, the gateway polls. */
  publicUrl: string;
  /** null: live jobs go elsewhere, so the simulator gets no port (sandbox keys reach it by its binding). */
  simulatorPort: number | null;
}

/** The key that the simulator's live account answers to. */
const SIMULATOR_API_KEY = "sim_local";

/**
 * Which WaveSpeed live jobs go to. Both WAVESPEED_BASE_URL and WAVESPEED_API_KEY: that one.
 * Neither: the simulator. One alone is refused, since a guess could send a key to the wrong host.
 */
export function chooseUpstream(env: Variables, ports: Pick<StartOptions, "port" | "simulatorPort">): Upstream {
  const baseUrl = env["WAVESPEED_BASE_URL"] || undefined;
  const apiKey = env["WAVESPEED_API_KEY"] || undefined;
  if ((baseUrl === undefined) !== (apiKey === undefined)) {
    const [given, missing] = baseUrl
      ? ["WAVESPEED_BASE_URL", "WAVESPEED_API_KEY"]
      : ["WAVESPEED_API_KEY", "WAVESPEED_BASE_URL"];
    throw new UsageError(`${given} is set but ${missing} is not: set both (a WaveSpeed) or neither (the simulator)`);
  }
  if (!baseUrl || !apiKey) {
    return {
      baseUrl: `http://localhost:${ports.simulatorPort}`,
      apiKey: SIMULATOR_API_KEY,
      publicUrl: env["PUBLIC_URL"] || `http://localhost:${ports.port}`,
      simulatorPort: ports.simulatorPort,
    };
  }
  const url = parseBaseUrl(baseUrl);
  const reachesUs = isLoopback(url.hostname) ? `http://localhost:${ports.port}` : "";
  return {
    baseUrl: url.href.replace(/\/+$/, ""),
    apiKey,
    publicUrl: env["PUBLIC_URL"] || reachesUs,
    simulatorPort: null,
  };
}

function parseBaseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== "https:" && url?.protocol !== "http:") {
    throw new UsageError(`WAVESPEED_BASE_URL: an http or https address is needed, got ${JSON.stringify(text)}`);
  }
  return url;
}

const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || hostname.startsWith("127.");
