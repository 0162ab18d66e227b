#!/bin/sh
# The App Login Flow in five steps, from the terminal, as a user of the demo: ends with a token and an answer of the API.
#
#   sh docs/five-steps.sh [demo.json] [e-mail] [REGION-ID]
#
# Needs curl and sed. Log in with a browser instead, and steps 1 to 3 are what the browser does.
set -eu

demo=${1:-data/demo.json}
[ -r "$demo" ] || { echo "There is no $demo: is the server running, with the demo on?" >&2; exit 1; }

# demo.json has one member a line.
member() { sed -n "s/^ *\"$1\": \"\(.*\)\".*/\1/p" "$demo" | head -n 1; }
url=$(member url)
client_id=$(member clientId)
client_secret=$(member clientSecret)
password=$(member password)
email=${2:-$(member email)}
installation=${3:-}
redirect_uri=http://localhost:3000/callback

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
browser() { curl -sS -b "$work/cookies" -c "$work/cookies" -o "$work/page" -w '%{redirect_url}' "$@"; }
# Where a form's page carries the login under way, and what a JSON answer or an address says.
carried() { sed -n 's/.*name="request" value="\([^"]*\)".*/\1/p' "$work/page" | head -n 1; }
answered() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$work/answer"; }
parameter() { printf '%s' "$returned" | sed -n "s/.*[?&]$1=\([^&]*\).*/\1/p"; }
fail() { echo "$1" >&2; exit 1; }

echo "1. The app sends its user to the login page"
state=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
browser -G "$url/launchpad/login" --data-urlencode "client_id=$client_id" \
  --data-urlencode "redirect_uri=$redirect_uri" --data-urlencode "state=$state" \
  --data-urlencode "installation=$installation" >/dev/null

echo "2. The user logs in, as $email"
next=$(browser "$url/login/sign-in" --data-urlencode "request=$(carried)" \
  --data-urlencode "email=$email" --data-urlencode "password=$password")
[ -n "$next" ] || fail "The login was refused."
while [ "${next#"$redirect_uri"}" = "$next" ]; do
  browser "$next" >/dev/null
  if grep -q 'name="decision"' "$work/page" && grep -q 'value="allow"' "$work/page"; then
    next=$(browser "$url/login/consent" --data-urlencode "request=$(carried)" -d decision=allow)
  else
    choice=$(sed -n 's/.*name="installation" value="\([^"]*\)".*/\1/p' "$work/page" | head -n 1)
    [ -n "$choice" ] || fail "The login stopped at a page this script does not know."
    next=$(browser "$url/login/continue" --data-urlencode "request=$(carried)" -d "installation=$choice")
  fi
  [ -n "$next" ] || fail "The login stopped."
done

echo "3. The user comes back to the app with a code"
returned=$next
echo "   $returned"
[ "$(parameter state)" = "$state" ] || fail "This is not the state that was sent."
code=$(parameter code)
[ -n "$code" ] || fail "There is no code."

echo "4. The app exchanges the code for a token"
curl -sS -o "$work/answer" "$url/launchpad/v1/token.json" \
  --data-urlencode "code=$code" --data-urlencode "redirect_uri=$redirect_uri" \
  --data-urlencode "client_id=$client_id" --data-urlencode "client_secret=$client_secret"
token=$(answered access_token)
[ -n "$token" ] || fail "$(cat "$work/answer")"
api=$(answered apiEndPoint)
echo "   access_token $token"
echo "   apiEndPoint  $api"

echo "5. The app calls the API of the user's installation"
printf '   '
curl -sS "${api}me.json" -H "Authorization: Bearer $token"
echo
