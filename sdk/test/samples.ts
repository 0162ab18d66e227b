import type { TokenResponse, UserInfo } from "../src/wire.ts";

/** What the wire contract shows: a code, a token, an app, and the answers about them. */
export const CODE = "7cc8debd-a469-4b8b-9eef-f825d4480274-US";
export const TOKEN = "tkn.v1_Yjc3MDNkYjItNWM3Ny00YTkxLWE4MjctMDVjZWY4ZjBmYmVhLTEuMS5VUw==";

export const APP = {
  clientId: "714e6facf170413489dfab7a07c943f8ecf4622a",
  clientSecret: "a secret of the app, & a long one",
  redirectUri: "https://app.example.com/callback?from=login",
};

export const GRANT: TokenResponse = {
  access_token: TOKEN,
  token_type: "Bearer",
  status: "ok",
  scope: "projects desk",
  installation: {
    id: 1,
    name: "Acme",
    region: "US",
    url: "https://acme.example.com/",
    apiEndPoint: "https://acme.example.com/",
    logo: "",
    loginStartText: "",
    projectsEnabled: true,
    deskEnabled: false,
    chatEnabled: false,
    company: { id: 1, name: "Acme Inc", logo: "" },
  },
  user: {
    id: 1,
    firstName: "Dana",
    lastName: "Lee",
    email: "dana@acme.example.com",
    avatar: "",
    company: { id: 1, name: "Acme Inc", logo: "" },
  },
};

export const USER_INFO: UserInfo = {
  sub: "4711",
  user_id: 4711,
  id: 4711,
  installation_id: 12,
  region: "EU",
  awsRegion: "EU",
  url: "https://acme.example.com",
  apiEndPoint: "https://acme.example.com/",
  client_id: APP.clientId,
  email: "dana@acme.example.com",
  firstName: "Dana",
  lastName: "Lee",
  meta: { scopes: ["projects", "desk"] },
};
