import { createHash } from "node:crypto";
import type { Deps } from "../../deps.ts";
import { hashSecret } from "../../secrets.ts";
import type { App } from "../../store/directory/apps.ts";
import { auditEntry } from "../audit.ts";

/**
 * The portal is an app of the flow like any other. Its credential follows from `LATCHKEY_SECRET`, so that every server
 * knows it and none has to be told.
 */
export interface PortalCredential {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
}

export function portalCredential(deps: Pick<Deps, "config" | "keys">): PortalCredential {
  return {
    clientId: createHash("sha256").update(deps.keys.hmac("portal", "client id")).digest("hex").slice(0, 40),
    clientSecret: `lks_${deps.keys.hmac("portal", "client secret")}`,
    redirectUri: `${deps.config.url}/portal/callback`,
  };
}

/** Registers the portal, or brings its registration up to date. Does nothing where all is as it should be. */
export async function ensurePortalApp(deps: Deps): Promise<void> {
  const { clientId, clientSecret, redirectUri } = portalCredential(deps);
  const found = deps.apps.find(clientId);
  if (found?.redirectUris.length === 1 && found.redirectUris[0] === redirectUri) return;
  const now = deps.now();
  const secret = {
    secretId: hashSecret(clientId).slice(0, 32),
    name: "",
    secretHash: hashSecret(clientSecret),
    hint: clientSecret.slice(-4),
    createdAt: now,
    expiresAt: null,
    lastUsedAt: null,
  };
  const app: App = {
    clientId,
    name: "Developer Portal",
    kind: "confidential",
    status: "live",
    redirectUris: [redirectUri],
    allowedOrigins: [],
    scopes: [],
    testInstallations: [],
    tokens: "permanent",
    codeLifetimeSeconds: 60,
    trusted: true,
    pkceCompat: false,
    idTokenSignedResponseAlg: "RS256",
    icon: "",
    url: "",
    description: "",
    createdAt: now,
    updatedAt: now,
    version: 1,
    secrets: [secret],
  };
  const entry = auditEntry("portal", found ? "app.change" : "app.register", clientId, now);
  // Two servers that start at once both try; whichever comes second changes nothing.
  if (found) await deps.directory.apps.change({ ...found, redirectUris: [redirectUri], updatedAt: now }, entry);
  else await deps.directory.apps.register(app, entry);
  await deps.apps.showOwnWrite();
}
