import { describe, expect, test } from "vitest";
import { parseOptions } from "../../scripts/start/options.ts";
import { chooseUpstream } from "../../scripts/start/upstream.ts";
import { gatewayVariables } from "../../scripts/start/variables.ts";

const options = (args: string[], env: Record<string, string> = {}) => parseOptions(args, env, "/repo");
const upstream = (env: Record<string, string>) => chooseUpstream(env, { port: 8787, simulatorPort: 8788 });

describe("flags and ports", () => {
  test("default to the documented ports and a state inside the repository", () => {
    expect(options([])).toEqual({
      stateDir: "/repo/.wrangler/wavegate",
      fresh: false,
      json: false,
      help: false,
      port: 8787,
      simulatorPort: 8788,
    });
  });

  test("are taken as given", () => {
    const given = options(["--state", "/tmp/s", "--fresh", "--json"], {
      PORT: "1",
      SIMULATOR_PORT: "65535",
    });
    expect(given).toMatchObject({
      stateDir: "/tmp/s",
      fresh: true,
      json: true,
      port: 1,
      simulatorPort: 65_535,
    });
  });

  test.each([
    [["--nope"], {}, "--nope"],
    [["extra"], {}, "extra"],
    [["--state", " "], {}, '--state: a directory is needed, got " "'],
    [[], { PORT: "87x" }, 'PORT: an integer from 1 to 65535 is needed, got "87x"'],
    [[], { PORT: "0" }, 'PORT: an integer from 1 to 65535 is needed, got "0"'],
    [[], { SIMULATOR_PORT: "70000" }, 'SIMULATOR_PORT: an integer from 1 to 65535 is needed, got "70000"'],
    [[], { PORT: "4000", SIMULATOR_PORT: "4000" }, "PORT and SIMULATOR_PORT: must differ, both are 4000"],
  ])("%j with %j is refused with the rule and the value", (args, env, message) => {
    expect(() => options(args, env)).toThrow(message);
  });
});

describe("the WaveSpeed that live jobs go to", () => {
  test("is the simulator when none is named", () => {
    expect(upstream({})).toEqual({
      baseUrl: "http://localhost:8788",
      apiKey: "sim_local",
      publicUrl: "http://localhost:8787",
      simulatorPort: 8788,
    });
  });

  test("on loopback reaches us by webhook", () => {
    expect(upstream({ WAVESPEED_BASE_URL: "http://127.0.0.1:9/", WAVESPEED_API_KEY: "k" })).toEqual({
      baseUrl: "http://127.0.0.1:9",
      apiKey: "k",
      publicUrl: "http://localhost:8787",
      simulatorPort: null,
    });
  });

  test("elsewhere cannot reach this machine, unless PUBLIC_URL says how", () => {
    const real = { WAVESPEED_BASE_URL: "https://api.wavespeed.ai", WAVESPEED_API_KEY: "k" };
    expect(upstream(real).publicUrl).toBe("");
    expect(upstream({ ...real, PUBLIC_URL: "https://me.example" }).publicUrl).toBe("https://me.example");
  });

  test.each([
    [{ WAVESPEED_BASE_URL: "http://127.0.0.1:9" }, "WAVESPEED_BASE_URL is set but WAVESPEED_API_KEY is not"],
    [{ WAVESPEED_API_KEY: "k" }, "WAVESPEED_API_KEY is set but WAVESPEED_BASE_URL is not"],
    [{ WAVESPEED_BASE_URL: "ftp://x", WAVESPEED_API_KEY: "k" }, 'address is needed, got "ftp://x"'],
  ])("%j is refused", (env, message) => {
    expect(() => upstream(env)).toThrow(message);
  });
});

test("webhooks may go to this machine, unless the environment says false", () => {
  const allowed = (env: Record<string, string>) =>
    gatewayVariables(env, upstream({}), "1:00")["WEBHOOK_ALLOW_LOOPBACK"];
  expect(allowed({})).toBe("true");
  expect(allowed({ WEBHOOK_ALLOW_LOOPBACK: "false" })).toBe("false");
});
