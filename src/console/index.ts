export { consoleApp } from "./console-app.ts";
export type { ConsoleEnv } from "./console-env.ts";
