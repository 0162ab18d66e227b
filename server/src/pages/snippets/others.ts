import { type AppValues, isSecure, portOf, SECRET, type Snippet } from "./app-values.ts";
import { go, php, python } from "./quote.ts";

// Languages that have no SDK: the wire itself, with what comes along with the language.

const secretWords = ({ confidential }: AppValues) => (confidential ? `, the secret in ${SECRET}` : "");

export function pythonSnippet(app: AppValues): Snippet {
  const { url, clientId, redirectUri, confidential, origin } = app;
  const text = `import base64, hashlib, hmac, json, os, secrets
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request, urlopen

LOGIN_SERVER = ${python(url)}
CLIENT_ID = ${python(clientId)}
REDIRECT_URI = ${python(redirectUri)}


def exchange(code, verifier):
    form = {
        "client_id": CLIENT_ID,
${confidential ? `        "client_secret": os.environ["${SECRET}"],\n` : ""}        "redirect_uri": REDIRECT_URI,
        "code": code,
        "code_verifier": verifier,
    }
    request = Request(LOGIN_SERVER + "/launchpad/v1/token.json", urlencode(form).encode())
${origin === undefined ? "" : `    request.add_header("Origin", ${python(origin)})\n`}    with urlopen(request, timeout=10) as answer:  # raises HTTPError when it is refused
        return json.load(answer)


class App(BaseHTTPRequestHandler):
    def do_GET(self):
        path = urlsplit(self.path).path
        if path == "/login":
            self.start()
        elif path == urlsplit(REDIRECT_URI).path:
            self.finish({name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()})
        else:
            self.send_error(404)

    def start(self):
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        query = {"client_id": CLIENT_ID, "redirect_uri": REDIRECT_URI, "state": state}
        query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        self.send_response(303)
        self.send_header("Location", LOGIN_SERVER + "/launchpad/login?" + urlencode(query))
        self.send_header("Set-Cookie", f"login={state}.{verifier}; Max-Age=900; Path=/; HttpOnly; SameSite=Lax${isSecure(app) ? "; Secure" : ""}")
        self.end_headers()

    def finish(self, query):
        cookie = SimpleCookie(self.headers["Cookie"]).get("login")
        state, _, verifier = (cookie.value if cookie else "").partition(".")
        if not state or not hmac.compare_digest(query.get("state", "").encode(), state.encode()):
            return self.send_error(400, "This browser started no such login.")
        if query.get("iss") != LOGIN_SERVER or "code" not in query:
            return self.send_error(400, "The login was refused.")
        grant = exchange(query["code"], verifier)
        # Keep grant["access_token"]. It opens the API at grant["installation"]["apiEndPoint"].
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Set-Cookie", "login=; Max-Age=0; Path=/")
        self.end_headers()
        self.wfile.write(f"Hello {grant['user']['firstName']} of {grant['installation']['name']}".encode())


HTTPServer(("localhost", ${portOf(redirectUri)}), App).serve_forever()
`;
  return { id: "python", title: "Python", words: `Python 3.9 or later${secretWords(app)}. Then open /login.`, text };
}

export function phpSnippet(app: AppValues): Snippet {
  const { url, clientId, redirectUri, confidential, origin } = app;
  const text = `<?php
const LOGIN_SERVER = ${php(url)};
const CLIENT_ID = ${php(clientId)};
const REDIRECT_URI = ${php(redirectUri)};

session_start(['cookie_httponly' => true, 'cookie_samesite' => 'Lax', 'cookie_secure' => ${isSecure(app)}]);

if (!isset($_GET['state'])) {
    $state = bin2hex(random_bytes(32));
    $verifier = bin2hex(random_bytes(32));
    $_SESSION['login'] = ['state' => $state, 'verifier' => $verifier];
    $challenge = rtrim(strtr(base64_encode(hash('sha256', $verifier, true)), '+/', '-_'), '=');
    header('Location: ' . LOGIN_SERVER . '/launchpad/login?' . http_build_query([
        'client_id' => CLIENT_ID,
        'redirect_uri' => REDIRECT_URI,
        'state' => $state,
        'code_challenge' => $challenge,
        'code_challenge_method' => 'S256',
    ]), true, 303);
    exit;
}

$login = $_SESSION['login'] ?? null;
unset($_SESSION['login']); // a login is finished once
if ($login === null || !is_string($_GET['state']) || !hash_equals($login['state'], $_GET['state'])) {
    http_response_code(400);
    exit('This browser started no such login.');
}
if (($_GET['iss'] ?? '') !== LOGIN_SERVER || !is_string($_GET['code'] ?? null)) {
    http_response_code(400);
    exit('The login was refused.');
}

$curl = curl_init(LOGIN_SERVER . '/launchpad/v1/token.json');
curl_setopt_array($curl, [
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_TIMEOUT => 10,
${origin === undefined ? "" : `    CURLOPT_HTTPHEADER => [${php(`Origin: ${origin}`)}],\n`}    CURLOPT_POSTFIELDS => http_build_query([
        'client_id' => CLIENT_ID,
${confidential ? `        'client_secret' => getenv('${SECRET}'),\n` : ""}        'redirect_uri' => REDIRECT_URI,
        'code' => $_GET['code'],
        'code_verifier' => $login['verifier'],
    ]),
]);
$answer = curl_exec($curl);
if ($answer === false || curl_getinfo($curl, CURLINFO_RESPONSE_CODE) !== 200) {
    http_response_code(502);
    exit('The login did not work. Please try again.');
}
$grant = json_decode($answer, true);

// Keep $grant['access_token']. It opens the API at $grant['installation']['apiEndPoint'].
header('Content-Type: text/plain; charset=utf-8');
echo "Hello {$grant['user']['firstName']} of {$grant['installation']['name']}";
`;
  return {
    id: "php",
    title: "PHP",
    words: `PHP 8 with curl${secretWords(app)}. Save it as what the redirect URI leads to, and open that.`,
    text,
  };
}

