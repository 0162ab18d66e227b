import { type AppValues, SECRET, type Snippet } from "./app-values.ts";
import { shell } from "./quote.ts";

/** The five steps in a terminal: the browser's part is done by hand. */
export function curlSnippet({ url, clientId, redirectUri, confidential, origin }: AppValues): Snippet {
  const login = `${url}/launchpad/login?${new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri })}`;
  const text = `set -eu
login=${shell(login)}
client_id=${shell(clientId)}
redirect_uri=${shell(redirectUri)}
state=$(openssl rand -hex 16)
verifier=$(openssl rand -hex 32)
challenge=$(printf %s "$verifier" | openssl dgst -sha256 -binary | openssl base64 | tr '+/' '-_' | tr -d '=')

echo 'Open this address in a browser and log in:'
echo "$login&state=$state&code_challenge=$challenge&code_challenge_method=S256"
echo 'The browser comes back to the redirect URI. Nothing need answer there. Paste its address:'
read -r callback
case "$callback" in
  *"state=$state"*) ;;
  *) echo 'That is not the answer to this login.' >&2; exit 1 ;;
esac
code=$(printf %s "$callback" | sed -n 's/.*[?&]code=\\([^&#]*\\).*/\\1/p')

answer=$(curl -sS ${shell(`${url}/launchpad/v1/token.json`)} \\
${origin === undefined ? "" : `  -H ${shell(`Origin: ${origin}`)} \\\n`}  --data-urlencode "client_id=$client_id" \\
${confidential ? `  --data-urlencode "client_secret=$${SECRET}" \\\n` : ""}  --data-urlencode "redirect_uri=$redirect_uri" \\
  --data-urlencode "code=$code" \\
  --data-urlencode "code_verifier=$verifier")
echo "$answer"

token=$(printf %s "$answer" | sed -n 's/.*"access_token":"\\([^"]*\\)".*/\\1/p')
curl -sS ${shell(`${url}/launchpad/v1/userinfo.json`)} -H "Authorization: Bearer $token"
`;
  return {
    id: "curl",
    title: "curl",
    words: `Save it as try.sh and run it with bash${confidential ? `, with the secret in ${SECRET}` : ""}. Needs curl and openssl.`,
    text,
  };
}
