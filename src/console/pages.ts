import type { ConsoleApp } from "./console-app.ts";
import { billingPage } from "./pages/billing.tsx";
import { homePage } from "./pages/home.tsx";
import { keyPage } from "./pages/key.tsx";
import { keysPage } from "./pages/keys.tsx";
import { playgroundPage } from "./pages/playground.tsx";
import { statementPage } from "./pages/statement.tsx";

/** Every page behind the sign-in, one line each. */
export const PAGES: readonly ((app: ConsoleApp) => void)[] = [
  homePage,
  playgroundPage,
  keysPage,
  keyPage,
  billingPage,
  statementPage,
];