export function goSnippet(app: AppValues): Snippet {
  const { url, clientId, redirectUri, confidential, origin } = app;
  const text = `package main

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/url"
${confidential ? '\t"os"\n' : ""}	"strings"
	"time"
)

const (
	loginServer = ${go(url)}
	clientID    = ${go(clientId)}
	redirectURI = ${go(redirectUri)}
)

type grant struct {
	AccessToken  string \`json:"access_token"\`
	Installation struct {
		ID                        int
		Name, Region, APIEndPoint string
	}
	User struct {
		ID                         int
		FirstName, LastName, Email string
	}
}

func main() {
	callback, err := url.Parse(redirectURI)
	if err != nil {
		log.Fatal(err)
	}
	app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/login":
			start(w, r)
		case callback.Path:
			finish(w, r)
		default:
			http.NotFound(w, r)
		}
	})
	log.Fatal(http.ListenAndServe("localhost:${portOf(redirectUri)}", app))
}

func random() string {
	bytes := make([]byte, 32)
	if _, err := rand.Read(bytes); err != nil {
		log.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(bytes)
}

func start(w http.ResponseWriter, r *http.Request) {
	state, verifier := random(), random()
	challenge := sha256.Sum256([]byte(verifier))
	query := url.Values{
		"client_id":             {clientID},
		"redirect_uri":          {redirectURI},
		"state":                 {state},
		"code_challenge":        {base64.RawURLEncoding.EncodeToString(challenge[:])},
		"code_challenge_method": {"S256"},
	}
	http.SetCookie(w, &http.Cookie{Name: "login", Value: state + "." + verifier, Path: "/", MaxAge: 900,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: ${isSecure(app)}})
	http.Redirect(w, r, loginServer+"/launchpad/login?"+query.Encode(), http.StatusSeeOther)
}

func finish(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	cookie, err := r.Cookie("login")
	if err != nil {
		http.Error(w, "This browser started no login.", http.StatusBadRequest)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "login", Path: "/", MaxAge: -1}) // a login is finished once
	state, verifier, _ := strings.Cut(cookie.Value, ".")
	if state == "" || subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(state)) != 1 {
		http.Error(w, "This browser started no such login.", http.StatusBadRequest)
		return
	}
	if query.Get("iss") != loginServer || query.Get("code") == "" {
		http.Error(w, "The login was refused.", http.StatusBadRequest)
		return
	}
	got, err := exchange(query.Get("code"), verifier)
	if err != nil {
		log.Print(err)
		http.Error(w, "The login did not work. Please try again.", http.StatusBadGateway)
		return
	}
	// Keep got.AccessToken. It opens the API at got.Installation.APIEndPoint.
	fmt.Fprintf(w, "Hello %s of %s", got.User.FirstName, got.Installation.Name)
}

func exchange(code, verifier string) (*grant, error) {
	form := url.Values{
		"client_id":     {clientID},
${confidential ? `		"client_secret": {os.Getenv("${SECRET}")},\n` : ""}		"redirect_uri":  {redirectURI},
		"code":          {code},
		"code_verifier": {verifier},
	}
	request, err := http.NewRequest("POST", loginServer+"/launchpad/v1/token.json", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
${origin === undefined ? "" : `	request.Header.Set("Origin", ${go(origin)})\n`}	client := http.Client{Timeout: 10 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the exchange was refused: %s", response.Status)
	}
	var got grant
	return &got, json.NewDecoder(response.Body).Decode(&got)
}
`;
  return { id: "go", title: "Go", words: `Go 1.18 or later${secretWords(app)}. Then open /login.`, text };
}
