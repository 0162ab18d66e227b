import type { App } from "../../domain/apps/registry.ts";
import type { ConsentPreview } from "../../pages/portal/consent-preview.ts";
import { appCard } from "../login/show-step.ts";
import { appHref } from "./app-scene.ts";
import type { AppScene } from "./page-route.ts";

/** The page that asks for consent, for an app with this brand and somebody who does not exist. */
export function previewOf(scene: AppScene, brand: Pick<App, "name" | "icon" | "url" | "description">): ConsentPreview {
  const { deps, app, team, hidden } = scene;
  const { profile } = team;
  const form = { action: appHref(scene, "/branding"), hidden };
  const card = appCard(deps, { ...app, ...brand }, app.redirectUris[0] ?? "https://your-app.example/");
  return {
    app: { ...card, publisher: profile?.publisherName || undefined },
    form,
    switchForm: form,
    email: "ada@example.com",
    installation: { name: "Example Inc", host: "example.com", region: team.region },
    scopes: app.scopes.map((name) => ({ name, description: deps.apps.scopes().get(name) ?? "" })),
    openid: { profile: false, email: false },
    appDescription: brand.description,
    appUrl: brand.url,
    publisherUrls: profile && { site: profile.publisherUrl, privacy: profile.privacyUrl, terms: profile.termsUrl },
  };
}
