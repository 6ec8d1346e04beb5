export { consoleApp } from "./console-app.tsx";
export type { ConsoleEnv } from "./console-env.ts";
