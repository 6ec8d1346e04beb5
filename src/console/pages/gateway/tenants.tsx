import { tenantPath } from "../../navigation.ts";
import { SpendChart } from "../../view/spend-chart.tsx";
import type { GatewayOverview } from "../overview/overview-shape.ts";

/** Which tenants the gateway lives of: what each spent by day, and what that earned. */
export const Tenants = ({ of: { by_tenant: found, days } }: { of: GatewayOverview }) => (
  <article id="tenants" data-live="30">
    <h2>Spend and margin by tenant</h2>
    {found === null ? (
      <p class="muted">
        There are more tenants, keys and models than one page reads. <a href="/console/tenants">The list of tenants</a>{" "}
        shows what each has spent this month.
      </p>
    ) : (
      <>
        <SpendChart
          title="Captured by day and tenant"
          of="Tenant"
          days={found.days}
          series={found.data.map(({ tenant, name, ...sums }) => ({
            ...sums,
            label: name ?? "Others",
            href: tenant === null ? undefined : tenantPath(tenant, "overview"),
          }))}
        />
        {found.days.length < days.length && (
          <p class="muted">Since {found.days[0]}: more days than these are more than one page reads.</p>
        )}
      </>
    )}
  </article>
);
