import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { Child } from "hono/jsx";
import { callApi } from "../api.ts";
import { tenantApi } from "../api-path.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { navigationOf, tenantPath, type Link } from "../navigation.ts";
import { Document, Logo, type Theme } from "./document.tsx";

interface PageProps {
  c: Context<ConsoleEnv>;
  title: string;
  /** Under the title: one sentence of what is here. */
  lead?: string;
  /** Buttons and links beside the title. */
  actions?: Child;
  /** Files of `client/` that this page needs. */
  scripts?: readonly string[];
  children?: Child;
}

/** A page in its frame: the bar of navigation, the title, what it can do. */
export const Page = ({ c, title, lead, actions, scripts, children }: PageProps) => (
  <Document title={title} theme={themeOf(c)} {...(scripts && { scripts })}>
    <a class="skip" href="#content">
      Skip to content
    </a>
    <div class="frame">
      <Side c={c} />
      <main class="page" id="content" tabindex={-1}>
        <div class="head">
          <div>
            <h1>{title}</h1>
            {lead && <p>{lead}</p>}
          </div>
          {actions && <div class="actions">{actions}</div>}
        </div>
        {children}
      </main>
    </div>
  </Document>
);

/** The address's tenant; null: a page of no tenant. */
export const tenantOf = (c: Context<ConsoleEnv>): string | null => c.req.param("tenant") ?? null;

export function themeOf(c: Context): Theme {
  const theme = getCookie(c, "wavegate_theme");
  return theme === "light" || theme === "dark" ? theme : null;
}

const Side = ({ c }: { c: Context<ConsoleEnv> }) => {
  const session = c.get("session");
  const tenant = tenantOf(c);
  const links = navigationOf(session, tenant);
  return (
    <aside class="side">
      <div class="inside">
        <a class="brand" href="/console">
          <Logo />
          wavegate
        </a>
        <nav aria-label="Pages">
          {tenant === null ? (
            <Places c={c} />
          ) : (
            <Group heading={<TenantName c={c} tenant={tenant} />} links={links.tenant} here={c.req.path} />
          )}
          <Group heading="Gateway" links={links.operators} here={c.req.path} />
        </nav>
        <div class="who">
          <a href="/console/me">{session.person.name}</a>
          <form method="post" action="/console/sign-out">
            <input type="hidden" name="csrf" value={session.csrf} />
            <div class="row">
              <button class="quiet small" formaction="/console/theme" title="Light, dark, or as the system has it">
                Theme
              </button>
              <button class="quiet small">Sign out</button>
            </div>
          </form>
        </div>
      </div>
    </aside>
  );
};

/** Whose pages these are: the name that people know it by. */
const TenantName = async ({ c, tenant }: { c: Context<ConsoleEnv>; tenant: string }) => {
  const found = await callApi<{ name: string }>(c, "GET", tenantApi(tenant));
  return <>{found.ok ? found.value.name : "Tenant"}</>;
};

/** The reader's tenants, where the page is of none. */
const Places = async ({ c }: { c: Context<ConsoleEnv> }) => {
  if (c.get("session").memberships.length === 0) return <></>;
  const found = await callApi<{ memberships: { tenant: string; tenant_name: string }[] }>(c, "GET", "/v1/session");
  const links = found.ok ? placesOf(found.value.memberships) : [];
  return <Group heading="Your tenants" links={links} here={c.req.path} />;
};

const placesOf = (places: readonly { tenant: string; tenant_name: string }[]): Link[] =>
  places.map(({ tenant, tenant_name }) => ({ label: tenant_name, path: tenantPath(tenant, "overview") }));

const Group = ({ heading, links, here }: { heading: Child; links: readonly Link[]; here: string }) =>
  links.length === 0 ? null : (
    <>
      <h2>{heading}</h2>
      <ul>
        {links.map(({ label, path }) => (
          <li>
            <a href={path} {...(isHere(path, here) && { "aria-current": "page" as const })}>
              {label}
            </a>
          </li>
        ))}
      </ul>
    </>
  );

const isHere = (path: string, here: string): boolean => here === path || here.startsWith(`${path}/`);
