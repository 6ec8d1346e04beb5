import { buildConsole } from "./console/build.ts";

/** `npm run build:console`, which `npm ci` runs too. */
await buildConsole();
