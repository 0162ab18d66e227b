/** What the load needs to know. */
export interface World {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  emails: string[];
  password: string;
  credential: { id: string; secret: string };
}

const USERS = 32;

/** Fills an empty server through the operator's API: an app, an installation with users, an API credential. */
export async function makeWorld(port: number, adminToken: string): Promise<World> {
  const post = async (path: string, body: unknown): Promise<Record<string, unknown>> => {
    const response = await fetch(`http://127.0.0.1:${port}/admin/v1${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (response.status !== 201) throw new Error(`POST ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };

  const redirectUri = "https://app.example.com/callback";
  const password = "seven wet otters";
  const app = await post("/apps", { name: "Bench", redirectUris: [redirectUri], scopes: ["projects", "desk"] });
  const url = "https://acme.example.com/";
  const company = { name: "Acme Inc" };
  const installation = await post("/regions/US/installations", { name: "Acme", url, company });
  const emails = Array.from({ length: USERS }, (_, index) => `dana.${index}@acme.example.com`);
  for (const email of emails) {
    const person = { email, password, firstName: "Dana", lastName: "Lee", company };
    await post(`/regions/US/installations/${installation.id}/users`, person);
  }
  const credential = await post("/api-credentials", { name: "bench" });
  return {
    clientId: String(app.clientId),
    clientSecret: String(app.clientSecret),
    redirectUri,
    emails,
    password,
    credential: { id: String(credential.id), secret: String(credential.secret) },
  };
}
