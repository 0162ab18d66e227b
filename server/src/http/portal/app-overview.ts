import { firstLoginOf } from "../../domain/teams/first-login.ts";
import { currentReview, reviewHistoryOf } from "../../domain/teams/review.ts";
import { overviewPage } from "../../pages/portal/app-overview.ts";
import { appHref, frameOf } from "./app-scene.ts";
import type { AppScene, PageRoute } from "./page-route.ts";

const YEAR_SECONDS = 365 * 24 * 3_600;
const WEEK_SECONDS = 7 * 24 * 3_600;

export const overviewPages: readonly PageRoute[] = [
  {
    method: "GET",
    path: "/portal/apps/:client",
    who: "app",
    action: "app.read",
    async handle(c, scene) {
      const { deps, app, team } = scene;
      const live = app.status === "live";
      const [reached, history] = await Promise.all([
        firstLoginOf(deps, app),
        live ? undefined : reviewHistoryOf(deps, team, app),
      ]);
      const comment = currentReview(app, history?.reviews ?? [])?.comment ?? "";
      const [credentials, logs] = [appHref(scene, "/credentials"), appHref(scene, "/logs")];
      return c.html(
        overviewPage({
          ...frameOf(c, scene, ""),
          lastLoginAt: reached.lastLoginAt,
          warnings: warningsOf(scene),
          whoCanLogIn: whoCanLogIn(scene),
          review: live ? undefined : { href: appHref(scene, "/review"), comment },
          checklist: [
            {
              label: "Register a redirect URI",
              hint: "Where people come back to after they logged in.",
              done: reached.hasRedirectUri,
              href: credentials,
            },
            {
              label: "Send somebody to the login",
              hint: `${deps.config.url}/launchpad/login with your client id and redirect URI.`,
              done: reached.loginStarted,
              href: logs,
            },
            {
              label: "Exchange the code",
              hint: "Your server trades it for a token and the user’s installation.",
              done: reached.exchanged,
              href: credentials,
            },
            {
              label: "Call the API",
              hint: "With the token as Bearer, at the installation’s apiEndPoint.",
              done: reached.called,
              href: logs,
            },
          ],
        }),
      );
    },
  },
];

function whoCanLogIn({ app, team }: AppScene): string {
  if (app.status === "suspended") return "Nobody, while it is suspended";
  const others = app.testInstallations.filter((id) => id !== team.sandboxInstallationId);
  const groups = [
    ...(others.length < app.testInstallations.length ? ["your team’s sandbox"] : []),
    ...(others.length > 0 ? [`the test installations ${others.join(", ")}`] : []),
  ];
  return groups.length === 0
    ? "Nobody yet: it is not live and has no test installation"
    : `Users of ${groups.join(" and of ")}, until it is live`;
}

function warningsOf(scene: AppScene): { text: string; href: string }[] {
  const { deps, app } = scene;
  const [now, credentials] = [deps.now(), appHref(scene, "/credentials")];
  const live = app.secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
  const soon = live.some(({ expiresAt }) => expiresAt !== null && expiresAt < now + WEEK_SECONDS);
  const found = [
    app.kind === "confidential" && live.length === 0 && "No secret works: nothing can be exchanged.",
    soon && "A secret ends within a week.",
    live.some(({ createdAt }) => createdAt < now - YEAR_SECONDS) && "A secret is more than a year old.",
  ];
  return found.flatMap((text) => (text === false ? [] : [{ text, href: credentials }]));
}
