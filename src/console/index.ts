export { consoleApp } from "./console-app.ts";
export type { ConsoleEnv } from "./console-env.ts";
export type { OpenApi } from "./pages/reference/open-api.ts";
