import { chartsPage } from "../../src/pages/portal/charts.ts";
import { loginTimelinePage, logListPage } from "../../src/pages/portal/logs.ts";
import type { Say } from "./page-samples.ts";

/** The portal's pages about what became of an app's logins, in their states, by name. */
export const timelineSamples = (say: Say): Record<string, string> => ({ ...logPages(say), ...chartPages(say) });

const AT = 1_775_986_267;

function about(say: Say) {
  const names = ["Overview", "Credentials", "Branding", "Scopes", "Logs", "Charts", "Danger"];
  return (tab: string) => ({
    visitor: { email: say("dana@acme.example.com"), name: say("Dana Lee") },
    tabs: names.map((label) => ({
      label,
      href: `/portal/apps/714e6facf1/${label.toLowerCase()}`,
      current: label === tab,
    })),
    app: {
      name: say("Acme Planner"),
      icon: "",
      clientId: "714e6facf1",
      status: "live",
      teamId: "5f1c",
      teamName: say("Makers"),
    },
    unavailableRegions: [] as string[],
  });
}

function logPages(say: Say): Record<string, string> {
  const frame = about(say)("Logs");
  const event = (index: number, step: string, outcome = "ok", detail = "") => ({
    at: AT + index,
    step,
    outcome,
    region: say("EU"),
    installationId: index === 0 ? null : 12,
    requestId: say("01JD3V6M9X2K"),
    detail: detail && say(detail),
    href: index % 4 === 3 ? undefined : "/portal/apps/714e6facf1/logs/5f1c",
  });
  const events = [
    event(0, "start"),
    event(1, "page"),
    event(4, "sign_in", "wrong_credentials"),
    event(9, "sign_in", "ok", "password"),
    event(10, "choose"),
    event(13, "consent"),
    event(13, "code"),
    event(14, "exchange", "invalid_grant", "The code was already used."),
  ];
  const error = {
    count: 12,
    firstAt: AT - 86_400,
    lastAt: AT,
    step: "start",
    outcome: say("redirect_uri_not_registered"),
    detail: say("https://planner.example.com/callback/"),
    cause: say("This redirect URI is not registered"),
    fix: say("Redirect URIs are compared byte for byte."),
    mend: { href: "/portal/apps/714e6facf1/credentials", label: say("Look at the redirect URIs") },
  };
  const filter = {
    action: "/portal/apps/714e6facf1/logs",
    result: "errors",
    region: "",
    installation: say("12"),
    range: "day",
    results: [say("invalid_grant"), say("redirect_uri_not_registered")],
    regions: [say("US"), say("EU")],
    ranges: [{ value: "day", label: say("Last 24 hours") }],
  };
  const list = { ...frame, filter, errors: [error, { ...error, mend: undefined, detail: "" }], events, more: true };
  return {
    logs: logListPage(list),
    "logs-none": logListPage({ ...list, errors: [], events: [], more: false, filter: { ...filter, installation: "" } }),
    "logs-region-down": logListPage({ ...list, errors: [], unavailableRegions: [say("US"), say("AP")] }),
    "login-timeline": loginTimelinePage({ ...frame, logsHref: "/portal/apps/714e6facf1/logs", events }),
  };
}

function chartPages(say: Say): Record<string, string> {
  const frame = about(say)("Charts");
  const labels = Array.from({ length: 24 }, (_, hour) => say(`${String(hour).padStart(2, "0")}:00`));
  const values = (height: number) => labels.map((_, hour) => Math.round(height * (1 + Math.sin(hour / 3))));
  const chart = (title: string, first: number, second: number) => ({
    title: say(title),
    labels,
    series: [
      { tone: "second" as const, label: say("started"), values: values(first) },
      { tone: "first" as const, label: say("finished"), values: values(second) },
    ],
  });
  const charts = {
    ...frame,
    ranges: ["Last 24 hours", "Last 7 days"].map((label, index) => ({
      label: say(label),
      href: "/portal/apps/714e6facf1/charts?range=day",
      current: index === 0,
    })),
    charts: [chart("Logins started and finished", 120, 90), chart("Exchanges", 90, 4)],
    tables: [
      {
        title: "Exchanges by result",
        columns: ["Result", "Exchanges"] as const,
        rows: [
          { label: "ok", value: 1_204 },
          { label: say("invalid_grant"), value: 96, tone: "second" as const },
          { label: say("invalid_client"), value: 3, tone: "second" as const },
        ],
      },
      {
        title: "How fast exchanges are answered",
        columns: ["Region", "95 of 100 within"] as const,
        rows: [
          { label: say("US"), value: 25, text: say("25 ms") },
          { label: say("EU"), value: 0, text: "–" },
        ],
      },
      {
        title: "Active grants",
        words: say("Tokens that are valid now."),
        columns: ["Region", "Tokens"] as const,
        rows: [
          { label: say("US"), value: 5_120 },
          { label: say("EU"), value: 12 },
        ],
      },
    ],
  };
  return {
    charts: chartsPage(charts),
    "charts-none": chartsPage({
      ...charts,
      charts: [chart("Logins started and finished", 0, 0), chart("Exchanges", 0, 0)],
      tables: [],
      unavailableRegions: [say("EU")],
    }),
  };
}
