import type { ConsoleApp } from "./console-app.ts";
import { budgetsPage } from "./pages/budgets.tsx";
import { homePage } from "./pages/home.tsx";
import { keyPage } from "./pages/key.tsx";
import { keysPage } from "./pages/keys.tsx";
import { limitsPage } from "./pages/limits.tsx";
import { playgroundPage } from "./pages/playground.tsx";

/** Every page behind the sign-in, one line each. */
export const PAGES: readonly ((app: ConsoleApp) => void)[] = [
  homePage,
  playgroundPage,
  keysPage,
  keyPage,
  budgetsPage,
  limitsPage,
];
